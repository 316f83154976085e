/**
 * The promise that no byte of a draft is public, in its quick form: on the test site's own build and the server that is running.
 * promise.spec.ts proves it whole, with canaries and a second build.
 */
import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs'
import path from 'node:path'
import { expect, test } from '@playwright/test'
import type { Nodes } from 'hast'
import { fromHtml } from 'hast-util-from-html'
import { addressKey, encodePath } from '../lib/site/address'
import { sections } from '../lib/site/sections.mjs'
import type { Manifest } from '../lib/store/manifest'
import { statusOf } from '../lib/store/status'
import { searchFor, type Word } from '../scripts/verify/words'
import { ask, signIn, startServer } from './server'

type Post = Manifest['posts'][number]

const read = (file: string) => readFileSync(file, 'utf8')
const manifest: Manifest = JSON.parse(read('.contentlayer/e2e/manifest.json'))
const isOpen = (post: Post) => /^(published|unlisted)$/.test(statusOf(post, new Date(manifest.compiledAt)))
const hidden = manifest.posts.filter((post) => !isOpen(post))
const invented = (slug: string) => slug.replace(/[\p{L}\p{N}]/gu, 'q')

const files = (folder: string): string[] =>
  (existsSync(folder) ? readdirSync(folder, { recursive: true, encoding: 'utf8' }) : [])
    .map((name) => path.join(folder, name))
    .filter((file) => statSync(file).isFile())

const texts = (node: Nodes): string[] =>
  node.type === 'text' ? [node.value] : 'children' in node ? node.children.flatMap(texts) : []

/** Texts by which a post can be recognised: its fields, its pictures and the longest parts of its text. */
function tellingOf(post: Post): string[] {
  const { html } = JSON.parse(read(`.contentlayer/e2e/bodies/${post.body}.json`)) as { html: string }
  const stretches = texts(fromHtml(html, { fragment: true })).flatMap(
    (text) => text.match(/[\p{L}\p{N}][\p{L}\p{N} ]{20,60}/gu) ?? [],
  )
  const longest = stretches.map((text) => text.trim()).sort((a, b) => b.length - a.length)
  const pictures = post.pictures.map(({ src }) => src.split('/')[2] ?? '')
  return [
    post.title,
    post.summary ?? '',
    path.posix.basename(post.slug),
    ...post.tags,
    ...post.aliases,
    ...pictures,
    ...longest.slice(0, 8),
    // All long words. `words` below leaves out those that are public.
    ...(read(path.join('e2e/content', post.file)).match(/\p{L}{8,}/gu) ?? []),
  ]
}

/** All public texts, and the code that is in every build. */
const openText = [
  ...[...manifest.posts.filter(isOpen), ...manifest.pages.filter(({ draft }) => !draft), ...manifest.authors].flatMap(
    (entry) => [JSON.stringify(entry), read(path.join('e2e/content', entry.file))],
  ),
  read('e2e/site.config.ts'),
  ...['app', 'components', 'lib']
    .flatMap(files)
    .filter((file) => /\.(tsx?|mjs|css|mdx?)$/.test(file))
    .map(read),
]
  .join('\n')
  .toLowerCase()

const words: Word[] = hidden.flatMap((post) =>
  [...new Set(tellingOf(post))]
    .filter((text) => text.length >= 8 && !openText.includes(text.toLowerCase()))
    .map((text) => ({ bytes: Buffer.from(text), of: post.file, field: text })),
)
const find = searchFor(words)
const said = (bytes: Uint8Array) => find(bytes).map(({ of, field }) => `${of}: ${field}`)

/** The addresses of a hidden post that a stranger may guess. */
const guesses = (slug: string, post: Post) => [
  `/drafts/${encodePath(slug)}`,
  `/blog/${encodePath(slug)}`,
  `/blog/${encodePath(slug)}.md`,
  ...(slug === post.slug ? post.aliases.map((alias) => encodePath(addressKey(alias))) : []),
  ...(slug === post.slug ? post.pictures.map(({ src }) => src) : []),
  ...(slug === post.slug ? post.pictures.map(({ src }) => src.replace(/^\/(media|video)/, '/api/draft-media')) : []),
]

test('there are drafts, scheduled and expired posts to look for, and the search finds what is public', () => {
  expect(new Set(hidden.map((post) => statusOf(post, new Date(manifest.compiledAt))))).toEqual(
    new Set(['draft', 'scheduled', 'expired']),
  )
  expect(words.length).toBeGreaterThan(10)
  const known = { bytes: Buffer.from('Kitchen sink'), of: 'a published post', field: 'title' }
  const page = readFileSync('.next-e2e/server/app/blog/backend/kitchen-sink.html')
  const published = manifest.posts.find(({ slug }) => slug === 'backend/kitchen-sink')?.title ?? known.field
  expect(searchFor([{ ...known, bytes: Buffer.from(published) }])(page)).toHaveLength(1)
})

test('no file of the build, and none of public/, has a word of them', () => {
  const all = [...files('.next-e2e/server'), ...files('.next-e2e/static'), ...files('public')]
  expect(all.length).toBeGreaterThan(300)
  const hits = all.flatMap((file) =>
    said(Buffer.concat([Buffer.from(`${file}\n`), readFileSync(file)])).map((one) => `${file}: ${one}`),
  )
  expect(hits).toEqual([])
})

test('a stranger who asks for every address, and for those they would have, meets no word of them', async ({
  baseURL: site = '',
}) => {
  const { routes } = JSON.parse(read('.next-e2e/prerender-manifest.json')) as { routes: Record<string, unknown> }
  const addresses = [
    ...Object.keys(routes)
      .filter((address) => !address.startsWith('/_'))
      .map(encodePath),
    ...hidden.flatMap((post) => guesses(post.slug, post)),
    ...hidden.map(({ slug }) => `${sections.nearest}?address=/blog/${encodePath(slug)}`),
    ...['/drafts', '/drafts?tag=css', '/sign-in', '/feed.xml', '/sitemap.xml', '/readyz', '/healthz', '/moved/drafts'],
  ]
  const hits: string[] = []
  for (const address of addresses) {
    for (const headers of [{}, { rsc: '1' }] as Record<string, string>[]) {
      const { all } = await ask(site, address, { headers })
      // The redirect to the sign-in page repeats the address of the request, so it is removed before the search.
      const answer = all.replaceAll(address, '').replaceAll(encodeURIComponent(address), '')
      hits.push(...said(Buffer.from(answer)).map((one) => `${address}: ${one}`))
    }
  }
  expect(hits).toEqual([])
  expect(addresses.length).toBeGreaterThan(100)
})

test('their addresses answer like addresses that never were', async ({ baseURL: site = '' }) => {
  for (const post of hidden) {
    const other = invented(post.slug)
    const pairs = guesses(post.slug, post)
      .slice(0, 3)
      .map((address, at) => [address, guesses(other, post)[at] ?? ''] as const)
    const rest = guesses(post.slug, post).slice(3)
    const same = rest.map((address) => [address, address.replace(/[\da-z](?=[^/]*$)/, 'q')] as const)
    for (const [address, never] of [...pairs, ...same]) {
      const [real, unreal] = [await ask(site, address), await ask(site, never)]
      const still = ({ status, headers, body }: typeof real, asked: string) => {
        const {
          date: _date,
          'x-request-id': _id,
          'server-timing': _timing,
          'content-length': _length,
          etag: _etag,
          ...kept
        } = headers
        const nonce = /(?<='nonce-)[^']+/.exec(String(headers['content-security-policy']))?.[0]
        // Next.js sends a body with its own redirects, which it cuts into pieces of any size, so it is not compared.
        const shown = nonce && status === 307 ? '' : body
        const text = `${status} ${JSON.stringify(kept)} ${shown}`.replaceAll(nonce ?? '\0', 'NONCE')
        return text.replaceAll(encodeURIComponent(asked), 'ADDRESS').replaceAll(asked, 'ADDRESS')
      }
      expect(still(real, address), address).toBe(still(unreal, never))
    }
  }
})

test('every answer of drafts asks not to be kept, indexed or referred to', async ({ baseURL: site = '' }) => {
  const cookie = await signIn(site)
  for (const post of hidden) {
    const addresses = guesses(post.slug, post).filter((address) => /^\/(drafts|api)\//.test(address))
    for (const address of addresses) {
      for (const headers of [{}, { cookie }] as Record<string, string>[]) {
        const answer = await ask(site, address, { headers })
        expect(answer.headers['cache-control'], address).toMatch(/private.*no-store/)
        expect(answer.headers['x-robots-tag'], address).toContain('noindex')
        expect(answer.headers['referrer-policy'], address).toBe('no-referrer')
        if ('cookie' in headers) expect(answer.status, address).toBe(200)
        else expect([307, 404], address).toContain(answer.status)
      }
    }
  }
})

test('an editor taken off the list is refused at the next request', async ({ baseURL: site = '' }) => {
  const cookie = await signIn(site)
  const server = await startServer({ EDITORS: 'tomas@example.com' })
  try {
    for (const post of hidden) {
      for (const address of guesses(post.slug, post)) {
        const answer = await ask(server.url, address, { headers: { cookie } })
        expect(answer.status, address).not.toBe(200)
        expect(said(Buffer.from(answer.body)), address).toEqual([])
      }
    }
  } finally {
    await server.stop()
  }
})

test('while an editor reads drafts, a visitor who asks at the same time sees none', async ({ baseURL: site = '' }) => {
  const cookie = await signIn(site)
  const addresses = hidden.map(({ slug }) => `/drafts/${encodePath(slug)}`)
  for (let round = 0; round < 5; round++) {
    await Promise.all(
      addresses.flatMap((address) => [
        ask(site, address, { headers: { cookie } }).then(({ status }) => expect(status, address).toBe(200)),
        ask(site, address).then(({ status, body }) => {
          expect(status, address).toBe(307)
          expect(said(Buffer.from(body)), address).toEqual([])
        }),
      ]),
    )
  }
})
