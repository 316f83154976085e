import { brotliCompressSync, deflateRawSync, deflateSync, gzipSync } from 'node:zlib'
import { expect, test } from '@playwright/test'
import { addressesIn } from '../scripts/verify/addresses'
import { readsOf } from '../scripts/verify/reads'
import { differenceOf, withoutNow } from '../scripts/verify/settle'
import { unpack } from '../scripts/verify/unpack'

// These tests call the parts of `npm run verify:drafts` one by one; e2e/leaks.spec.ts runs the whole command.

const secret = 'a word that is nowhere else, in a text that is long enough to be packed: grumblewick'

/** A ZIP archive with one file (APPNOTE.TXT §4.3). */
function zip(name: string, text: Buffer): Buffer {
  const data = deflateRawSync(text)
  const head = (size: number, start: string) => {
    const bytes = Buffer.alloc(size)
    bytes.write(start, 'hex')
    return bytes
  }
  const [local, central] = [head(30, '504b0304'), head(46, '504b0102')]
  for (const [bytes, from] of [
    [local, 0],
    [central, 2],
  ] as const) {
    bytes.writeUInt16LE(8, 8 + from)
    bytes.writeUInt32LE(data.length, 18 + from)
    bytes.writeUInt16LE(name.length, 26 + from)
  }
  return Buffer.concat([local, Buffer.from(name), data, central, Buffer.from(name)])
}

const ways: [string, (text: Buffer) => Buffer, string?][] = [
  ['gzip', (text) => gzipSync(text)],
  ['zlib', (text) => deflateSync(text)],
  ['deflate', (text) => deflateRawSync(text)],
  ['Brotli', (text) => brotliCompressSync(text)],
  ['Brotli as its header says', (text) => brotliCompressSync(text), 'br'],
  ['ZIP', (text) => zip('posts.json', text)],
  ['gzip in base64 in JSON', (text) => Buffer.from(JSON.stringify({ data: gzipSync(text).toString('base64') }))],
  ['Brotli in base64url', (text) => Buffer.from(brotliCompressSync(text).toString('base64url'))],
  ['base64 of base64', (text) => Buffer.from(Buffer.from(text.toString('base64')).toString('base64'))],
  ['hexadecimal', (text) => Buffer.from(`x=${text.toString('hex')};`)],
  ['hexadecimal in an address', (text) => Buffer.from(`/drafts/${text.toString('hex')}.json`)],
  ['gzip behind something else', (text) => Buffer.concat([Buffer.from('index:'), gzipSync(text)])],
  ['a gzip in a ZIP', (text) => zip('posts.gz', gzipSync(text))],
  ['UTF-16', (text) => Buffer.from(text.toString('latin1'), 'utf16le')],
  ['every letter percent-encoded', (text) => Buffer.from([...text].map((byte) => `%${byte.toString(16)}`).join(''))],
  ['character references', (text) => Buffer.from([...text].map((byte) => `&#${byte};`).join(''))],
  ['escapes', (text) => Buffer.from([...text].map((byte) => `\\u00${byte.toString(16)}`).join(''))],
]
for (const [name, pack, hint] of ways)
  test(`a word is found in ${name}`, () => {
    const { layers } = unpack(pack(Buffer.from(secret)), hint)
    expect(layers.some(({ bytes }) => bytes.includes('grumblewick'))).toBe(true)
  })

test('what is packed too deep is named', () => {
  let bytes = Buffer.from(secret)
  for (let times = 0; times < 7; times++) bytes = gzipSync(bytes)
  expect(unpack(bytes).unopened).toContain('packed 5 times')
  expect(unpack(gzipSync(Buffer.alloc(40 * 2 ** 20))).unopened).toContain('gzip of more than 32 MB')
})

const sources: [string, string, string[]][] = [
  ['a query', "export async function GET(r) { return f(new URL(r.url).searchParams.get('slug')) }", ['slug']],
  [
    'a name in a constant',
    "const KEY = 'dr' + 'aft'; export const GET = ({ nextUrl: u }) => u.searchParams.has(KEY)",
    ['draft'],
  ],
  [
    'JSON',
    'export async function POST(r) { const { post: { id }, ...more } = await r.json(); return more.tag }',
    ['post', 'id', 'tag'],
  ],
  ['a form', "export async function PUT(r) { const form = await r.formData(); return form.get('text') }", ['text']],
  [
    'another function',
    'const look = (q) => q.about; async function POST(r) { return look(await r.json()) } export { POST }',
    ['about'],
  ],
  [
    'a wrapper',
    "const wrap = (f) => f; export const GET = wrap(async (r) => r.nextUrl.searchParams.getAll('of'))",
    ['of'],
  ],
  [
    'a page',
    'export default async function Page({ searchParams }) { const { view, "see-all": all } = await searchParams; return all }',
    ['view', 'see-all'],
  ],
  ['a callback', 'export const POST = (r) => r.json().then((body) => body.name)', ['name']],
]
for (const [name, code, names] of sources)
  test(`what a route reads is found in its source: ${name}`, () => {
    expect([...readsOf(code, true).names.keys()]).toEqual(expect.arrayContaining(names))
  })

test('headers, cookies, and what is compared are told apart', () => {
  const { names, literals, paired } = readsOf(
    `import { headers, cookies } from 'next/headers'
     export async function GET(request) {
       const kind = (await headers()).get('x-kind')
       if (kind !== 'full' && !['all', 'some'].includes(request.nextUrl.searchParams.get('as'))) return
       return (await cookies()).get('been')
     }`,
    true,
  )
  expect(names.get('x-kind')).toEqual(new Set(['header']))
  expect(names.get('been')).toEqual(new Set(['cookie']))
  expect(names.get('as')).toEqual(new Set(['value']))
  expect([...literals]).toEqual(expect.arrayContaining(['full', 'all', 'some']))
  expect([...(paired.get('as') ?? [])]).toEqual(['all', 'some'])
})

test('two texts differ by what drafts bring, not by when they were made', async () => {
  const since = Date.now() - 1000
  const builds = [
    { id: 'one', names: ['abc.js'], since },
    { id: 'two', names: ['xyz.js'], since },
  ] as const
  const compare = (one: string, other: string) =>
    differenceOf([Buffer.from(one), Buffer.from(other)], [builds[0] as never, builds[1] as never])
  const now = new Date()
  expect(
    await compare(`one abc.js ${now.toISOString()}`, `two xyz.js ${new Date(+now - 500).toISOString()}`),
  ).toBeUndefined()
  expect(await compare(`at ${+now}, ${now.toUTCString()}`, `at ${+now - 1}, ${now.toUTCString()}`)).toBeUndefined()
  expect(await compare('28 posts', '39 posts')).toContain('"28 posts", not "39 posts"')
  expect(await compare('until 2199-01-01T00:00:00Z', 'until 2026-01-01T00:00:00Z')).toContain('2199')
  expect(withoutNow('2024-02-03T00:00:00.000Z', since)).toContain('2024')
})

test('addresses are found by parsing', () => {
  const answer = {
    status: 200,
    headers: { 'content-type': 'text/html', link: '</feed.xml>; rel=alternate' },
    body: Buffer.from(
      '<a title="x>" href=/a?b=1&amp;c>x</a><img srcset="/p-1.avif 1x, /p-2.avif 2x"><script>go("/api/x")</script>',
    ),
  }
  const found = addressesIn('/', answer, 1)
  expect(found).toEqual(expect.arrayContaining(['/feed.xml', '/a?b=1&c', '/p-1.avif', '/p-2.avif', '/api/x']))
})
