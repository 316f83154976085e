/** What programs get from the server: crawlers, readers of markdown, those who look for llms.txt. */
import { readFileSync } from 'node:fs'
import path from 'node:path'
import { type APIRequestContext, expect, test } from '@playwright/test'
import { XMLParser, XMLValidator } from 'fast-xml-parser'
import { parse } from 'yaml'
import { encodePath } from '../lib/site/address'
import { publicAddress } from '../lib/static/listing'
import type { Manifest } from '../lib/store/manifest'
import { statusOf } from '../lib/store/status'
import { elementsIn, kinds } from './pages'
import { site } from './site.config'

const manifest: Manifest = JSON.parse(readFileSync('.contentlayer/e2e/manifest.json', 'utf8'))
const withStatus = (...wanted: string[]) =>
  manifest.posts.filter((post) => wanted.includes(statusOf(post, new Date(manifest.compiledAt))))
const addressOf = (slug: string) => `/blog/${encodePath(slug)}`
/** The stored answers of the build, as readers ask for them. */
const stored = Object.entries<{ dataRoute: string | null }>(
  JSON.parse(readFileSync(path.join('.next-e2e', 'prerender-manifest.json'), 'utf8')).routes,
).filter(([address]) => !address.startsWith('/_'))

type Entry = { loc: string; lastmod?: string; 'image:image'?: { 'image:loc': string }[] }
async function sitemapOf(request: APIRequestContext): Promise<Entry[]> {
  const answer = await request.get('/sitemap.xml')
  expect([answer.status(), answer.headers()['content-type']]).toEqual([200, 'application/xml; charset=utf-8'])
  const text = await answer.text()
  expect(XMLValidator.validate(text)).toBe(true)
  const isArray = (name: string) => name === 'url' || name === 'image:image'
  return new XMLParser({ isArray, htmlEntities: true, parseTagValue: false }).parse(text).urlset.url
}
/** The path of an address of this site. */
const pathOf = (address: string) => {
  const { origin, pathname, search, hash } = new URL(address)
  expect([origin, search, hash], address).toEqual([site.address, '', ''])
  return pathname
}

/** The address that a page says is its own, unless it wants to be in no search. */
async function indexed(request: APIRequestContext, address: string): Promise<string | undefined> {
  const answer = await request.get(address)
  expect(answer.status(), address).toBe(200)
  const all = elementsIn(await answer.text())
  const isHidden = all.some(({ properties: { name, content } }) => name === 'robots' && /noindex/.test(String(content)))
  const canonical = all.find(({ tagName, properties: { rel } }) => tagName === 'link' && String(rel) === 'canonical')
  return isHidden ? undefined : String(canonical?.properties.href)
}

test('the sitemap has every stored page that may be in a search, once, and nothing else', async ({ request }) => {
  test.setTimeout(240_000)
  const listed = (await sitemapOf(request)).map(({ loc }) => loc)
  expect(new Set(listed).size).toBe(listed.length)
  for (const address of listed)
    expect(new URL((await indexed(request, pathOf(address))) ?? '').href).toBe(new URL(address).href)
  const pages = stored.flatMap(([address, { dataRoute }]) => (dataRoute ? encodePath(address) : []))
  expect(pages.length).toBeGreaterThan(60)
  const known = new Set(listed.map(pathOf))
  for (const address of pages.filter((one) => !known.has(one)))
    expect(new URL((await indexed(request, address)) ?? 'https://none.invalid').href, address).not.toBe(
      new URL(address, site.address).href,
    )
  const unlisted = withStatus('unlisted')
  expect(unlisted.length).toBeGreaterThan(0)
  for (const { slug } of unlisted) expect(known).not.toContain(addressOf(slug))
})

test('a post in the sitemap was changed when its author says, and a list when its newest post was', async ({
  request,
}) => {
  const entries = await sitemapOf(request)
  const said = (address: string) => entries.find(({ loc }) => pathOf(loc) === address)?.lastmod ?? ''
  const published = withStatus('published')
  const moments = published.map(({ date, lastmod }) => Math.max(Date.parse(date), Date.parse(lastmod ?? date)))
  // A date without a time is that day; the test site is in Lisbon, at most an hour ahead of UTC.
  const isNear = (text: string, moment: number) => {
    const off = Date.parse(text) - moment
    return text.includes('T') ? off === 0 : off >= 0 && off <= 3_600_000
  }
  for (const [at, { slug, canonicalUrl }] of published.entries())
    if (!canonicalUrl)
      expect(isNear(said(addressOf(slug)), moments[at] ?? 0), `${slug} ${said(addressOf(slug))}`).toBe(true)
  for (const address of ['/', '/blog', '/tags', '/archive'])
    expect(isNear(said(address), Math.max(...moments)), `${address} ${said(address)}`).toBe(true)
  expect(Math.max(...entries.map(({ lastmod }) => Date.parse(lastmod ?? '') || 0))).toBeLessThan(
    Date.parse(manifest.compiledAt),
  )
})

test('the pictures in the sitemap are there, each in one size', async ({ request }) => {
  const entries = await sitemapOf(request)
  const pictures = entries.flatMap((entry) => entry['image:image'] ?? []).map((image) => image['image:loc'])
  expect(pictures.length).toBeGreaterThan(3)
  for (const address of new Set(pictures)) {
    const answer = await request.get(pathOf(address))
    expect([answer.status(), answer.headers()['content-type']], address).toEqual([
      200,
      expect.stringMatching(/^image\//),
    ])
  }
  const post = entries.find(({ loc }) => pathOf(loc) === kinds['post with pictures'])
  expect(post?.['image:image']?.map((image) => path.basename(image['image:loc']))).toEqual([
    ...['dot.png', 'photo.jpg', 'moving.gif', 'drawing.svg'],
  ])
})

test('robots.txt names the sitemap, and security.txt is not there without a contact', async ({ request }) => {
  const answer = await request.get('/robots.txt')
  expect([answer.status(), answer.headers()['content-type']]).toEqual([200, 'text/plain; charset=utf-8'])
  const lines = (await answer.text()).split('\n')
  expect(lines).toContain(`Sitemap: ${site.address}/sitemap.xml`)
  expect(lines).toContain('Content-Signal: search=yes')
  for (const address of ['/.well-known/security.txt', '/sitemap/1.xml', '/.well-known/other'])
    expect((await request.get(address)).status(), address).toBe(404)
})

test('every public post has its markdown, as public as its page, and no other post has', async ({ request }) => {
  const [open, hidden] = [withStatus('published', 'unlisted'), withStatus('draft', 'scheduled', 'expired')]
  expect([open.length > 20, hidden.length > 2]).toEqual([true, true])
  for (const post of open) {
    const answer = await request.get(`${addressOf(post.slug)}.md`)
    const headers = answer.headers()
    expect([answer.status(), headers['content-type'], headers['x-robots-tag']], post.slug).toEqual([
      ...[200, 'text/markdown; charset=utf-8', post.unlisted ? 'noindex' : undefined],
    ])
    const original = new URL(post.canonicalUrl ?? site.address + addressOf(post.slug)).href
    expect(headers.link, post.slug).toBe(`<${original}>; rel="canonical"`)
    const [, matter = ''] = (await answer.text()).split(/^---$/m)
    const facts = parse(matter)
    expect(facts.title, post.slug).toBe(post.title)
    const names = [
      'title',
      'summary',
      'date',
      'lastmod',
      'authors',
      'category',
      'tags',
      'series',
      'lang',
      'canonicalUrl',
    ]
    expect(names).toEqual(expect.arrayContaining(Object.keys(facts)))
  }
  const page = await request.get('/blog/nope.md')
  for (const { slug } of hidden) {
    const answer = await request.get(`${addressOf(slug)}.md`)
    expect([answer.status(), await answer.text()], slug).toEqual([404, await page.text()])
  }
})

test('the route /markdown/… of Next.js redirects to the address that ends with .md', async ({ request }) => {
  for (const slug of ['backend/kitchen-sink', 'nope', 'backend/draft']) {
    const answer = await request.get(`/markdown/${slug}`, { maxRedirects: 0 })
    expect([answer.status(), answer.headers().location]).toEqual([308, `/blog/${slug}.md`])
  }
})

const both = 'Accept, Accept-Encoding'
test('a program that prefers markdown gets it at the address of the page, and a cache can tell it from the page', async ({
  request,
}) => {
  const ask = async (accept: string, headers = {}, method = 'GET') => {
    const answer = await request.fetch(kinds.post, { method, headers: { accept, ...headers } })
    return { status: answer.status(), body: await answer.text(), ...answer.headers() } as Record<
      string,
      string | number
    >
  }
  const [html, markdown] = [await ask('text/html, */*;q=0.8'), await ask('text/markdown, text/html;q=0.9')]
  expect(html).toMatchObject({ status: 200, 'content-type': 'text/html; charset=utf-8', vary: both })
  expect(markdown).toMatchObject({
    ...{ status: 200, 'content-type': 'text/markdown; charset=utf-8', vary: both },
    // A shared cache that does not know Vary shall keep the HTML only.
    ...{ 'cache-control': 'private, max-age=0, must-revalidate', 'content-location': `${kinds.post}.md` },
  })
  expect(html['cache-control']).toContain('public')
  expect(html.etag).not.toBe(markdown.etag)
  expect(markdown.body).toBe(await (await request.get(`${kinds.post}.md`)).text())
  for (const [accept, one, other] of [
    ['text/html', html, markdown],
    ['text/markdown', markdown, html],
  ] as const) {
    expect(await ask(accept, {}, 'HEAD')).toMatchObject({ status: 200, body: '', etag: one.etag, vary: both })
    expect(await ask(accept, { 'if-none-match': one.etag })).toMatchObject({ status: 304, etag: one.etag, vary: both })
    expect(await ask(accept, { 'if-none-match': other.etag })).toMatchObject({ status: 200, etag: one.etag })
  }
  const plain = await request.get(`${kinds.post}.md`)
  expect([plain.headers().vary, plain.headers()['cache-control']]).toEqual([
    'Accept-Encoding',
    expect.stringContaining('public'),
  ])
})

test('a page without markdown is HTML for a program that prefers markdown, and a category is a list of links', async ({
  request,
}) => {
  const type = async (address: string) =>
    (await request.get(address, { headers: { accept: 'text/markdown' } })).headers()['content-type']
  for (const address of ['/', '/blog', '/about', '/tags/css', '/blog/nope', '/blog/backend/draft'])
    expect(await type(address), address).toBe('text/html; charset=utf-8')
  for (const address of [kinds.category, '/blog/backend/page/2'])
    expect(await type(address), address).toBe('text/markdown; charset=utf-8')
  const text = await (await request.get('/blog/backend.md')).text()
  for (const [address = ''] of text.matchAll(/https:\/\/[^)\s]+/g))
    expect((await request.get(pathOf(address))).status(), address).toBe(200)
  expect(text).toContain('](https://press.example/blog/backend/page/2.md)')
})

test('all that llms.txt links is there', async ({ request }) => {
  const answer = await request.get('/llms.txt')
  expect([answer.status(), answer.headers()['content-type']]).toEqual([200, 'text/plain; charset=utf-8'])
  const text = await answer.text()
  const addresses = [...text.matchAll(/\]\((https:[^)]+)\)/g)].map(([, address = '']) => new URL(address))
  expect(addresses.length).toBeGreaterThan(20)
  for (const { origin, pathname, search } of addresses) {
    expect(origin).toBe(site.address)
    expect((await request.get(pathname + search)).status(), pathname).toBe(200)
  }
})

test('nothing that is not published is in what programs read', async ({ request }) => {
  const hidden = withStatus('draft', 'scheduled', 'expired')
  expect(hidden.length).toBeGreaterThan(2)
  const texts = stored.flatMap(([address, { dataRoute }]) =>
    dataRoute || address.startsWith('/media/') ? [] : encodePath(publicAddress(address)),
  )
  expect(texts).toEqual(expect.arrayContaining(['/sitemap.xml', '/robots.txt', '/llms.txt', '/blog/backend.md']))
  for (const address of texts) {
    const text = await (await request.get(address)).text()
    for (const { title, slug } of hidden) {
      expect(text, `${address} has the title of ${slug}`).not.toContain(title)
      expect(text, `${address} has the address of ${slug}`).not.toContain(`${addressOf(slug)}<`)
      expect(text, `${address} has the address of ${slug}`).not.toContain(`${addressOf(slug)}.md`)
    }
  }
})
