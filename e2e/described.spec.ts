import { type APIRequestContext, expect, test } from '@playwright/test'
import type { Element } from 'hast'
import { toString as textOf } from 'hast-util-to-string'
import { firstOf, pageAt, pages, read, type Thing, thingOf, typesOn, url, valuesOf } from './described'
import { kinds } from './pages'
import { faultsOf } from './schema-org'
import { site } from './site.config'

/** Asks the test site for an address of its own. */
const ask = (request: APIRequestContext, address: string) => {
  expect(address.startsWith(`${site.address}/`), address).toBe(true)
  return request.get(address.slice(site.address.length))
}

const copy = '/blog/backend/note-07'
const original = 'https://elsewhere.example/notes/7'

test('every page has one title, one description and one canonical address, which is its own unless it is a copy', () => {
  expect(pages.length).toBeGreaterThan(50)
  for (const page of pages) {
    const { address, titles, links } = page
    const canonical = links.filter(({ rel }) => rel === 'canonical').map(({ href }) => url(href))
    expect(canonical, address).toEqual([address === copy ? original : url(address)])
    expect([url(firstOf(page, 'og:url'))], address).toEqual(canonical)
    expect([titles.length, valuesOf(page, 'description').length], address).toEqual([1, 1])
  }
})

test('nothing in a head is there twice, and nothing is missing in a sentence', () => {
  const several = ['article:author', 'article:tag', 'fediverse:creator', 'theme-color']
  for (const { address, metas, links, titles } of pages) {
    const once = metas.filter(([name]) => !several.includes(name)).map(([name]) => name)
    expect(once, address).toEqual([...new Set(once)])
    const pairs = metas.map((meta) => meta.join(' '))
    expect(pairs, address).toEqual([...new Set(pairs)])
    const alternates = links.filter(({ rel }) => rel === 'alternate').map(({ href }) => href)
    expect(alternates, address).toEqual([...new Set(alternates)])
    const texts = [...titles, ...pairs, ...links.flatMap((link) => Object.values(link))]
    expect(
      texts.filter((text) => /undefined|null|\[object|NaN|Invalid/.test(text)),
      address,
    ).toEqual([])
  }
})

test('a link to a page is shown with a picture of a known size, in words too', async ({ request }) => {
  const pictures = new Map<string, string>()
  for (const page of pages) {
    const [picture] = valuesOf(page, 'og:image')
    const [type = ''] = valuesOf(page, 'og:image:type')
    expect(picture, page.address).toBeDefined()
    expect([firstOf(page, 'twitter:card'), type], page.address).toEqual([
      'summary_large_image',
      expect.stringMatching(/^image\/(png|jpeg|webp)$/),
    ])
    expect(Number(firstOf(page, 'og:image:width')), page.address).toBeGreaterThan(0)
    expect(Number(firstOf(page, 'og:image:height')), page.address).toBeGreaterThan(0)
    expect(firstOf(page, 'og:image:alt'), page.address).toMatch(/\S/)
    pictures.set(url(picture), type)
  }
  for (const [picture, type] of pictures) {
    const answer = await ask(request, picture)
    expect([answer.status(), answer.headers()['content-type']], picture).toEqual([200, type])
  }
})

test('every page names the feeds of the site, a list its own before them, and a post its markdown', async ({
  request,
}) => {
  const offered = new Map<string, string>()
  for (const { address, links } of pages) {
    const alternates = links.filter(({ rel }) => rel === 'alternate')
    const of = (kind: string) => alternates.filter(({ type }) => type === kind)
    const [section = '', name] = address.split('/').slice(1)
    const list = address.replace(/\/page\/\d+$/, '')
    const isCategory = section === 'blog' && typesOn(address).includes('CollectionPage')
    const hasOwn = !!name && (['tags', 'authors', 'series'].includes(section) || isCategory)
    const rss = of('application/rss+xml').map(({ href }) => href)
    expect(rss, address).toEqual([...(hasOwn ? [`${list}/feed.xml`] : []), '/feed.xml'].map(url))
    expect(of('application/atom+xml').map(({ href }) => href)).toEqual([url('/atom.xml')])
    expect(of('application/feed+json').map(({ href }) => href)).toEqual([url('/feed.json')])
    const isPost = typesOn(address).includes('BlogPosting')
    expect(
      of('text/markdown').map(({ href }) => href),
      address,
    ).toEqual(isPost ? [url(`${address}.md`)] : [])
    const titles = alternates.filter(({ type }) => type !== 'text/markdown').map(({ title }) => title)
    expect(titles, address).toEqual([...new Set(titles)].map(() => expect.stringMatching(/\S/)))
    for (const { href = '', type = '' } of alternates) offered.set(href, type)
  }
  for (const [address, type] of offered) {
    const answer = await ask(request, address)
    expect([answer.status(), answer.headers()['content-type']?.split(';')[0]], address).toEqual([200, type])
  }
})

test('a post says when, by whom, and about what it is; a list does not', () => {
  const page = pageAt(kinds.post)
  expect(page.metas.filter(([name]) => /^(article|fediverse|og:type|og:locale)/.test(name))).toEqual([
    ['fediverse:creator', '@rene@fosstodon.org'],
    ['og:locale', 'en_GB'],
    ['og:type', 'article'],
    ['article:published_time', '2026-03-29T02:30:00+01:00'],
    ['article:modified_time', '2026-04-02'],
    ['article:author', `${site.address}/authors/default`],
    ['article:author', `${site.address}/authors/ren%C3%A9`],
    ['article:section', 'Backend'],
    ...['CSS', 'c++', 'C&C', '100%', '日本語', 'Self Hosting'].map((tag) => ['article:tag', tag]),
  ])
  expect(firstOf(pageAt(kinds['post in Japanese']), 'og:locale')).toBe('ja_JP')
  expect(firstOf(pageAt(kinds.list), 'og:type')).toBe('website')
  expect(pageAt(kinds.list).metas.filter(([name]) => /^(article|fediverse)/.test(name))).toEqual([])
})

test('hostile words are words in every part of a head', () => {
  const page = pageAt('/blog/hostile-words')
  const [title, summary] = [
    "Marks that <script>document.title='RAN'</script> do nothing",
    '</title><style>body{display:none}</style>',
  ]
  expect(page.titles).toEqual([`${title} · ${site.title}`])
  expect(['og:title', 'og:description', 'description'].map((name) => firstOf(page, name))).toEqual([
    title,
    summary,
    summary,
  ])
  expect(valuesOf(page, 'article:tag')).toEqual(['<style>', '</head>'])
  expect(thingOf(page, 'BlogPosting')).toMatchObject({ headline: title, keywords: ['<style>', '</head>'] })
})

test('an unlisted post and the page for what is missing ask not to be found', () => {
  const listed = new Set(
    pages
      .filter(({ address }) => address.startsWith('/archive/'))
      .flatMap(({ all }) => all.map(({ properties }) => String(properties.href ?? ''))),
  )
  const posts = pages.filter(({ address }) => typesOn(address).includes('BlogPosting'))
  const hidden = pages.filter((page) => valuesOf(page, 'robots').length > 0)
  const unlisted = posts.map(({ address }) => address).filter((address) => !listed.has(address))
  expect(hidden.map(({ address }) => address).sort()).toEqual([...unlisted, '/search'].sort())
  expect(unlisted).toContain('/blog/unlisted')
  for (const page of [...hidden, read('_not-found')])
    expect(valuesOf(page, 'robots').join(), page.address).toContain('noindex')
  expect(read('_not-found').links.filter(({ rel }) => rel === 'canonical')).toEqual([])
})

test('a page says once what it is, in the vocabulary of schema.org', { tag: '@long' }, () => {
  for (const { address, json } of pages) expect(json.length, address).toBeLessThan(2)
  const texts = pages.flatMap(({ address, json }) => json.map((text) => [address, text]))
  expect(faultsOf(Object.fromEntries(texts))).toEqual({})
  const types = Object.fromEntries(Object.entries(kinds).map(([kind, address]) => [kind, typesOn(address)]))
  const post = ['BlogPosting', 'BreadcrumbList']
  expect(types).toMatchObject({
    home: ['WebSite'],
    list: ['Blog'],
    'later page': ['Blog'],
    post,
    'post with pictures': post,
    'post in Japanese': post,
    'mdx post': post,
    'post with components': post,
    category: ['CollectionPage', 'BreadcrumbList'],
    tags: ['CollectionPage'],
    tag: ['CollectionPage', 'BreadcrumbList'],
    author: ['ProfilePage'],
    archive: ['CollectionPage'],
    year: ['CollectionPage'],
    series: ['CollectionPage', 'CreativeWorkSeries'],
    page: ['AboutPage'],
  })
})

/** All things of a page, those inside of others too. */
const inside = (value: unknown): Thing[] =>
  typeof value !== 'object' || value === null
    ? []
    : Array.isArray(value)
      ? value.flatMap(inside)
      : [value as Thing, ...Object.values(value).flatMap(inside)]

test('a thing has one name and one type on every page, and what lists name is there', () => {
  const known = new Map<string, { type: unknown; name: unknown }>()
  const named = new Set<string>()
  for (const { address, things } of pages) {
    for (const thing of things.flatMap(inside)) {
      const { '@id': id, '@type': type, name, headline } = thing
      if (!id) continue
      named.add(id)
      if (!type || id === url(address)) continue
      const found = known.get(id)
      if (found) expect({ type, name: name ?? headline }, `${id} on ${address}`).toEqual(found)
      known.set(id, { type, name: name ?? headline })
    }
  }
  expect(known.size).toBeGreaterThan(20)
  const pagesThemselves = new Set(pages.map(({ address }) => url(address)))
  expect([...named].filter((id) => !known.has(id) && !pagesThemselves.has(id))).toEqual([])
})

test('a post has what Google asks of an article', () => {
  let found = 0
  for (const page of pages) {
    const post = thingOf(page, 'BlogPosting')
    if (!post) continue
    found++
    // https://developers.google.com/search/docs/appearance/structured-data/article
    const { address } = page
    const { headline, image, datePublished, dateModified, author } = post
    expect([headline, address]).toEqual([firstOf(page, 'og:title'), address])
    expect(image, address).toMatchObject({ url: firstOf(page, 'og:image'), width: firstOf(page, 'og:image:width') })
    expect([datePublished, dateModified], address).toEqual([
      firstOf(page, 'article:published_time'),
      firstOf(page, 'article:modified_time'),
    ])
    const people = author as { name: string; url: string }[]
    expect(
      people.map((person) => person.url),
      address,
    ).toEqual(valuesOf(page, 'article:author'))
    for (const { name, url } of people) {
      expect(name, address).toMatch(/\S/)
      expect(
        pages.some((one) => site.address + one.address === url),
        url,
      ).toBe(true)
    }
  }
  expect(found).toBeGreaterThan(40)
})

test('the way to a page is the one that it shows, as Google asks of a breadcrumb', () => {
  let found = 0
  for (const page of pages) {
    const nav = page.all.find(({ tagName, properties }) => tagName === 'nav' && properties.ariaLabel === 'Breadcrumb')
    const list = thingOf(page, 'BreadcrumbList')
    expect([!!nav, page.address]).toEqual([!!list, page.address])
    if (!nav || !list) continue
    found++
    const shown = elementsOf(nav)
      .filter(({ tagName }) => tagName === 'a')
      .concat(page.all.filter(({ tagName }) => tagName === 'h1'))
      .map((step, index) => ({
        '@type': 'ListItem',
        position: index + 1,
        name: textOf(step),
        ...(step.tagName === 'a' ? { item: url(String(step.properties.href)) } : {}),
      }))
    expect(list.itemListElement, page.address).toEqual(shown)
    expect(shown.length, page.address).toBeGreaterThan(1)
  }
  expect(found).toBeGreaterThan(40)
})

const elementsOf = (element: Element): Element[] =>
  element.children.flatMap((child) => (child.type === 'element' ? [child, ...elementsOf(child)] : []))

test('an author has what Google asks of a profile, and only pages on https as the same person', () => {
  // https://developers.google.com/search/docs/appearance/structured-data/profile-page
  expect(thingOf(pageAt(kinds.author), 'ProfilePage')).toMatchObject({
    mainEntity: { '@type': 'Person', name: 'Ada Marsh', sameAs: ['https://github.com/example'] },
  })
  const rene = pageAt('/authors/ren%C3%A9')
  expect(thingOf(rene, 'ProfilePage')?.mainEntity).toMatchObject({
    name: 'René Ōno',
    alternateName: '@rene@fosstodon.org',
    sameAs: ['https://rene.example'],
  })
  expect(rene.json.join()).not.toContain('rene@example.com')
})

test('the front page says how the site is searched', () => {
  expect(thingOf(pageAt('/'), 'WebSite')).toMatchObject({
    name: site.title,
    url: `${site.address}/`,
    potentialAction: {
      '@type': 'SearchAction',
      target: { urlTemplate: `${site.address}/search?q={search_term_string}` },
      'query-input': 'required name=search_term_string',
    },
  })
})

test('the date of each post is a day for programs too, where its author wrote no time', () => {
  const times = pageAt('/blog/page/3').all.filter(({ tagName }) => tagName === 'time')
  const dates = times.map(({ properties }) => String(properties.dateTime))
  expect(dates.length).toBeGreaterThan(0)
  for (const date of dates) expect(date).toMatch(/^\d{4}-\d{2}-\d{2}(T\d{2}:\d{2}:\d{2}[+-]\d{2}:\d{2})?$/)
  const year = pageAt('/archive/2026').all.filter(({ tagName }) => tagName === 'time')
  expect(year.map(({ properties }) => properties.dateTime)).toContain('2026-03-01')
})
