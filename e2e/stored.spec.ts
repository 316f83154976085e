import { readdirSync, readFileSync } from 'node:fs'
import { expect, test } from '@playwright/test'
import { accepted } from '../lib/static/encoding'
import { kinds } from './pages'
import { ask } from './server'

for (const [header, encoding] of [
  ['gzip, deflate, br, zstd', 'br'],
  ['gzip, br;q=0', 'gzip'],
  ['BR;Q=0.5 , gzip;q=1.0', 'br'],
  ['*', 'br'],
  ['identity, *;q=0', ''],
  ['deflate', ''],
  ['gzip;q=0', ''],
  ['gzip;q=x', ''],
  ['', ''],
]) {
  test(`who takes "${header}" gets ${encoding || 'the text as it is'}`, () => {
    expect(accepted(header)).toBe(encoding)
  })
}

/** Sends a request. @returns the answer, and its text after the browser's decompression. */
const get = async (
  baseURL: string | undefined,
  address: string,
  headers: Record<string, string> = {},
  method = 'GET',
) => {
  const answer = await fetch(`${baseURL}${address}`, { method, headers })
  return { answer, text: await answer.text() }
}

test('a page is the same in every encoding, with a tag for each', async ({ baseURL }) => {
  const tags = new Set<string>()
  const texts = new Set<string>()
  for (const encoding of ['br', 'gzip', 'identity']) {
    const { answer, text } = await get(baseURL, kinds.post, { 'Accept-Encoding': encoding })
    expect(answer.headers.get('content-encoding') ?? 'identity').toBe(encoding)
    // At the address of a post there is markdown too.
    expect(answer.headers.get('vary')).toBe('Accept, Accept-Encoding')
    tags.add(answer.headers.get('etag') ?? '')
    texts.add(text)
  }
  expect(tags.size).toBe(3)
  expect([...texts]).toEqual([readFileSync('.next-e2e/server/app/blog/backend/kitchen-sink.html', 'utf8')])
})

test('who has a page is told so, and sends and gets nothing more', async ({ baseURL }) => {
  const { answer } = await get(baseURL, kinds.home)
  const tag = answer.headers.get('etag') ?? ''
  expect(answer.headers.get('cache-control')).toBe('public, max-age=0, s-maxage=60, must-revalidate')
  for (const known of [tag, `W/${tag}`, `"other", ${tag}`, '*']) {
    const again = await get(baseURL, kinds.home, { 'If-None-Match': known })
    expect([again.answer.status, again.text, again.answer.headers.get('etag')]).toEqual([304, '', tag])
  }
  expect((await get(baseURL, kinds.home, { 'If-None-Match': '"other"' })).answer.status).toBe(200)
})

test('an address is known with a query, in any spelling of its letters, and by HEAD', async ({ baseURL }) => {
  for (const address of ['/blog?page=2', '/%62log', kinds['post in Japanese']]) {
    const { answer } = await get(baseURL, address)
    expect([answer.status, answer.headers.get('content-security-policy') !== null], address).toEqual([200, true])
  }
  const { answer, text } = await get(baseURL, '/blog', {}, 'HEAD')
  expect([answer.status, text]).toEqual([200, ''])
  expect(Number(answer.headers.get('content-length'))).toBeGreaterThan(1000)
})

test('a page is the same for who asks for it as React’s data', async ({ baseURL }) => {
  const { text } = await get(baseURL, '/blog')
  for (const headers of [{ RSC: '1' }, { RSC: '1', 'Next-Router-Prefetch': '1' }])
    expect((await get(baseURL, '/blog', headers as Record<string, string>)).text).toBe(text)
})

test('what is not stored goes on to Next.js', async ({ baseURL }) => {
  expect((await get(baseURL, '/blog/', {})).answer.url).toMatch(/\/blog$/)
  // nginx itself answers 400 to an address that leads out of the site.
  for (const address of [
    '/_not-found',
    '/_next/static/../server/app/index.html',
    '/assets/../../package.json',
    '/__proto__',
  ])
    expect([400, 404], address).toContain((await ask(String(baseURL), address)).status)
})

test('scripts, style sheets and fonts are kept for good, and are compressed but for fonts', async ({ baseURL }) => {
  const files = [
    ...readdirSync('public/assets')
      .filter((name) => /^reader-.*\.js$/.test(name))
      .map((name) => `/assets/${name}`),
    ...readdirSync('.next-e2e/static/chunks')
      .filter((name) => name.endsWith('.css'))
      .map((name) => `/_next/static/chunks/${name}`),
    ...readdirSync('.next-e2e/static/media').map((name) => `/_next/static/media/${name}`),
  ]
  expect(files.length).toBeGreaterThan(5)
  for (const file of files) {
    const { headers, status, all } = await ask(String(baseURL), file, {
      headers: { 'Accept-Encoding': 'br, gzip' },
    })
    expect([status, headers['cache-control'], headers['content-encoding']], `${file} ${all.slice(0, 100)}`).toEqual([
      200,
      'public, max-age=31536000, immutable',
      file.endsWith('woff2') ? undefined : 'br',
    ])
  }
})
