// This file is long because of its tables of addresses.
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { expect, test } from '@playwright/test'
import { checkLinks } from '../lib/compile/check-links'
import type { LinkedDocument } from '../lib/compile/places'
import { render } from '../lib/markdown/render'
import { withLinks, withLockedMedia } from '../lib/posts/set-links'
import { isExternal, ownPath } from '../lib/site/address'
import { compile } from './compile'
import { ownDrawings } from './own-files'
import { site } from './site.config'

const post = (title: string, matter = '', body = 'Text.') =>
  `---\ntitle: ${title}\ndate: 2026-01-01\n${matter && `${matter}\n`}---\n\n${body}\n`
const nfd = 'été'.normalize('NFD')

/** The other files of the blog, to which `posts/guide/hello.md` may link. */
const around = {
  'posts/guide/other.md': post('Other', 'tags: [C++, Self Hosting]', '## Part two\n\n## 見出し\n\n## Été'),
  'posts/guide/deep/index.mdx': post('Deep'),
  'posts/été.md': post('Summer'),
  'posts/moved.md': post(
    'Moved',
    'slug: new/place\naliases: [/2019/old.html, /blog/old]\nseries: { name: The Set, part: 1 }',
  ),
  'posts/quiet.md': post('Quiet', 'unlisted: true'),
  'posts/secretive.md': post('D', 'draft: true\ntags: [hushhush]\naliases: [/blog/was-secret]'),
  'posts/laterpost.md': '---\ntitle: L\ndate: 2099-01-01\n---\n\nText.\n',
  'posts/gonepost.md': post('G', 'expires: 2026-02-01'),
  'pages/about.md': '---\ntitle: About\n---\n\n[us](../authors/default.md) and [a post](../posts/guide/other.md)\n',
  'pages/legal/imprint.md': '---\ntitle: Imprint\n---\n\n## Who\n',
  'pages/hidden.md': '---\ntitle: H\ndraft: true\n---\n\nNot yet.\n',
}

/** Compiles a post with these links, one in each line from line 6 on, and gives the `href` of each. */
async function follow(hrefs: string[], more: Record<string, string> = {}) {
  const body = hrefs.map((href, at) => `[link ${at}](<${href}>)`).join('\n')
  const compiled = await compile({ ...around, 'posts/guide/hello.md': post('Hello', '', body), ...more })
  const html = compiled.html['posts/guide/hello.md'] ?? ''
  const links = [...html.matchAll(/<a([^>]*)>link (\d+)</g)].map(([, rest]) => /href="([^"]*)"/.exec(rest ?? '')?.[1])
  return { ...compiled, html, links, said: compiled.said.filter((line) => line.startsWith('content/')) }
}

const forms: [string, string][] = [
  ['./other.md', '/blog/guide/other'],
  ['other.md', '/blog/guide/other'],
  ['./other', '/blog/guide/other'],
  ['other', '/blog/guide/other'],
  ['./deep/', '/blog/guide/deep'],
  ['deep/index.mdx', '/blog/guide/deep'],
  ['../guide/deep/', '/blog/guide/deep'],
  ['../moved.md', '/blog/new/place'],
  ['./other.md#part-two', '/blog/guide/other#part-two'],
  ['./other.md?a=1&b=2#part-two', '/blog/guide/other?a=1&#x26;b=2#part-two'],
  ['./other.md#見出し', '/blog/guide/other#%E8%A6%8B%E5%87%BA%E3%81%97'],
  [`./other.md#${nfd}`, `/blog/guide/other#${encodeURIComponent('été')}`],
  ['./other.md#:~:text=Part', '/blog/guide/other#:~:text=Part'],
  ['posts/guide/other.md', '/blog/guide/other'],
  ['/posts/guide/other.md', '/blog/guide/other'],
  ['/content/posts/guide/other.md', '/blog/guide/other'],
  ['content/pages/about.md', '/about'],
  ['/blog/guide/other', '/blog/guide/other'],
  ['/blog/guide/other/', '/blog/guide/other'],
  ['guide/other', '/blog/guide/other'],
  ['new/place', '/blog/new/place'],
  ['blog/new/place', '/blog/new/place'],
  [`/blog/${nfd}`, '/blog/%C3%A9t%C3%A9'],
  ['/blog/%C3%A9t%C3%A9', '/blog/%C3%A9t%C3%A9'],
  [`../${nfd}.md`, '/blog/%C3%A9t%C3%A9'],
  [`${site.address}/blog/guide/other#part-two`, '/blog/guide/other#part-two'],
  [site.address.replace(/[^/]+$/, (host) => host.toUpperCase()), '/'],
  [site.address.replace('https:', ''), '/'],
  ['/2019/old.html', '/blog/new/place'],
  ['/blog/old/', '/blog/new/place'],
  ['/blog/quiet', '/blog/quiet'],
  ['/', '/'],
  ['/blog', '/blog'],
  ['/blog/guide', '/blog/guide'],
  ['/blog/page/1', '/blog'],
  ['/tags', '/tags'],
  ['/tags/c++', '/tags/c%2B%2B'],
  ['/tags/Self Hosting', '/tags/self-hosting'],
  ['/authors/default', '/authors/default'],
  ['../../authors/default.md', '/authors/default'],
  ['/series/the-set', '/series/the-set'],
  ['/series/The Set', '/series/the-set'],
  ['/archive', '/archive'],
  ['/archive/2026', '/archive/2026'],
  ['/about', '/about'],
  ['about', '/about'],
  ['../../pages/legal/imprint.md#who', '/legal/imprint#who'],
  ...ownDrawings.inPublic.map((address): [string, string] => [address, address]),
  ['/sign-in', '/sign-in'],
  ...ownDrawings.inApp.map((address): [string, string] => [address, address]),
  ['#top', '#top'],
  ['mailto:ada@example.com', 'mailto:ada@example.com'],
  ['tel:+351210000000', 'tel:+351210000000'],
  ['https://example.com/blog/nothing', 'https://example.com/blog/nothing'],
]

test('a link may be a file, a slug or an address in any spelling, and becomes the address itself', async () => {
  const { status, links, said, html } = await follow(forms.map(([href]) => href))
  expect(said).toEqual([])
  expect(status).toBe(0)
  // We do not change links to telephone numbers: the sanitiser decides whether to keep them.
  expect(links.map((to, at) => [forms[at]?.[0], to])).toEqual(
    forms.map(([href, to]) => [href, href.startsWith('tel:') && !html.includes('href="tel:') ? undefined : to]),
  )
})

test('links of pages and authors are resolved too', async () => {
  const { html, said } = await compile({
    ...around,
    'authors/default.md': '---\nname: Ada\n---\n\nWrote [this](../posts/guide/other.md), see [about](/about/).\n',
  })
  expect(html['pages/about.md']).toContain('<a href="/authors/default">us</a> and <a href="/blog/guide/other">')
  expect(html['authors/default.md']).toContain('<a href="/blog/guide/other">this</a>, see <a href="/about">')
  expect(said.filter((line) => line.startsWith('content/'))).toEqual([])
})

const broken: [string, string][] = [
  ['/blog/guide/othr', 'there is nothing at /blog/guide/othr. Write /blog/guide/other, or remove the link.'],
  ['./othr.md', 'there is nothing at ./othr.md. Write /blog/guide/other, or remove the link.'],
  ['/blog/place', 'there is nothing at /blog/place. Write /blog/new/place, or remove the link.'],
  ['/blog/été/x', 'there is nothing at /blog/été/x. Write /blog/été, or remove the link.'],
  ['/nowhere-near-anything', 'there is nothing at /nowhere-near-anything. Mend the address, or remove the link.'],
  [`${site.address}/abuot`, `there is nothing at ${site.address}/abuot. Write /about, or remove the link.`],
  ['/tags/c', 'there is nothing at /tags/c. Write /tags/c++, or remove the link.'],
  ['/archive/1999', 'there is nothing at /archive/1999. Write /archive/2026, or remove the link.'],
  ['/blog/page/7', 'there is nothing at /blog/page/7. Write /blog, or remove the link.'],
  ['/drafts/never', 'there is nothing at /drafts/never. Mend the address, or remove the link.'],
  ['/media/0123/x.png', 'there is nothing at /media/0123/x.png. Mend the address, or remove the link.'],
  ['/video/0123/x.mp4', 'there is nothing at /video/0123/x.mp4. Mend the address, or remove the link.'],
  [
    '/api/draft-media/0123/x.png',
    'there is nothing at /api/draft-media/0123/x.png. Mend the address, or remove the link.',
  ],
  ['/api/auth', 'there is nothing at /api/auth. Mend the address, or remove the link.'],
  ['./slides.pdf', 'there is nothing at ./slides.pdf. Mend the address, or remove the link.'],
]

test('a link to nothing stops the build with its line and the nearest address', async () => {
  const { status, said } = await follow(broken.map(([href]) => href))
  expect(said).toEqual(broken.map(([, message], at) => `content/posts/guide/hello.md:${at + 6}: ${message}`))
  expect(status).toBe(1)
})

test('a page at an address that a route of ours answers stops the build', async () => {
  const page = '---\ntitle: P\n---\n\nText.\n'
  const { status, said } = await compile({
    'pages/video/a/b.md': page,
    'pages/tags.md': page,
    'pages/video/a.md': page,
    'pages/authors/x.md': page,
  })
  expect(status).toBe(1)
  expect(said.filter((line) => line.startsWith('content/'))).toEqual(
    [
      ['authors/x', 'authors/[name]'],
      ['tags', 'tags'],
      ['video/a/b', 'video/[hash]/[name]'],
    ].map(
      ([slug, route]) =>
        `content/pages/${slug}.md:1: the address /${slug} belongs to app/${route}, so this page is never shown. Give the file another name or folder.`,
    ),
  )
})

test('the preview of an unlisted post leads to drafts, and its page does not', async () => {
  const { manifest, html } = await compile({
    'posts/a.md': post('A', 'unlisted: true', '[b](./b.md)'),
    'posts/b.md': post('B', 'draft: true', '[a](./a.md)'),
  })
  const of = (slug: string) => manifest.posts.find((one: { slug: string }) => one.slug === slug)
  expect(of('a').previewHrefs).toEqual({ './b.md': '/drafts/b' })
  expect(html['posts/a.md']).not.toContain('href')
  expect(of('b').hrefs).toEqual({ './a.md': '/blog/a' })
})

test('in a draft a broken link is a warning', async () => {
  const { status, said } = await compile({
    'posts/a.md': post('A', 'draft: true', '[x](/blog/nothing-here) [y](#nor-here)'),
  })
  expect(said.filter((line) => /posts\/a\.md:7: .*\(warning\)$/.test(line))).toHaveLength(2)
  expect(status).toBe(0)
})

test('the line of a link is that of the file, in markdown, in HTML, in MDX and in its tags', async () => {
  const body = 'One\n\n[a](/x1)\nand\n[b](/x2)\n\n<p>\n<a href="/x3">c</a>\n</p>\n\n| t |\n| --- |\n| [d](/x4) |'
  const lines = [9, 11, 14, 19]
  const { said } = await compile({
    'posts/a.md': post('A', 'toc: true', body),
    'posts/b.mdx': post('B', 'toc: true', body),
  })
  const expected = ['md', 'mdx'].flatMap((type) =>
    lines.map((line, at) => expect.stringContaining(`${type}:${line}: there is nothing at /x${at + 1}.`)),
  )
  expect(said.filter((line) => line.startsWith('content/'))).toEqual(expected)
})

const hidden: [string, string][] = [
  ['../secretive.md', '../secretive.md is not published (a draft); until it is,'],
  ['/blog/secretive', '/blog/secretive is not published (a draft); until it is,'],
  [`${site.address}/blog/secretive/?x#y`, `${site.address}/blog/secretive/ is not published (a draft); until it is,`],
  ['/drafts/secretive', '/drafts/secretive is not published (a draft); until it is,'],
  ['/blog/was-secret', '/blog/was-secret is not published (a draft); until it is,'],
  ['../laterpost.md', '../laterpost.md is not published (scheduled); until it is,'],
  ['gonepost', 'gonepost is not published (expired); until it is,'],
  ['/hidden', '/hidden is not published (a draft); until it is,'],
  ['/tags/hushhush', 'there is nothing published at /tags/hushhush yet; until there is,'],
]

test('a link to what is not published is a warning, and its words are set without it', async () => {
  const { status, said, links, html } = await follow(hidden.map(([href]) => href))
  expect(said).toEqual(
    hidden.map(
      ([, message], at) =>
        `content/posts/guide/hello.md:${at + 6}: ${message} the words are set without a link. (warning)`,
    ),
  )
  expect(status).toBe(0)
  expect(links).toEqual(hidden.map(() => undefined))
  expect(html).toContain('<a>link 0</a>')
  expect(html).not.toMatch(/secret|later|gone|hush|href/)
})

test('the address of a draft as the words of its own link stops the build', async () => {
  const { status, said } = await follow([], {
    'posts/bare.md': post('Bare', '', `See <${site.address}/blog/secretive>.`),
  })
  expect(said).toEqual([
    `content/posts/bare.md:6: ${site.address}/blog/secretive is not published, and these words tell of it. Write [other words](${site.address}/blog/secretive).`,
  ])
  expect(status).toBe(1)
})

test('a draft changes nothing about where a published post leads', async () => {
  const without = await follow(['quiet', 'about'])
  const beside = await follow(['quiet', 'about'], {
    'posts/guide/quiet.md': post('Q', 'draft: true'),
    'posts/guide/about.md': post('A', 'draft: true\naliases: [/about]'),
  })
  expect(without.links).toEqual(['/blog/quiet', '/about'])
  expect(beside.html).toBe(without.html)
})

test('a scheduled post may link to what is published before it', async () => {
  const scheduled = (date: string, body = '') => `---\ntitle: S\ndate: ${date}\n---\n\n${body}\n`
  const { said, manifest } = await compile({
    'posts/one.md': scheduled('2090-01-01', '[second](./two.md)'),
    'posts/two.md': scheduled('2090-01-02', '[first](./one.md) and [itself](./two.md)'),
  })
  expect(said.filter((line) => line.startsWith('content/'))).toEqual([
    'content/posts/one.md:6: ./two.md is not published (scheduled); until it is, the words are set without a link. (warning)',
  ])
  const two = manifest.posts.find((one: { slug: string }) => one.slug === 'two')
  expect(two.hrefs['./one.md']).toBeNull()
  expect(two.previewHrefs['./one.md']).toBe('/drafts/one')
})

test('an anchor that is not there is a warning with the nearest', async () => {
  const { status, said, links } = await follow([
    './other.md#part-tow',
    '#nothing',
    '/about#x',
    '/blog/guide/deep#x',
    '/tags#any',
  ])
  expect(said).toEqual([
    'content/posts/guide/hello.md:6: there is no #part-tow in posts/guide/other.md. Write #part-two. (warning)',
    'content/posts/guide/hello.md:7: there is no #nothing in posts/guide/hello.md. It has no headings; remove the #. (warning)',
    'content/posts/guide/hello.md:8: there is no #x in pages/about.md. It has no headings; remove the #. (warning)',
    'content/posts/guide/hello.md:9: there is no #x in posts/guide/deep/index.mdx. It has no headings; remove the #. (warning)',
  ])
  expect(status).toBe(0)
  expect(links[0]).toBe('/blog/guide/other#part-tow')
})

test('a new slug or status of the target changes the manifest and compiles no other body', async () => {
  const folder = mkdtempSync(path.join(tmpdir(), 'galley-'))
  const from = { 'posts/a.md': post('A', '', '[b](./b.md)') }
  const steps: Awaited<ReturnType<typeof compile>>[] = []
  for (const matter of ['', 'slug: elsewhere', 'draft: true', ''])
    steps.push(await compile({ ...from, 'posts/b.md': post('B', matter) }, folder))
  const of = ({ manifest }: (typeof steps)[0]) =>
    manifest.posts.find((one: { file: string }) => one.file === 'posts/a.md')
  expect(steps.map((step) => of(step).hrefs['./b.md'])).toEqual(['/blog/b', '/blog/elsewhere', null, '/blog/b'])
  expect(new Set(steps.map((step) => of(step).body)).size).toBe(1)
  rmSync(folder, { recursive: true })
})

test('a file beside the post is served with it, also when it comes later', async () => {
  const folder = mkdtempSync(path.join(tmpdir(), 'galley-'))
  const from = { 'posts/a/index.md': post('A', '', '[slides](./slides.pdf#page=2)') }
  expect((await compile(from, folder)).status).toBe(1)
  const { status, html, manifest } = await compile({ ...from, 'posts/a/slides.pdf': '%PDF-1.4' }, folder)
  expect(status).toBe(0)
  expect(html['posts/a/index.md']).toMatch(/<a href="\/media\/\w{12}\/slides\.pdf#page=2">/)
  expect(manifest.posts[0].pictures).toMatchObject([{ file: expect.stringMatching(/^\w{32}\.pdf$/) }])
  rmSync(folder, { recursive: true })
})

const changes = { '/a?x=1&y="2"': '/b?x=1&y="2"', './gone': null, '/__proto__': '/c', './two\r\nlines': '/d' }
const set: [string, string, string][] = [
  [
    'text',
    '<a title="a > b" href="/a?x=1&#x26;y=&#x22;2&#x22;" rel="me">x</a><code>&#x3C;a href="./gone"> href="./gone"</code>',
    '<a title="a > b" href="/b?x=1&#x26;y=&#x22;2&#x22;" rel="me">x</a><code>&#x3C;a href="./gone"> href="./gone"</code>',
  ],
  ['a link that goes', '<a href="./gone" id="i">w</a>', '<a id="i">w</a>'],
  ['names of JavaScript', '<a href="constructor">k</a><a href="__proto__">k</a>', ''],
  ['other attributes', '<a data-href="./gone" title=\' href="./gone"\'>w</a><b href="./gone">w</b>', ''],
  ['data', '<script type="application/json">{"a":"<a href=\\"./gone\\">"}<a href="./gone"></script>', ''],
  ['text that swallows tags', '<textarea><a href="./gone"></textarea><style><a href="./gone"></style>', ''],
  ['a comment', '<!-- <a href="./gone"> --><p>w</p>', ''],
  ['other quotes', "<a href='./gone' id=i>w</a><A HREF=./gone>w</A>", '<a id=i>w</a><A>w</A>'],
  ['parts that a browser shows elsewhere', '<table><a href="./gone">w</a></table>', '<table><a>w</a></table>'],
  ['parts that a browser leaves out', '<col><tr><a href="./gone">w</a>', '<col><tr><a>w</a>'],
  ['links in a link', '<a href="./gone"><p><a href="./gone">w</a></p></a>', '<a><p><a>w</a></p></a>'],
  ['without script', '<noscript><a href="./gone">w</a></noscript>', '<noscript><a>w</a></noscript>'],
  ['templates', '<template><a href="./gone">w</a></template>', '<template><a>w</a></template>'],
  ['drawings', '<svg><a href="./gone" xlink:href="./gone">w</a></svg>', '<svg><a xlink:href="./gone">w</a></svg>'],
  [
    'ends of lines',
    '<p>\r\n<a href="./two\rlines">w</a>\r\n<a href="./gone">w</a>',
    '<p>\r\n<a href="/d">w</a>\r\n<a>w</a>',
  ],
]

for (const [where, html, expected] of set) {
  test(`links change in their tags only: ${where}`, () => {
    expect(withLinks(html, changes)).toBe(expected || html)
  })
}

test('what a draft shows has locked addresses, and nothing else changes', () => {
  const kept = (...names: string[]) => names.map((name) => ({ file: name, src: `/media/h/${name}` }))
  const pictures = [
    { file: 'a.png', stamp: '1', src: '/media/h/a.png', kept: kept('a.png', 'a-480.webp') },
    { file: 'f.mp4', stamp: '1', src: '/video/h/f.mp4', kept: [{ file: 'f.mp4', src: '/video/h/f.mp4' }] },
  ]
  const html =
    '<picture><source srcset="/media/h/a-480.webp 480w, /media/h/a.png 800w"><img src="/media/h/a.png" alt="at /media/h/a.png"></picture>' +
    '<video src="/video/h/f.mp4#t=10" poster="/media/h/a.png"></video><a href="/media/h/a.png?download#x">w</a><a href="./gone">w</a>'
  const other =
    '<p>See /media/h/a.png</p><pre><code>"/media/h/a.png"</code></pre><!-- "/media/h/a.png" --><img src="/media/h/other.png" srcset="/media/h/other.png  2x">'
  expect(withLockedMedia(html + other, { './gone': '/drafts/g' }, pictures)).toBe(
    html
      .replaceAll(/"\/(?:media|video)\/|(?<=, )\/media\//g, (start) =>
        start.startsWith('"') ? '"/api/draft-media/' : '/api/draft-media/',
      )
      .replace('./gone', '/drafts/g') + other,
  )
})

test('another host, another port and another spelling of either leave the site', () => {
  const { host } = new URL(site.address)
  for (const href of ['https://example.com', 'HTTP://EXAMPLE.com/a', '//example.com', `https://${host}:8443/blog`])
    expect(isExternal(href), href).toBe(true)
  for (const href of ['/blog', 'a.md', '#x', 'mailto:a@example.com', `HTTPS://${host.toUpperCase()}/blog`, `//${host}`])
    expect(isExternal(href), href).toBe(false)
})

test('of a link within the site its path counts', () => {
  const { host } = new URL(site.address)
  for (const [href, path] of [
    ['/blog', '/blog'],
    ['./a b.md', './a b.md'],
    ['', ''],
    [`${site.address}/blog/x`, '/blog/x'],
    [`//${host.toUpperCase()}/x`, '/x'],
    [`\\\\${host}\\x`, '/x'],
    ['https://example.com/x', undefined],
    [' https://example.com/x', undefined],
    ['/\t/example.com/x', undefined],
    ['mailto:a@example.com', undefined],
    ['javascript:1', undefined],
    ['https://[', undefined],
  ] as const)
    expect(ownPath(href), href).toBe(path)
})

test('links that leave the site are marked, and keep what their author said of them', async () => {
  const { html } = await render('posts/a.mdx', '---\ntitle: A\n---\n<a rel="me" href="https://example.com">x</a>\n')
  expect(html).toContain('rel="me noopener noreferrer external"')
})

const idsOf = async (text: string, file = 'posts/a.md') => {
  const { headings, ids } = await render(file, `---\ntitle: A\n---\n${text}\n`)
  expect(new Set(ids).size, 'each id once').toBe(ids.length)
  return headings.map(({ id }) => id)
}

const headings: [string, string, string[]][] = [
  ['Latin', '## Çok güzel & co.', ['çok-güzel--co']],
  ['Chinese', '## 你好，世界', ['你好世界']],
  ['Arabic', '## مرحبا بالعالم', ['مرحبا-بالعالم']],
  ['Hindi', '## नमस्ते दुनिया', ['नमस्ते-दुनिया']],
  ['emoji and words', '## 🎉 Party', ['-party']],
  ['nothing but emoji', '## 🎉\n\n## ❤️', ['section', 'section-1']],
  ['nothing but punctuation', '## …\n\n## ---?\n\n## !!!', ['section', 'section-1', 'section-2']],
  ['duplicates', '## A\n\n## A\n\n## A', ['a', 'a-1', 'a-2']],
  ['duplicates that meet', '## A\n\n## A 1\n\n## A', ['a', 'a-1', 'a-2']],
  ['an underscore that goes', '## _foo\n\n## foo', ['foo', 'foo-1']],
  ['Docusaurus', '## Words {#custom}\n\n## Custom', ['custom', 'custom-1']],
  ['Hugo with a class', '## Words {#custom .wide}', ['custom']],
  ['a class alone', '## Words {.wide}', ['words']],
  ['kramdown', '## Words {: #custom}\n\n## More\n{: #other }', ['custom', 'other']],
  ['an id of a later heading', '## A\n\n## A\n\n## Z {#a}', ['a-1', 'a-2', 'a']],
  ['an id said twice', '## A {#x}\n\n## B {#x}', ['x', 'x-1']],
  ['HTML', '<h2 id="said">A</h2>\n\n## Said', ['said', 'said-1']],
  ['an id of something else', '<p id="a">p</p>\n\n## A', ['a-1']],
  ['what the page has', '## Main', ['main-1']],
  ['a footnote', '## fn 1\n\nText.[^1]\n\n[^1]: Note.', ['fn-1-1']],
  [
    'names of properties',
    '## constructor\n\n## constructor\n\n## `__proto__`',
    ['constructor', 'constructor-1', 'proto__'],
  ],
  ['decomposed letters', `## ${nfd}\n\n## été\n\n## Z {#${nfd}-z}`, ['été', 'été-1', 'été-z']],
]
for (const [name, text, ids] of headings) {
  test(`heading ids: ${name}`, async () => {
    expect(await idsOf(text)).toEqual(ids)
  })
}

test('an anchor of old, <a name>, is an id where no heading has it', async () => {
  const {
    html,
    ids,
    headings: found,
  } = await render(
    'posts/a.md',
    '---\ntitle: A\n---\n<a name="here"></a>Words.\n\n## There {.wide}\n\n<a name="there"></a><a name="__next_f"></a><a name="here"></a>\n',
  )
  expect(ids).toEqual(['here', 'there'])
  expect(found).toEqual([{ id: 'there', text: 'There', depth: 2 }])
  expect(html).not.toMatch(/name=|\.wide/)
})

test('an id is there once, and the second is named with its line', async () => {
  for (const file of ['posts/a.md', 'posts/a.mdx']) {
    const { ids, problems } = await render(
      file,
      '---\ntitle: A\n---\n## A {#a}\n\n<h2 id="a">B</h2>\n\n<p id="p">x</p>\n\n<p id="p">x</p>\n\n<p id="main">x</p>\n\n<p id="fn-1">x</p>\n\nText.[^1]\n\n[^1]: Note.\n',
    )
    expect(new Set(ids).size).toBe(ids.length)
    expect(ids).toEqual(expect.arrayContaining(['a', 'a-1', 'p', 'fn-1', 'fnref-1']))
    expect(problems.map(({ line, message }) => `${line}: ${message}`).sort()).toEqual([
      '10: the id "p" is used twice. This <p> goes without; write another.',
      '12: the id "main" is used twice. This <p> goes without; write another.',
      '14: the id "fn-1" is used twice. This <p> goes without; write another.',
      '6: the anchor "a" is used twice. This heading is at #a-1; write another between the braces.',
    ])
  }
})

test('heading ids are said in MDX as in markdown', async () => {
  expect(await idsOf('## Words {#custom}\r\n\n- ```\n  ## Code {#code}\n  ```\n\n## Plain', 'posts/a.mdx')).toEqual([
    'custom',
    'plain',
  ])
})

const tags: [string, string][] = [
  ['[a]({{< ref "x.md" >}})', '{{< ref "x.md" >}} is not run here, and is shown as it stands. Write the file as'],
  ['{% post_url 2020-01-01-x %}', '{% post_url 2020-01-01-x %} is not run here'],
  [
    '{{< youtube abc >}}',
    '{{< youtube abc >}} is not run here, and is shown as it stands. Write ::embed{src="https://…"}',
  ],
  ['{% asset_img a.png %}', 'is shown as it stands. Write ![what it shows](./picture.png "caption").'],
  ['{% post_link other %}', 'is shown as it stands. Write the file as the address: [words](./other.md).'],
  ['{% codeblock %}', 'is shown as it stands. Write a fence of three backticks.'],
  ['{{<youtube abc>}}', '{{<…>}} is not run here'],
  ['{% embed https://example.com/a %}', '{% embed https://example.com/a %} is not run here'],
  ['<div><a href="{{< ref "other.md" >}}">x</a></div>', '{{< ref is not run here'],
  ['{{% notice %}}', '{{% notice %}} is not run here'],
  ['<a href="{{ site.baseurl }}/x">x</a>', '{{ site.baseurl }} is not run here'],
]
test('a tag of another engine is a warning with its line and what to write instead, but not in code', async () => {
  const body = `${tags.map(([text]) => text).join('\n\n')}\n\n\`{{< ref "x" >}}\` and {{ mustache }} and {a}\n\n\`\`\`\n{% raw %}\n\`\`\``
  const { problems } = await render('posts/a.md', `---\ntitle: A\n---\n${body}\n`)
  const found = problems.filter(({ message }) => message.includes('is not run here'))
  expect(found).toEqual(
    tags.map(([, message], at) => ({
      line: 4 + at * 2,
      severity: 'warning',
      message: expect.stringContaining(message),
    })),
  )
})

test('of a hundred thousand links, the hundred that lead nowhere are named', { tag: '@long' }, () => {
  const documents: LinkedDocument[] = Array.from({ length: 10_000 }, (_, at) => ({
    file: `posts/c${at % 20}/post-${at}.md`,
    type: 'Post',
    slug: `c${at % 20}/post-${at}`,
    post: {
      draft: at % 50 === 49,
      unlisted: false,
      date: '2026-01-01T00:00:00Z',
      tags: [`t${at % 300}`],
      authors: [],
      aliases: [],
      category: `c${at % 20}`,
    },
    ids: ['one', 'two'],
    links: Array.from({ length: 10 }, (_, link) => {
      const to = (at * 7 + link * 131) % 10_000
      const href = [`/blog/c${to % 20}/post-${to}#one`, `../c${to % 20}/post-${to}.md`, `c${to % 20}/post-${to}`][
        link % 3
      ]
      return { href: at % 100 === 0 && link === 0 ? `/blog/broken-${at}` : (href ?? ''), line: 1 }
    }),
  }))
  const { problems } = checkLinks(documents, new Date())
  expect(problems.filter(({ severity }) => severity === 'error')).toHaveLength(100)
})

test('an anchor leads to its heading in any script', async ({ page }) => {
  await page.goto('/blog/anchors')
  const names = ['Été', '你好，世界', 'مرحبا بالعالم', '🎉 Party', '…', 'Latin', 'Words', 'In HTML', 'नमस्ते दुनिया']
  const links = page.locator('.prose > p').first().getByRole('link')
  await expect(links).toHaveCount(names.length)
  for (const [at, name] of names.entries()) {
    await links.nth(at).click()
    await expect(page.locator(':target')).toContainText(name)
    const own = page.locator(':target .anchor')
    expect(new URL((await own.getAttribute('href')) ?? '', page.url()).href).toBe(page.url())
    await page.evaluate(() => scrollTo(0, 0))
  }
})

test('a link that leaves the site has an arrow that is not read, not printed, never alone on a line', async ({
  page,
}) => {
  await page.goto('/blog/100%25%20%26%20more')
  const prose = page.locator('.prose')
  const arrow = (name: string) =>
    prose.getByRole('link', { name, exact: true }).evaluate((link) => getComputedStyle(link, '::after').content)
  expect(await arrow('a place')).toContain('↗')
  expect(await arrow('here')).toBe('none')
  expect(await arrow('A dot')).toBe('none')
  const link = prose.getByRole('link', { name: 'a place', exact: true })
  const lonely = await link.evaluate((node) => {
    const box = node.closest('p') as HTMLElement
    // A line may break between any two of these characters.
    ;(node.firstChild as Node).textContent = '日本語の場所'
    const found: number[] = []
    // In a box below 80 pixels the line breaks within the last word.
    for (let width = 80; width < 240; width += 3) {
      box.style.width = `${width}px`
      const words = document.createRange()
      words.selectNodeContents(node.firstChild as Node)
      const ends = [...words.getClientRects()].at(-1) as DOMRect
      const whole = [...node.getClientRects()].at(-1) as DOMRect
      if (whole.left > ends.left + 1 || whole.bottom > ends.bottom + 8) found.push(width)
    }
    box.style.width = ''
    return found
  })
  expect(lonely).toEqual([])
  await page.emulateMedia({ media: 'print' })
  // In print, the address follows the name of the link, and there is no arrow.
  const printed = prose.locator('a[href="https://example.com/elsewhere"]')
  expect(await printed.evaluate((node) => getComputedStyle(node, '::after').content)).not.toContain('↗')

  await test.step('a click on a link leads to the address at once', async () => {
    await page.emulateMedia({ media: null })
    const answers: string[] = []
    page.on('response', (answer) => {
      if (answer.request().isNavigationRequest()) answers.push(`${answer.status()} ${new URL(answer.url()).pathname}`)
    })
    await prose.getByRole('link', { name: 'here' }).click()
    await expect(page.getByRole('heading', { level: 1 })).toHaveText('Part one')
    expect(answers).toEqual(['200 /blog/frontend/part-one'])
  })
})
