import { mkdirSync, rmSync, utimesSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import path from 'node:path'
import { pathToFileURL } from 'node:url'
import { expect, test } from '@playwright/test'
import { parseRssFeed } from 'feedsmith'
import { answerFromBuild } from '../lib/static/serve'
import type { PostEntry } from '../lib/store/manifest'
import { bundleRooms, newRoomsFolder } from './rooms'
import { site } from './site.config'

// Which posts are in which feed, as the routes ask: with a store that is written here.
type Rooms = typeof import('../lib/formats/feed-items') &
  typeof import('../lib/formats/feed-lists') &
  typeof import('../lib/posts/published')

// These tests share one copy of the code, so they run in one process.
test.describe.configure({ mode: 'default' })
const folder = newRoomsFolder()
test.afterAll(() => rmSync(folder, { recursive: true, force: true }))

const post = (slug: string, fields: Partial<PostEntry> = {}): Partial<PostEntry> => ({
  slug,
  file: `posts/${slug}.md`,
  body: slug.replaceAll('/', '-'),
  title: slug,
  excerpt: `About ${slug}.`,
  date: '2026-01-01T00:00:00.000Z',
  draft: false,
  unlisted: false,
  feed: true,
  tags: ['css'],
  authors: ['ada'],
  aliases: [],
  pictures: [],
  ...fields,
})

let loaded: Promise<Rooms> | undefined
async function load(): Promise<Rooms> {
  const file = await bundleRooms(folder, ['formats/feed-items', 'formats/feed-lists', 'posts/published'])
  process.env.STORE_DIR = folder
  return import(pathToFileURL(file).href)
}

/** The feeds with a store of these posts, newest first, each with a body. The next call replaces the store. */
async function openRooms(posts: Partial<PostEntry>[], pages: object[] = [], html = '<p>Words.</p>'): Promise<Rooms> {
  const authors = [{ slug: 'ada', name: 'Ada', file: 'authors/ada.md', body: 'ada', pictures: [] }]
  const manifest = { compiledAt: '2026-11-01T00:00:00.000Z', nextChange: null, assets: {}, posts, authors, pages }
  mkdirSync(path.join(folder, 'bodies'), { recursive: true })
  writeFileSync(path.join(folder, 'manifest.json'), JSON.stringify(manifest))
  // The store is read again when its date is another.
  const date = 1_700_000_000 + opened++
  utimesSync(path.join(folder, 'manifest.json'), date, date)
  for (const { body } of posts)
    writeFileSync(
      path.join(folder, 'bodies', `${body}.json`),
      JSON.stringify({ html, headings: [], css: '', needs: [] }),
    )
  loaded ??= load()
  return loaded
}
let opened = 0

const itemsOf = async (answer: Response | Promise<Response>) =>
  parseRssFeed(await (await answer).text()).items?.map(({ title }) => title) ?? []

test('drafts, scheduled, expired, unlisted posts, and those that say feed: false, are in no feed', async () => {
  const rooms = await openRooms([
    post('scheduled', { date: '2027-01-01T00:00:00.000Z' }),
    post('out'),
    post('apart', { feed: false }),
    post('draft', { draft: true }),
    post('unlisted', { unlisted: true }),
    post('expired', { expires: '2026-06-01T00:00:00.000Z' }),
  ])
  expect(await itemsOf(rooms.feedAnswer(rooms.wholeBlog()))).toEqual(['out'])
  for (const { kind, feeds } of rooms.feedsByKind()) expect([kind, feeds[0]?.count]).toEqual([kind, 1])
  for (const form of ['atom', 'json'] as const) {
    const text = await (await rooms.feedAnswer(rooms.wholeBlog(), form)).text()
    expect(text).toContain('About out.')
    expect(text).not.toMatch(/scheduled|apart|draft|unlisted|expired/)
  }
})

test('a feed has the newest posts, as many as the site says, and a series has its newest part first', async () => {
  const posts = Array.from({ length: site.feeds.limit + 5 }, (_, index) =>
    post(`post-${index}`, {
      date: new Date(Date.UTC(2026, 5, 30 - index)).toISOString(),
      series: { name: 'Parts', part: site.feeds.limit + 5 - index } as PostEntry['series'],
    }),
  )
  const rooms = await openRooms(posts)
  const newest = posts.slice(0, site.feeds.limit).map(({ title }) => title)
  expect(await itemsOf(rooms.feedAnswer(rooms.wholeBlog()))).toEqual(newest)
  const series = rooms.getAllSeries()[0]
  expect(series && (await itemsOf(rooms.feedAnswer(rooms.ofSeries(series))))).toEqual(newest)
})

test('a feed says where it is, what it is of, and its type with a charset; caches keep it as long as a page', async () => {
  const rooms = await openRooms([post('web/a', { category: 'web' })])
  const tag = rooms.getTag('css')
  const category = rooms.getCategory('web')
  if (!tag || !category) throw new Error('The lists are not there.')
  const answer = await rooms.feedAnswer(rooms.ofTag(tag))
  expect(answer.headers.get('content-type')).toBe('application/rss+xml; charset=utf-8')
  expect(answer.headers.get('cache-control')).toBe('public, max-age=0, s-maxage=60, must-revalidate')
  const feed = parseRssFeed(await answer.text())
  expect(feed).toMatchObject({ title: `${site.title}: css`, link: `${site.address}/tags/css` })
  expect(feed.atom?.links?.[0]?.href).toBe(`${site.address}/tags/css/feed.xml`)
  const ofCategory = parseRssFeed(await (await rooms.feedAnswer(rooms.ofCategory(category))).text())
  expect(ofCategory.atom?.links?.[0]?.href).toBe(`${site.address}/blog/web/feed.xml`)
  expect((await rooms.feedAnswer(rooms.wholeBlog(), 'json')).headers.get('content-type')).toBe(
    'application/feed+json; charset=utf-8',
  )
})

test('pictures and films of a post are enclosures with their length in the store and their type, the cover first', async () => {
  mkdirSync(path.join(folder, 'pictures'), { recursive: true })
  writeFileSync(path.join(folder, 'pictures', 'one.jpg'), 'x'.repeat(123))
  writeFileSync(path.join(folder, 'pictures', 'two.png'), 'x'.repeat(45))
  const pictures = [
    { file: 'one.jpg', src: '/media/aa/one%20here.jpg' },
    { file: 'two.png', src: '/media/bb/two.png' },
  ]
  const html = '<p><img src="/media/bb/two.png" alt=""><img src="https://elsewhere.example/x.png" alt=""></p>'
  const rooms = await openRooms([post('a', { pictures, cover: { src: '/media/aa/one%20here.jpg' } })], [], html)
  const json = await (await rooms.feedAnswer(rooms.wholeBlog(), 'json')).json()
  expect(json.items[0].attachments).toEqual([
    { url: `${site.address}/media/aa/one%20here.jpg`, mime_type: 'image/jpeg', size_in_bytes: 123 },
    { url: `${site.address}/media/bb/two.png`, mime_type: 'image/png', size_in_bytes: 45 },
  ])
})

test('a post has each of its tags once, and its text is read once for all feeds, and again after a change', async () => {
  const rooms = await openRooms([post('a', { tags: ['css', 'CSS', 'c++'] })])
  const whole = await (await rooms.feedAnswer(rooms.wholeBlog())).text()
  expect(whole).toContain('Words.')
  expect(parseRssFeed(whole).items?.[0]?.categories?.map(({ name }) => name)).toEqual(['CSS', 'c++'])
  writeFileSync(path.join(folder, 'bodies', 'a.json'), '{"html": "<p>Read again.</p>", "headings": [], "needs": []}')
  const tag = rooms.getTag('css')
  expect(tag && (await (await rooms.feedAnswer(rooms.ofTag(tag))).text())).toContain('Words.')
  const again = await openRooms([post('a')], [], '<p>Changed.</p>')
  expect(await (await again.feedAnswer(again.wholeBlog())).text()).toContain('Changed.')
})

test('the addresses of other systems’ feeds lead to ours, unless the owner has a page or an alias there', async () => {
  const nothing = await openRooms([post('a', { tags: ['Self Hosting'] })])
  for (const old of ['/feed', '/feed/', '/rss', '/rss/', '/rss.xml', '/index.xml', '/feed.rss', '/blog/rss.xml'])
    expect(nothing.getRedirect(old), old).toBe('/feed.xml')
  expect(nothing.getRedirect('/atom')).toBe('/atom.xml')
  expect(nothing.getRedirect('/tags/Self_Hosting/feed.xml')).toBe('/tags/self-hosting/feed.xml')
  for (const other of ['/feed.xml', '/feeds', '/rss/x', '/tags/self-hosting/feed.xml', '/tags/x/feed.xml'])
    expect(nothing.getRedirect(other), other).toBeUndefined()
  const pages = [
    { slug: 'feed', draft: false, pictures: [] },
    { slug: 'rss', draft: true, pictures: [] },
  ]
  const owned = await openRooms([post('a', { aliases: ['/index.xml'] })], pages)
  expect(owned.getRedirect('/feed')).toBeUndefined()
  expect(owned.getRedirect('/rss')).toBe('/feed.xml')
  expect(owned.getRedirect('/index.xml')).toBe('/blog/a')
})

test('a stored feed says when the content was compiled, and its tag is the same after a build that changed nothing', async () => {
  const dist = path.join(folder, 'dist')
  const put = (name: string, text: string) => {
    mkdirSync(path.dirname(path.join(dist, name)), { recursive: true })
    writeFileSync(path.join(dist, name), text)
  }
  const route = { initialRevalidateSeconds: false, dataRoute: null }
  put('prerender-manifest.json', JSON.stringify({ routes: { '/feed.json': route }, dynamicRoutes: {} }))
  const rewrites = { beforeFiles: [], afterFiles: [], fallback: [] }
  const lists = { headers: [], redirects: [], rewrites, staticRoutes: [], dynamicRoutes: [] }
  put('routes-manifest.json', JSON.stringify(lists))
  put('required-server-files.json', JSON.stringify({ config: { images: { unoptimized: true } } }))
  put('server/app/_not-found.html', 'Nothing.')
  put('server/app/_not-found.meta', '{}')
  put('server/app/feed.json.body', JSON.stringify({ words: 'words '.repeat(500) }))
  put('server/app/feed.json.meta', '{"headers":{"content-type":"application/feed+json; charset=utf-8"}}')
  const tags: string[] = []
  for (const compiled of ['2026-11-01T10:00:00.700Z', '2026-11-02T10:00:00.000Z']) {
    const answer = answerFromBuild(
      dist,
      () => undefined,
      () => new Date(compiled),
    )
    const server = createServer((request, response) => void answer(request, response, () => response.destroy())).listen(
      0,
    )
    const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/feed.json`
    const whole = await fetch(url, { headers: { 'Accept-Encoding': 'br' } })
    const changed = new Date(Math.floor(Date.parse(compiled) / 1000) * 1000).toUTCString()
    expect([whole.headers.get('last-modified'), whole.headers.get('content-encoding')]).toEqual([changed, 'br'])
    tags.push(whole.headers.get('etag') ?? '')
    const status = async (headers: Record<string, string>) => (await fetch(url, { headers })).status
    expect(await status({ 'If-Modified-Since': changed })).toBe(304)
    expect(await status({ 'If-Modified-Since': new Date(Date.parse(changed) - 1000).toUTCString() })).toBe(200)
    expect(await status({ 'If-None-Match': '"other"', 'If-Modified-Since': changed })).toBe(200)
    server.close()
  }
  expect(new Set(tags).size).toBe(1)
  expect(tags[0]).toMatch(/^".+"$/)
})
