import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { expect, test } from '@playwright/test'
import { feedText } from '../lib/formats/feed-text'
import { atom, type Feed, jsonFeed, rss } from '../lib/formats/feeds'
import type { Manifest } from '../lib/store/manifest'
import { atomProblems, howToGetSchemas, jsonProblems, schemas, xmlProblems } from './feed-validators'
import { wordsMissing } from './feed-words'
import { elementsIn } from './pages'

/** The stored feeds of both builds, by the end of their name. */
const stored = (ending: string) =>
  ['.next-e2e', '.next'].flatMap((dist) => {
    const folder = path.join(dist, 'server/app')
    const files = existsSync(folder) ? readdirSync(folder, { recursive: true, encoding: 'utf8' }) : []
    return files.filter((file) => file.endsWith(`${ending}.body`)).map((file) => path.join(folder, file))
  })

const moment = new Date('2026-07-14T10:30:00Z')
const page = 'https://press.example/blog/a'
const anything: Feed = {
  title: 'Q & A <b> ]]> \u0000\u000b 😀',
  description: '',
  language: 'ja',
  address: 'https://press.example/atom.xml',
  page: 'https://press.example/',
  site: 'https://press.example',
  owner: 'A & B',
  hub: 'https://hub.example/?a=1&b=2',
  items: [
    {
      id: page,
      link: 'https://first.example/%E6%97%A5?a=1&b=2',
      title: '日本語 & <i>',
      summary: '',
      html: '<p>One ]]> two</p><math><mi>x</mi></math>',
      language: 'en',
      published: moment,
      updated: moment,
      authors: [{ name: 'René <r>', address: 'https://press.example/authors/ren%C3%A9' }],
      tags: ['c++', 'a & b'],
      cover: 'https://press.example/media/h/a.jpg',
      enclosures: [{ address: 'https://press.example/media/h/a.jpg', type: 'image/jpeg', length: 5 }],
    },
    {
      ...{ id: `${page}b`, link: `${page}b`, title: 'b', summary: '', published: moment, updated: moment },
      ...{ authors: [], tags: [], enclosures: [] },
    },
  ],
}

test('every Atom feed keeps the schema of RFC 4287, every JSON feed that of JSON Feed 1.1, every RSS feed is XML', () => {
  test.skip(!schemas, howToGetSchemas)
  const info = test.info()
  mkdirSync(info.outputDir, { recursive: true })
  const made = Object.entries({ atom, jsonFeed, rss }).flatMap(([name, write]) =>
    [anything, { ...anything, items: [] }].map((feed, index) => {
      const file = info.outputPath(`${name}-${index}`)
      writeFileSync(file, write(feed))
      return { name, file }
    }),
  )
  const of = (name: string) => made.filter((one) => one.name === name).map(({ file }) => file)
  expect(stored('/feed.xml').length + stored('feed.json').length).toBeGreaterThan(10)
  expect(atomProblems([...of('atom'), ...stored('atom.xml')])).toEqual([])
  expect(jsonProblems([...of('jsonFeed'), ...stored('feed.json')])).toEqual([])
  expect(xmlProblems([...of('rss'), ...stored('feed.xml')])).toEqual([])
  // The programs do find mistakes.
  const wrong = info.outputPath('wrong')
  writeFileSync(wrong, atom(anything).replaceAll('<updated>', '<changed>').replaceAll('</updated>', '</changed>'))
  expect(atomProblems([wrong]).length).toBeGreaterThan(0)
  writeFileSync(wrong, jsonFeed(anything).replace('"title"', '"name"'))
  expect(jsonProblems([wrong]).length).toBeGreaterThan(0)
  writeFileSync(wrong, rss(anything).replace('</title>', '\u000b</title>'))
  expect(xmlProblems([wrong]).length).toBeGreaterThan(0)
})

test('each paragraph of every published post, of the test site and of this blog, is in its text for feeds, and none twice', () => {
  let posts = 0
  for (const store of ['.contentlayer/e2e', '.contentlayer/store']) {
    const manifest: Manifest = JSON.parse(readFileSync(`${store}/manifest.json`, 'utf8'))
    for (const { slug, body } of manifest.posts) {
      const { html } = JSON.parse(readFileSync(`${store}/bodies/${body}.json`, 'utf8'))
      const prose = elementsIn(`<div>${html}</div>`).find(({ tagName }) => tagName === 'div')
      expect([slug, ...wordsMissing(prose, feedText(html, `https://press.example/blog/${slug}`).html).missing]).toEqual(
        [slug],
      )
      posts++
    }
  }
  expect(posts).toBeGreaterThan(40)
})
