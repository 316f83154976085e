/** Sitemap, robots.txt, security.txt and llms.txt, as pure functions. */
import { expect, test } from '@playwright/test'
import { XMLParser, XMLValidator } from 'fast-xml-parser'
import type { Link, List, Root as Markdown } from 'mdast'
import { fromMarkdown } from 'mdast-util-from-markdown'
import { llmsText } from '../lib/formats/llms'
import { robots } from '../lib/formats/robots'
import { securityText } from '../lib/formats/security'
import { most, type Place, sitemapIndex, sitemaps } from '../lib/formats/sitemap'

const xml = new XMLParser({
  ignoreAttributes: false,
  htmlEntities: true,
  processEntities: true,
  isArray: (name) => /^(url|sitemap|image:image)$/.test(name),
})
function read(document: string) {
  expect(XMLValidator.validate(document)).toBe(true)
  return xml.parse(document)
}
const many = (count: number): Place[] =>
  Array.from({ length: count }, (_, at) => ({ address: `https://press.example/blog/${at}`, changed: '2026-07-14' }))

test('a sitemap has the namespaces of its elements, and addresses with signs are escaped', () => {
  const address = `https://press.example/blog/a&b'c"d%3Ce`
  const [document = '', ...more] = sitemaps([
    { address, changed: '2026-07-14', pictures: ['https://press.example/a&b.png'] },
  ])
  expect(more).toEqual([])
  expect(document).toMatch(/^<\?xml version="1.0" encoding="utf-8"\?>/i)
  expect(read(document).urlset).toEqual({
    '@_xmlns': 'http://www.sitemaps.org/schemas/sitemap/0.9',
    '@_xmlns:image': 'http://www.google.com/schemas/sitemap-image/1.1',
    url: [{ loc: address, lastmod: '2026-07-14', 'image:image': [{ 'image:loc': 'https://press.example/a&b.png' }] }],
  })
})

test('a sitemap that would have more than 50,000 addresses is several, and none is lost', () => {
  const [, second = '', ...more] = sitemaps(many(50_001))
  expect([more.length, read(second).urlset.url[0].loc]).toEqual([0, 'https://press.example/blog/50000'])
  const parts = sitemaps(many(7), { addresses: 3, bytes: most.bytes }).map((document) => read(document).urlset.url)
  expect(parts.map(({ length }) => length)).toEqual([3, 3, 1])
  expect(parts.flat().map(({ loc }) => loc)).toEqual(many(7).map(({ address }) => address))
})

test('a sitemap that would be longer than 50 MB is several, each of them shorter', () => {
  expect(most).toEqual({ addresses: 50_000, bytes: 52_428_800 })
  const documents = sitemaps(many(100), { addresses: 50_000, bytes: 2000 })
  expect(documents.length).toBeGreaterThan(4)
  for (const document of documents) expect(Buffer.byteLength(document)).toBeLessThan(2000)
  expect(documents.flatMap((document) => read(document).urlset.url)).toHaveLength(100)
  const long = {
    address: 'https://press.example/',
    pictures: Array<string>(1001).fill('https://press.example/日本.png'),
  }
  expect(read(sitemaps([long])[0] ?? '').urlset.url[0]['image:image']).toHaveLength(1000)
})

test('an index names each sitemap by its whole address', () => {
  const index = read(sitemapIndex(['https://press.example/sitemap/1.xml', 'https://press.example/sitemap/2.xml']))
  expect(index.sitemapindex.sitemap).toEqual([
    { loc: 'https://press.example/sitemap/1.xml' },
    { loc: 'https://press.example/sitemap/2.xml' },
  ])
})

test('robots.txt has a group for each crawler, the signals in each, and the sitemap', () => {
  const asked = {
    disallow: { GPTBot: ['/'], '*': ['/private/é', '/*.pdf$'] },
    signals: { search: true, 'ai-train': false },
  }
  expect(robots(asked, ['https://press.example/sitemap.xml'])).toBe(
    [
      ...[
        'User-agent: *',
        'Content-Signal: search=yes, ai-train=no',
        'Disallow: /private/%C3%A9',
        'Disallow: /*.pdf$',
        '',
      ],
      ...['User-agent: GPTBot', 'Content-Signal: search=yes, ai-train=no', 'Disallow: /', ''],
      ...['Sitemap: https://press.example/sitemap.xml', ''],
    ].join('\n'),
  )
  expect(robots({ disallow: {}, signals: {} }, [])).toBe('User-agent: *\nAllow: /\n\n')
})

for (const [what, disallow, said] of [
  ['a crawler', { 'Some Bot': ['/'] }, 'names the crawler "Some Bot". Write its name'],
  ['a path without a slash', { GPTBot: ['private'] }, 'disallow.GPTBot has the path "private". Write it from the root'],
  ['a path with a line in it', { '*': ['/a\nUser-agent: x'] }, 'Write it from the root and without spaces'],
] as const)
  test(`${what} that robots.txt cannot have stops the build, with what to write`, () => {
    expect(() => robots({ disallow: disallow as never, signals: {} }, [])).toThrow(said)
  })

test('security.txt has the fields of RFC 9116, ends within a year, and is the same for the same content', () => {
  const site = { address: 'https://press.example', language: 'en-GB' }
  const compiledAt = new Date('2026-11-29T12:34:56.789Z')
  const text = securityText('mailto:ines@press.example', site, compiledAt)
  expect(text).toBe(
    'Contact: mailto:ines@press.example\nExpires: 2027-11-24T12:34:56Z\nPreferred-Languages: en-GB\nCanonical: https://press.example/.well-known/security.txt\n',
  )
  expect(securityText('mailto:ines@press.example', site, compiledAt)).toBe(text)
  for (const wrong of ['ines@press.example', 'http://press.example', 'mailto:a\nExpires: never'])
    expect(() => securityText(wrong, site, compiledAt)).toThrow("Write 'mailto:…' or 'https://…'.")
})

test('llms.txt is a title, what the site is, and lists of links to markdown', () => {
  const site = { title: 'The *Press*', description: 'Words > signs.', address: 'https://press.example' }
  const posts = Array.from({ length: 25 }, (_, at) => ({
    title: `[${at}]\n`,
    slug: `x/${at}`,
    excerpt: at ? 'Short.' : '',
  }))
  const { children } = fromMarkdown(llmsText(site, posts, [{ title: 'About', slug: 'about' }])) as Markdown
  expect(children.map((node) => (node.type === 'heading' ? node.depth : node.type))).toEqual([
    ...[1, 'blockquote', 'paragraph', 2, 'list', 2, 'list', 2, 'list'],
  ])
  const links = children.flatMap((node) =>
    node.type === 'list'
      ? [(node as List).children.map((item) => (item.children[0] as { children: Link[] }).children[0] as Link)]
      : [],
  )
  expect(links[0]?.map(({ url }) => url)).toEqual(
    posts.slice(0, 20).map(({ slug }) => `https://press.example/blog/${slug}.md`),
  )
  expect(links[0]?.[3]?.children).toMatchObject([{ type: 'text', value: '[3]' }])
  for (const link of links.flat())
    expect(link).toMatchObject({ type: 'link', url: expect.stringMatching(/^https:\/\/press/) })
  expect(llmsText(site, [], [])).not.toContain('Newest posts')
})
