/** The first words of the newest post, as the front page has them. */
import { expect, test } from '@playwright/test'
import { openingOf } from '../lib/posts/opening'

const words = (count: number, end = '.') => `${Array.from({ length: count }, (_, at) => `w${at}`).join(' ')}${end}`
const lengthOf = (paragraphs: string[]) => paragraphs.join(' ').split(' ').length

test('whole paragraphs, until there are enough words', () => {
  expect(openingOf(`<p>${words(40)}</p><p>${words(30)}</p><p>More.</p>`)).toEqual([words(40), words(30)])
  expect(openingOf('<p>Short.</p>')).toEqual(['Short.'])
})

test('a long paragraph ends after a sentence, and one sentence that is too long with an ellipsis', () => {
  const [said = ''] = openingOf(`<p>${words(50)} ${words(30, '?')} ${words(50)}</p>`)
  expect([said.endsWith('w29?'), lengthOf([said])]).toEqual([true, 80])
  const [cut = ''] = openingOf(`<p>${words(200)}</p>`)
  expect(cut.endsWith('w89 …')).toBe(true)
})

test('a heading, a list or code ends it, and what stands before the first paragraph is left out', () => {
  expect(openingOf('<figure><p>Caption.</p></figure><p>One.</p><h2>Two</h2><p>Three.</p>')).toEqual(['One.'])
  expect(openingOf('<p> </p><p>One.</p><pre>code</pre><p>Two.</p>')).toEqual(['One.'])
  expect(openingOf('<ul><li>One</li></ul>')).toEqual([])
})

test('notes and their numbers, and the second form of a formula, are none of its words', () => {
  const note = '<sup><a href="#fn-a" data-footnote-ref="">1</a></sup><span class="side-note" role="note">Aside.</span>'
  expect(openingOf(`<p>One <em>two</em> &lt;b&gt;${note} three.</p>`)).toEqual(['One two <b> three.'])
  const formula =
    '<span class="katex"><math><mi>x</mi><annotation encoding="application/x-tex">x^2</annotation></math><span>x2</span></span>'
  expect(openingOf(`<p>If ${formula} is.</p>`)).toEqual(['If x^2 is.'])
})
