/** The markdown of each stored post of the test site, rendered again. */
import { readFileSync } from 'node:fs'
import path from 'node:path'
import { expect, test } from '@playwright/test'
import type { Element, Root } from 'hast'
import { fromHtml } from 'hast-util-from-html'
import { toString as textOf } from 'hast-util-to-string'
import { htmlToMarkdown } from '../lib/formats/html-to-markdown'
import { render } from '../lib/markdown/render'
import { classes, elements } from '../lib/markdown/tree'
import { withLinks } from '../lib/posts/set-links'
import type { Manifest } from '../lib/store/manifest'

const page = 'https://press.example/blog/a'

/** Whether lines of a block of code were added or removed. */
function isChanged(block: Element): boolean {
  let is = false
  elements(block, (part) => {
    is ||= classes(part).some((name) => name === 'added' || name === 'removed')
  })
  return is
}

/** What a reader is told: the words of each block of a text, without what is for the screen only. */
function told(html: string): string[] {
  const tree = fromHtml(html, { fragment: true })
  const isForScreen = (node: Element) =>
    ['nav', 'svg', 'table', 'video', 'summary'].includes(node.tagName) ||
    /^(side-note|anchor|katex|formula|embed|chart|diagram)$/.test(classes(node)[0] ?? '') ||
    (node.tagName === 'figure' && isChanged(node)) ||
    node.properties.dataFootnotes !== undefined
  const keep = (child: Root['children'][number]) => child.type !== 'element' || !isForScreen(child)
  const prune = (node: Root | Element) => {
    node.children = (node.children as Element[]).filter(keep)
    for (const child of node.children) if (child.type === 'element') prune(child)
  }
  prune(tree)
  const blocks: string[] = []
  elements(tree, (node) => {
    if (/^(p|h[2-6]|li|dt|dd|pre)$/.test(node.tagName)) blocks.push(textOf(node).replace(/\s+/g, ' ').trim())
  })
  return blocks.filter(Boolean)
}

test('the markdown of every post of the test site says all that its page says, and is the same when it is made of itself', async () => {
  const read = (name: string) => JSON.parse(readFileSync(path.join('.contentlayer/e2e', name), 'utf8'))
  const manifest: Manifest = read('manifest.json')
  expect(manifest.posts.length).toBeGreaterThan(50)
  for (const { body, hrefs, slug } of manifest.posts) {
    const html = withLinks(read(`bodies/${body}.json`).html, hrefs)
    const markdown = htmlToMarkdown(html, page)
    const again = (await render('posts/a.md', markdown)).html
    const words = new Set(told(again))
    expect(
      told(html).filter((block) => !words.has(block) && !again.includes(block)),
      slug,
    ).toEqual([])
    expect(htmlToMarkdown(again, page), slug).toBe(markdown)
  }
})
