import { expect, test } from '@playwright/test'
import { parseAtomFeed, parseJsonFeed, parseRssFeed } from 'feedsmith'
import { fromHtml } from 'hast-util-from-html'
import { toString as textOf } from 'hast-util-to-string'
import { feedText } from '../lib/formats/feed-text'
import { atom, type Feed, type Item, jsonFeed, rss } from '../lib/formats/feeds'
import { render } from '../lib/markdown/render'
import { compile } from './compile'
import { elementsIn } from './pages'

const page = 'https://press.example/blog/a/post'
const fit = async (markdown: string, name = 'posts/a/post.md') =>
  feedText((await render(name, `---\ntitle: A\ndate: 2026-01-01\n---\n\n${markdown}`)).html, page)

test('code is in a feed to the letter, with its language and nothing else', async () => {
  const code = "const a = '<b>' // [!code ++]\n\nif (a && 1 < 2) {\n  a()\n}"
  const { html } = await fit(`\`\`\`ts title="lib/a.ts" showLineNumbers {3}\n${code}\n\`\`\`\n\n\`\`\`\nplain\n\`\`\``)
  const [first, second] = elementsIn(html).filter(({ tagName }) => tagName === 'pre')
  expect(first && textOf(first)).toBe(code.replace(' // [!code ++]', ''))
  expect(html).toContain('<figure><figcaption>lib/a.ts</figcaption><pre><code class="language-ts">const a')
  expect(second && textOf(second)).toBe('plain')
  expect(html).not.toMatch(/<span|numbered|tabindex|aria-/)
})

test('a footnote is in a feed once, and its number leads to the page', async () => {
  const { html } = await fit('Said.[^a]\n\n[^a]: In a note.')
  expect(html.match(/In a note/g)).toHaveLength(1)
  expect(html).toContain(`<sup><a href="${page}#fn-a">1</a></sup>`)
  expect(html).not.toContain('↩')
})

test('a formula is MathML with its TeX, once', async () => {
  const { html } = await fit('Here $a^2$.\n\n$$\nb^3\n$$')
  expect(html).toMatch(/^<p>Here <math [^>]*>.*<annotation encoding="application\/x-tex">a\^2<\/annotation>/)
  expect(html.match(/<math/g)).toHaveLength(2)
  expect(html).not.toMatch(/katex|aria-hidden/)
})

test('a diagram is its source and a link, an embed is a link', async () => {
  const { html } = await fit(
    '```mermaid title="Flow"\nflowchart LR\n  a --> b\n```\n\n::embed[A pen]{src="https://codepen.io/ada/pen/abcDEF"}',
  )
  const source = '<pre><code class="language-mermaid">flowchart LR\n  a --> b</code></pre>'
  expect(html).toContain(`<figure>${source}<figcaption>Flow: <a href="${page}">see it drawn</a></figcaption></figure>`)
  expect(html).toContain(
    '<figcaption>A pen: <a href="https://codepen.io/ada/pen/abcDEF">See it on CodePen</a></figcaption>',
  )
})

test('a chart is its numbers, and tabs follow each other', async () => {
  const chart = '<Chart title="Hours" unit="h" caption="In a week." data={[{ label: "Mon", value: 4 }]} />'
  const tabs = '<Tabs>\n  <Tab label="npm">`npm i`</Tab>\n  <Tab label="pnpm">`pnpm i`</Tab>\n</Tabs>'
  const { html } = await fit(`${chart}\n\n${tabs}`, 'posts/a/post.mdx')
  expect(html).toMatch(/^<figure><figcaption><b>Hours<\/b><br>In a week.<\/figcaption><table><thead>/)
  expect(html).toMatch(/<th scope="row">Mon<\/th><td align="right">4\s*h<\/td>/)
  expect(html).not.toMatch(/<svg|<details|<caption/)
  expect(html).toMatch(/<p><strong>npm<\/strong><\/p>.*<code>npm i<\/code>.*<p><strong>pnpm<\/strong><\/p>/s)
})

test('every address in a feed is absolute: links, fragments, pictures in all sizes, films', () => {
  const html = [
    '<p><a href="/tags/css">a</a> <a href="#b">b</a> <a href="../c?d=1">c</a> <a href="mailto:a@b.example">d</a></p>',
    '<picture><source type="image/avif" srcset="/media/h/a%20b-640.avif 640w, /media/h/a%20b.avif 1280w" sizes="100vw">',
    '<img src="/media/h/a%20b.jpg" alt="A" width="1280" height="720" class="s1" loading="lazy"></picture>',
    '<video src="/video/h/f.mp4" poster="/media/h/p.jpg" controls><a href="/video/h/f.mp4">F</a></video>',
  ].join('')
  const { html: fitted, files } = feedText(html, page)
  const site = 'https://press.example'
  expect(fitted).toContain(`<a href="${site}/tags/css">a</a> <a href="${page}#b">b</a> <a href="${site}/blog/c?d=1">`)
  expect(fitted).toContain(
    `srcset="${site}/media/h/a%20b-640.avif 640w, ${site}/media/h/a%20b.avif 1280w" sizes="100vw"`,
  )
  expect(fitted).toContain(`<img src="${site}/media/h/a%20b.jpg" alt="A" width="1280" height="720">`)
  expect(fitted).toContain(`<video src="${site}/video/h/f.mp4" poster="${site}/media/h/p.jpg" controls>`)
  expect(files).toEqual([`${site}/media/h/a%20b.jpg`, `${site}/video/h/f.mp4`])
})

test('nothing in a feed runs, hides, or belongs to the page', () => {
  const html = [
    '<script>alert(1)</script><style>p{}</style><template><p>t</p></template><button>Copy</button>',
    '<p hidden>h</p><p aria-hidden="true">x</p><h2 id="a" class="b" data-c="d">T<a class="anchor" href="#a"></a></h2>',
    '<p><a href="javascript:alert(1)" onclick="x()">words</a> <img src="javascript:alert(1)" alt="i"></p>',
    '<iframe src="https://e.example/f" title="Frame"></iframe><math onclick="x()"><mi>y</mi></math>',
  ].join('')
  expect(feedText(html, page).html).toBe(
    '<h2>T</h2><p>words <img alt="i"></p><p><a href="https://e.example/f">Frame</a></p><math><mi>y</mi></math>',
  )
})

const item: Item = {
  id: page,
  link: page,
  title: 'A post',
  summary: 'Said shortly.',
  html: '<p>All of it.</p>',
  published: new Date('2026-07-14T10:30:00Z'),
  updated: new Date('2026-07-15T10:30:00Z'),
  authors: [{ name: 'Ada', address: 'https://press.example/authors/ada' }],
  tags: ['c++', '日本語'],
  cover: 'https://press.example/media/h/a.jpg',
  enclosures: [
    { address: 'https://press.example/media/h/a.jpg', type: 'image/jpeg', length: 5 },
    { address: 'https://press.example/video/h/a.mp3', type: 'audio/mpeg', length: 7 },
  ],
}
const feed: Feed = {
  title: 'The Small Press',
  description: 'A blog.',
  language: 'en-GB',
  address: 'https://press.example/feed.xml',
  page: 'https://press.example/',
  site: 'https://press.example',
  owner: 'The Small Press',
  hub: '',
  items: [item],
}

const HOSTILE = 'Q&A: <b>bold</b> ]]> 😀 "both" \u0000\u0007\u000b\uFFFE\uD800 &amp; \u00a0 end'
const PLAIN = 'Q&A: <b>bold</b> ]]> 😀 "both"  &amp; \u00a0 end'

test('titles, summaries and texts with any sign come out of each feed as they went in, without what XML forbids', () => {
  const html = `<p>One ]]> two &amp; three \u0000\u000b 😀</p>`
  const one = {
    ...item,
    title: HOSTILE,
    summary: HOSTILE,
    html,
    tags: [HOSTILE],
    authors: [{ name: HOSTILE, address: page }],
  }
  const whole = { ...feed, title: HOSTILE, description: HOSTILE, items: [one] }
  for (const written of [rss(whole), atom(whole), jsonFeed(whole)])
    expect(written).not.toMatch(/[^\t\n\r\u{20}-\u{D7FF}\u{E000}-\u{FFFD}\u{10000}-\u{10FFFF}]|undefined|\\u0000/u)
  const asRss = parseRssFeed(rss(whole))
  expect([asRss.title, asRss.description]).toEqual([PLAIN, PLAIN])
  const entry = asRss.items?.[0]
  expect(entry?.title).toBe(PLAIN)
  // The description is HTML.
  expect(textOf(fromHtml(entry?.description ?? '', { fragment: true }))).toBe(PLAIN)
  expect(entry?.content?.encoded).toBe('<p>One ]]> two &amp; three  😀</p>')
  expect([entry?.categories?.[0]?.name, entry?.dc?.creators?.[0]]).toEqual([PLAIN, PLAIN])
  const asAtom = parseAtomFeed(atom(whole)).entries?.[0]
  expect([asAtom?.title?.value, asAtom?.summary?.value, asAtom?.categories?.[0]?.term]).toEqual([PLAIN, PLAIN, PLAIN])
  expect(asAtom?.content).toMatchObject({ type: 'html', value: '<p>One ]]> two &amp; three  😀</p>' })
  const asJson = JSON.parse(jsonFeed(whole)).items[0]
  expect([asJson.title, asJson.summary, asJson.tags[0]]).toEqual([PLAIN, PLAIN, PLAIN])
})

test('an RSS feed keeps the rules of its specification', () => {
  const { items = [], atom: links, ...channel } = parseRssFeed(rss({ ...feed, hub: 'https://hub.example/?a=1&b=2' }))
  expect(channel).toMatchObject({
    title: feed.title,
    link: feed.page,
    description: feed.description,
    language: 'en-GB',
  })
  expect(links?.links?.map(({ rel, href }) => [rel, href])).toEqual([
    ['self', feed.address],
    ['hub', 'https://hub.example/?a=1&b=2'],
  ])
  expect(items[0]).toMatchObject({
    title: item.title,
    link: page,
    guid: { value: page, isPermaLink: true },
    pubDate: 'Tue, 14 Jul 2026 11:30:00 +0100',
    description: item.summary,
    categories: [{ name: 'c++' }, { name: '日本語' }],
    // One for each item: the sound, which is what readers of RSS collect.
    enclosures: [{ url: 'https://press.example/video/h/a.mp3', length: 7, type: 'audio/mpeg' }],
    dc: { creators: ['Ada'] },
    content: { encoded: '<p>All of it.</p>' },
  })
  expect(rss(feed).match(/<enclosure/g)).toHaveLength(1)
})

test('a JSON feed and an Atom feed have every file, and say when a post was changed', () => {
  const entry = parseAtomFeed(atom(feed)).entries?.[0]
  expect(entry).toMatchObject({
    id: page,
    published: '2026-07-14T11:30:00+01:00',
    updated: '2026-07-15T11:30:00+01:00',
  })
  expect(entry?.links?.filter(({ rel }) => rel === 'enclosure').map(({ length }) => length)).toEqual([5, 7])
  expect(parseAtomFeed(atom(feed)).updated).toBe('2026-07-15T11:30:00+01:00')
  const json = JSON.parse(jsonFeed(feed))
  expect(json.version).toBe('https://jsonfeed.org/version/1.1')
  expect(json.items[0]).toMatchObject({
    id: page,
    url: page,
    date_published: '2026-07-14T11:30:00+01:00',
    date_modified: '2026-07-15T11:30:00+01:00',
    image: item.cover,
    attachments: [{ size_in_bytes: 5 }, { size_in_bytes: 7, mime_type: 'audio/mpeg' }],
  })
  expect(parseJsonFeed(json).items).toHaveLength(1)
})

test('a copy of a post elsewhere links to the original, and keeps its own id', () => {
  const copy = { ...feed, items: [{ ...item, link: 'https://first.example/a?b=1&c=2' }] }
  const original = 'https://first.example/a?b=1&c=2'
  const entry = parseRssFeed(rss(copy)).items?.[0]
  expect([entry?.link, entry?.guid?.value, entry?.guid?.isPermaLink]).toEqual([original, page, false])
  const asAtom = parseAtomFeed(atom(copy)).entries?.[0]
  expect([asAtom?.id, asAtom?.links?.[0]?.href]).toEqual([page, original])
  expect(JSON.parse(jsonFeed(copy)).items[0]).toMatchObject({ id: page, url: page, external_url: original })
})

test('a feed without posts, and a post with nothing but a title, are whole', () => {
  const bare = { ...item, summary: '', html: undefined, authors: [], tags: [], cover: undefined, enclosures: [] }
  for (const items of [[], [bare]]) {
    const one = { ...feed, description: '', items }
    for (const written of [rss(one), atom(one), jsonFeed(one)])
      expect(written).not.toMatch(/undefined|null|NaN|1970.*<entry/)
    expect(parseRssFeed(rss(one)).description).toBe(feed.title)
    expect(parseAtomFeed(atom(one)).updated).toBeDefined()
    expect(JSON.parse(jsonFeed(one)).items).toHaveLength(items.length)
  }
  const titled = { ...feed, items: [bare] }
  expect(JSON.parse(jsonFeed(titled)).items[0].content_text).toBe(item.title)
  // RFC 4287 §4.1.1.1: an entry without content has a summary here, so that there is something to read.
  expect(parseAtomFeed(atom(titled)).entries?.[0]?.summary?.value).toBe(item.title)
})

test('a link to a feed is right when there is the list that it is of, and is a mistake otherwise', async () => {
  const links = (addresses: string[]) => addresses.map((address) => `[x](${address})`).join(' ')
  const front = '---\ntitle: A\ndate: 2026-01-01\ntags: [css]\nseries: { name: Two Parts, part: 1 }\n---\n\n'
  const there = ['/feed.xml', '/atom.xml', '/feed.json', '/feeds', '/tags/css/feed.xml', '/blog/web/feed.xml']
  there.push('/authors/default/feed.xml', '/series/two-parts/feed.xml')
  const good = await compile({ 'posts/web/a.md': `${front}${links(there)}\n` })
  expect(good.said.join('\n')).not.toContain('there is nothing at')
  expect(good.status).toBe(0)
  for (const address of ['/tags/html/feed.xml', '/blog/web/a/feed.xml', '/blog/other/feed.xml', '/archive/feed.xml']) {
    const { status, said } = await compile({ 'posts/web/a.md': `${front}${links([address])}\n` })
    expect([status, said.join('\n')], address).toEqual([1, expect.stringContaining(`there is nothing at ${address}`)])
  }
  const draft = await compile({
    'posts/web/a.md': `${front}${links(['/tags/new/feed.xml'])}\n`,
    'posts/web/b.md': '---\ntitle: B\ndate: 2026-01-01\ntags: [new]\ndraft: true\n---\n\nWords.\n',
  })
  expect(draft.html['posts/web/a.md']).toBe('<p><a>x</a></p>')
})
