import { existsSync, readdirSync } from 'node:fs'
import { expect, test } from '@playwright/test'
import { type Verification, verification } from './verification'

// Each folder of e2e/leaks is a leak that a blog has had or could have. All are copied over one copy of the site, and
// verify:drafts has to find each of them, in a file and at an address.
test.describe.configure({ mode: 'default', retries: 0 })

let leaky: Verification
test.beforeAll(async () => {
  test.setTimeout(1_200_000)
  const patches = readdirSync('e2e/leaks').flatMap((leak) => ['--patch', `e2e/leaks/${leak}`])
  leaky = await verification(test.info().project.outputDir, ['--only', '1,2', '--quick', ...patches], {
    CONTENT_DIR: 'e2e/content',
    STORE_DIR: '.contentlayer/e2e',
  })
})

const unpublished = ['draft', 'draft in MDX', 'scheduled post', 'expired post']

/** The hits at one place, for one point of the promise. */
const said = (point: number, place: RegExp) =>
  leaky.points
    .filter((one) => one.point === point)
    .flatMap(({ hits }) => hits)
    .filter((hit) => place.test(hit.place))
    .map(({ what }) => what)

function expectFound(point: number, place: RegExp, field: string, names = unpublished) {
  for (const name of names) expect(said(point, place)).toContain(`${field} of ${name}`)
}

const otherwise = (point: number, place: RegExp) =>
  expect(said(point, place).join('\n'), String(place)).toMatch(/otherwise when there are drafts/)

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
  // React's data is in the build. scripts/lighten.ts removes it from pages, lib/static/serve.ts does not serve it.
  expectFound(1, /^\.next\/server\/app\/index\.rsc$/, 'summary')
})

test('JSON of a draft for whoever knows the parameters is caught', () => {
  expectFound(2, /^GET \/api\/preview\?.*entry=.*with what it compares/, 'body', ['draft in a folder'])
})

test('a picture of the title of a draft is caught, though no word of it can be read', () => {
  expect(said(2, /^GET \/api\/card\?of=\w+ /).join('\n')).toMatch(/a picture that shows something else/)
})

test('a card of a draft is caught, in the list of addresses, as a file and as an answer', () => {
  expectFound(1, /^\.next\/prerender-manifest\.json$/, 'file')
  const inBuild = said(1, /^\.next\/server\/app\/og\/blog\/.*\.png\.body$/)
  expect(inBuild).toContain('file of draft')
  expect(inBuild).toContain('is there only when there are drafts')
  expect(said(2, /^GET \/og\/blog\/\w+\/\w+\.png /).join('\n')).toMatch(/a picture|200, not 404/)
})

test('a route that answers a POST only is caught, whatever its JSON is made of', () => {
  expectFound(2, /^POST \/api\/lookup .*objects/, 'summary', ['draft in a folder'])
})

test('an index that is packed into public/ is caught, and opened', () => {
  const named = /^title of draft \(in gzip\)$/m
  expect(said(1, /^public\/index\.json\.gz$/).join('\n')).toMatch(named)
  expect(said(1, /^public\/index\.dat$/).join('\n')).toMatch(/^title of draft \(in brotli, base64, gzip\)$/m)
  otherwise(1, /^public\/index\.json\.gz$/)
  expectFound(2, /^GET \/index\.json\.gz \(as it is, in gzip\)$/, 'title')
})

test('how many posts there are with drafts, and from when to when, is caught', () => {
  otherwise(1, /^\.next\/server\/app\/numbers\.html$/)
  otherwise(2, /^GET \/numbers \(as it is\)$/)
})

test('a header and a cookie that tell of drafts are caught', () => {
  expect(said(2, /^GET \/api\/visit .*cookies/).join('\n')).toMatch(/waiting=\d/)
  expect(said(2, /^GET \/api\/visit \(by its address/).join('\n')).toMatch(/x-next-post|title of /)
})

test('a redirect to a draft by its number is caught', () => {
  expectFound(2, /^GET \/go\/\d+ /, 'file', ['scheduled post'])
})

test('an error that tells that a draft is there is caught', () => {
  expect(said(2, /^PUT \/api\/free /).join('\n')).toMatch(/409, not 200/)
})

test('a chunk with the store in it is caught', () => {
  expectFound(1, /^\.next\/static\/chunks\/.*\.js$/, 'title')
  expectFound(2, /^GET \/_next\/static\/chunks\/.*\.js \(as it is\)$/, 'title')
})

test('somebody’s own draft is caught, not only a canary', () => {
  const hits = leaky.points.flatMap((point) => point.hits).map(({ what }) => what)
  expect(hits).toContain('title of content/posts/backend/draft.md')
})

test('verifying fails when something leaks, says what it could not look at, and leaves nothing behind', () => {
  expect(existsSync(leaky.copy)).toBe(false)
  expect(leaky.code).toBe(1)
  expect(leaky.hits).toBeGreaterThan(100)
  expect(leaky.unseen.length).toBeGreaterThan(2)
})
