import { readFileSync } from 'node:fs'
import { type APIRequestContext, expect, test } from '@playwright/test'
import { parseAtomFeed, parseRssFeed } from 'feedsmith'
import { toString as textOf } from 'hast-util-to-string'
import { classes } from '../lib/markdown/tree'
import { encodePath } from '../lib/site/address'
import { longDay } from '../lib/site/dates'
import { wordsMissing } from './feed-words'
import { elementsIn } from './pages'
import { site } from './site.config'

const { routes } = JSON.parse(readFileSync('.next-e2e/prerender-manifest.json', 'utf8'))
const feeds = Object.keys(routes)
  .filter((route) => /\/(feed\.xml|atom\.xml|feed\.json)$/.test(route))
  .map(encodePath)
const rssFeeds = feeds.filter((address) => address.endsWith('/feed.xml'))

async function readRss(request: APIRequestContext, address: string) {
  return parseRssFeed(await (await request.get(address)).text())
}

test('every feed is XML that a browser reads, or JSON, says its own address, and leads only to pages that are there', async ({
  page,
  request,
}) => {
  const sections = ['/tags/', '/blog/', '/authors/', '/series/']
  for (const section of sections)
    expect(
      rssFeeds.some((address) => address.startsWith(section)),
      section,
    ).toBe(true)
  const linked = new Set<string>()
  for (const address of feeds) {
    const answer = await request.get(address)
    const text = await answer.text()
    expect(answer.status(), address).toBe(200)
    if (address.endsWith('json')) {
      expect(answer.headers()['content-type']).toBe('application/feed+json; charset=utf-8')
      expect(JSON.parse(text).feed_url).toBe(site.address + address)
      continue
    }
    const form = address === '/atom.xml' ? 'atom' : 'rss'
    expect(answer.headers()['content-type']).toBe(`application/${form}+xml; charset=utf-8`)
    const read = await page.evaluate((xml) => {
      const read = new DOMParser().parseFromString(xml, 'application/xml')
      const links = [...read.querySelectorAll('item > link')].map(({ textContent }) => textContent ?? '')
      const self = read.querySelector('link[rel=self]')?.getAttribute('href')
      return { mistake: read.querySelector('parsererror')?.textContent ?? '', links, self }
    }, text)
    expect([read.mistake, read.self], address).toEqual(['', site.address + address])
    expect(text).not.toContain('undefined')
    for (const link of read.links) linked.add(link)
  }
  expect(linked.size).toBeGreaterThan(20)
  for (const link of linked) {
    expect(link.startsWith(`${site.address}/blog/`), link).toBe(true)
    expect((await request.get(link.slice(site.address.length))).status(), link).toBe(200)
  }
})

test('the posts of each feed are those of its page, in the same order, with the same titles, days and ids in every form', async ({
  request,
}) => {
  const { items = [] } = await readRss(request, '/feed.xml')
  const list = elementsIn(await (await request.get('/blog')).text())
  const titles = list.filter(({ tagName }) => tagName === 'h2').map((heading) => textOf(heading).trim())
  expect(items.map(({ title }) => title)).toEqual(titles.slice(0, site.feeds.limit))
  const { entries = [] } = parseAtomFeed(await (await request.get('/atom.xml')).text())
  const json = await (await request.get('/feed.json')).json()
  const seen = [
    items.map(({ guid }) => guid?.value),
    entries.map(({ id }) => id),
    json.items.map(({ id }: { id: string }) => id),
  ]
  expect(seen[1]).toEqual(seen[0])
  expect(seen[2]).toEqual(seen[0])
  for (const { link = '', title, pubDate = '' } of items) {
    const page = elementsIn(await (await request.get(link.slice(site.address.length))).text())
    const words = (name: string) => page.filter(({ tagName }) => tagName === name).map(textOf)
    expect(words('h1')[0]).toBe(title)
    expect(words('time')[0]).toBe(longDay(new Date(pubDate).toISOString()))
  }
  for (const address of ['/tags/css', '/blog/backend']) {
    const { items: some = [] } = await readRss(request, `${address}/feed.xml`)
    const page = elementsIn(await (await request.get(address)).text()).filter(({ tagName }) => tagName === 'h2')
    expect(some.map(({ title }) => title)).toEqual(page.map((one) => textOf(one).trim()).slice(0, site.feeds.limit))
  }
})

for (const [title, address, feed] of [
  ['every mark', '/blog/backend/kitchen-sink', '/tags/c%2B%2B/feed.xml'],
  ['every component', '/blog/frontend/components', '/blog/frontend/feed.xml'],
  ['pictures and a film', '/blog/frontend/pictures', '/series/three-parts/feed.xml'],
] as const)
  test(`each paragraph of a post with ${title} is in its feed, and none twice`, async ({ request }) => {
    const page = elementsIn(await (await request.get(address)).text())
    const prose = page.find((element) => classes(element).includes('prose'))
    const { items = [] } = await readRss(request, feed)
    const html = items.find(({ link }) => link === site.address + address)?.content?.encoded ?? ''
    const { found, missing } = wordsMissing(prose, html)
    expect(found).toBeGreaterThan(5)
    expect(missing).toEqual([])
    for (const { tagName, properties } of elementsIn(html)) {
      const named = Object.values(properties).flat().join(' ')
      expect(`${tagName} ${named}`).not.toMatch(/(^|[\s,])\/(?!\/)|katex|data-|javascript:/)
    }
  })

test('a feed has a tag and a date of its last change, and a reader that sends one of them back gets 304', async ({
  request,
}) => {
  for (const address of ['/feed.xml', '/atom.xml', '/feed.json', '/tags/css/feed.xml']) {
    const { etag = '', 'last-modified': changed = '', ...headers } = (await request.get(address)).headers()
    expect(headers['cache-control']).toBe('public, max-age=0, s-maxage=60, must-revalidate')
    expect(headers['content-encoding']).toMatch(/br|gzip/)
    expect(etag).toMatch(/^"/)
    expect(Date.parse(changed)).toBeLessThanOrEqual(Date.now())
    const status = async (asked: Record<string, string>) => (await request.get(address, { headers: asked })).status()
    expect(await status({ 'If-None-Match': etag })).toBe(304)
    expect(await status({ 'If-Modified-Since': changed })).toBe(304)
    expect(await status({ 'If-Modified-Since': new Date(Date.parse(changed) - 1000).toUTCString() })).toBe(200)
    expect(await status({ 'If-None-Match': '"other"', 'If-Modified-Since': changed })).toBe(200)
  }
})

test('an old address of a feed leads to it, without the query', async ({ request }) => {
  for (const [old, to] of [
    ['/rss.xml?utm_source=x', '/feed.xml'],
    ['/feed/', '/feed.xml'],
    ['/feed', '/feed.xml'],
    ['/rss/', '/feed.xml'],
    ['/index.xml', '/feed.xml'],
    ['/blog/atom.xml', '/atom.xml'],
    ['/tags/CSS/feed.xml', '/tags/css/feed.xml'],
  ] as const) {
    const answer = await request.get(old, { maxRedirects: 0 })
    expect([old, answer.status(), answer.headers().location]).toEqual([old, 308, to])
  }
  for (const none of [
    '/tags/nothing/feed.xml',
    '/blog/nothing/feed.xml',
    '/authors/nobody/feed.xml',
    '/blog/backend/kitchen-sink/feed.xml',
  ])
    expect((await request.get(none, { maxRedirects: 0 })).status(), none).toBe(404)
})

test('the page of feeds lists every feed, and every page leads to it', async ({ page }) => {
  await page.goto('/about')
  await page.getByRole('contentinfo').getByRole('link', { name: 'Feeds' }).click()
  await expect(page.getByRole('heading', { level: 1, name: 'Feeds' })).toBeVisible()
  const hrefs = await page
    .getByRole('main')
    .getByRole('link')
    .evaluateAll((links) => links.map((link) => link.getAttribute('href')))
  expect(hrefs.sort()).toEqual([...feeds].sort())
})
