import { existsSync } from 'node:fs'
import { expect, test } from '@playwright/test'
import { type Verification, verification } from './verification'

// Leaks that blogs have had, laid over a copy of the site (e2e/leaks): verifying finds each, by file and by address.
test.describe.configure({ mode: 'default', retries: 0 })

let leaky: Verification
test.beforeAll(async () => {
  test.setTimeout(600_000)
  const args = ['--only', '1,2', '--quick', '--patch', 'e2e/leaks']
  leaky = await verification(test.info().project.outputDir, args, {
    CONTENT_DIR: 'e2e/content',
    STORE_DIR: '.contentlayer/e2e',
  })
})

const unpublished = ['draft', 'draft in MDX', 'scheduled post', 'expired post']

function expectFound(point: number, place: RegExp, field: string) {
  const hits = leaky.points.find((one) => one.point === point)?.hits.filter((hit) => place.test(hit.place)) ?? []
  for (const name of unpublished) expect(hits.map(({ what }) => what)).toContain(`${field} of ${name}`)
}

test('a tag feed made from all posts is caught', () => {
  expectFound(1, /^\.next\/server\/app\/tags\/\w+\/feed\.xml\.body$/, 'title')
  expectFound(2, /^GET \/tags\/\w+\/feed\.xml \(as it is\)$/, 'title')
})

test('a page made for every post is caught', () => {
  expectFound(1, /^\.next\/server\/app\/blog\/\w+\/\w+\.html$/, 'body')
  expectFound(1, /^\.next\/server\/app\/blog\/\w+\/\w+\.rsc$/, 'body')
  expectFound(1, /^\.next\/prerender-manifest\.json$/, 'file')
  expectFound(2, /^GET \/blog\/\w+\/\w+ \(RSC\)$/, 'body')
})

test('a client component that is given all posts is caught', () => {
  // React's data is taken out of stored pages (scripts/lighten.mjs) and given to nobody (lib/light/stored.ts), but it is in the build.
  expectFound(1, /^\.next\/server\/app\/index\.rsc$/, 'summary')
})

test('somebody’s own draft is caught, not only a canary', () => {
  const hits = leaky.points.flatMap((point) => point.hits).map(({ what }) => what)
  expect(hits).toContain('title of content/posts/backend/draft.md')
})

test('verifying fails when something leaks, and leaves nothing behind', () => {
  expect(existsSync(leaky.copy)).toBe(false)
  expect(leaky.code).toBe(1)
  expect(leaky.hits).toBeGreaterThan(100)
})
