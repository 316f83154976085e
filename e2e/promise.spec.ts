import { existsSync } from 'node:fs'
import { expect, test } from '@playwright/test'
import { type Verification, verification } from './verification'

// These tests run `npm run verify:drafts` on this blog. It first checks as an editor that the canaries can be found.
test.describe.configure({ mode: 'default', retries: 0 })

let whole: Verification
test.beforeAll(async () => {
  test.setTimeout(1_200_000)
  const site = { CONTENT_DIR: '', STORE_DIR: '', DIST_DIR: '', SITE_CONFIG: '' }
  whole = await verification(test.info().project.outputDir, [], site)
})

/** Expects no hit, and that at least these numbers of files, words, requests and so on were searched. */
function expectNone(name: string, least: Record<string, number>) {
  const point = whole.points.find((one) => one.name === name)
  expect(point?.hits, name).toEqual([])
  for (const [what, count] of Object.entries(least))
    expect(point?.counts[what], `${name}: ${what}`).toBeGreaterThanOrEqual(count)
}

test('1. a built site holds no word of a draft, a scheduled or an expired post, and of an unlisted one on its own page only', () => {
  expectNone('built files', { files: 200, bytes: 5_000_000, words: 120 })
})

test('1. every public file of a site with drafts is that of the same site without, byte by byte', () => {
  expectNone('built files with and without drafts', { files: 500 })
})

test('2. a stranger who asks for everything in every way meets no word of a draft', () => {
  expectNone('answers to a stranger', { addresses: 200, 'ways to ask': 40, requests: 2000, words: 120 })
})

test('2. a stranger gets the same answers whether or not there are drafts', () => {
  expectNone('answers with and without drafts', { answers: 200 })
})

test('2. every route, asked with all that its source reads, tells nothing of a draft', () => {
  expectNone('routes asked by what they read', { routes: 20, requests: 1500, compared: 500 })
})

test('3. a draft and an address that never was answer alike, to a stranger and to somebody who is no editor', () => {
  expectNone('real and invented addresses', { pairs: 300 })
})

test('4. every answer of drafts asks not to be kept, indexed or referred to', () => {
  expectNone('headers of drafts', { addresses: 40, requests: 1000 })
})

test('4. a cache in front of the server keeps no draft', () => {
  const cache = whole.points.find(({ name }) => name === 'a cache in front')
  test.skip(!!cache?.note && !process.env.CI, cache?.note)
  expectNone('a cache in front', { addresses: 9, requests: 150 })
})

test('5. an editor taken off the list is refused at the next request', () => {
  expectNone('a former editor', { addresses: 9, requests: 100 })
})

test('6. pictures beside a draft are for editors only', () => {
  expectNone('pictures', { pictures: 3, requests: 300 })
})

test('7. an editor and a visitor at once, a thousand times each: the visitor sees no draft', () => {
  expectNone('an editor and a visitor at once', { 'answers each': 1000 })
})

test('verifying leaves nothing behind and says so when all is well', () => {
  expect(existsSync(whole.copy)).toBe(false)
  expect(whole.hits).toBe(0)
  expect(whole.unseen.join('\n')).toContain('.contentlayer')
  expect(whole.code).toBe(0)
})
