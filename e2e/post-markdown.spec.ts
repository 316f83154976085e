/** The markdown of a post, in process, and who gets it. */
import { expect, test } from '@playwright/test'
import { buildCustomRoute } from 'next/dist/lib/build-custom-route.js'
import type { Rewrite } from 'next/dist/lib/load-custom-routes.js'
import { parse } from 'yaml'
import { htmlToMarkdown } from '../lib/formats/html-to-markdown'
import { categoryMarkdown, postMarkdown } from '../lib/formats/post-markdown'
import { render } from '../lib/markdown/render'
import { prefersMarkdown } from '../lib/static/accept'
import nextConfig from '../next.config'
import { compile } from './compile'

const page = 'https://press.example/blog/a'

async function rendered(markdown: string): Promise<string> {
  return (await render('posts/a.md', markdown)).html
}

/** What an author writes, and what a program gets; the same where there is one text. */
const marks: Record<string, [string, string?]> = {
  'emphasis, code and a link': [
    'Some *emphasis*, **strength**, `code` and [words](https://a.example/?b=1&c=2 "A title").',
  ],
  'a relative link and a picture of another site': [
    'See [there](/tags/css), [here](#x) and ![it](https://b.example/c.png).\n\n## X',
    'See [there](https://press.example/tags/css), [here](https://press.example/blog/a#x) and ![it](https://b.example/c.png).\n\n## X',
  ],
  'code with a language and a title': ['```ts title="a.ts"\nconst a = 1\n\nconst b = 2\n```'],
  'code in code': ['````md\n```js\n1\n```\n````'],
  'lines that were added and removed': [
    '```js\nlet a\nlet b // [!code --]\nlet c // [!code ++]\n\nlet d\n```',
    '```diff\n let a\n-let b\n+let c\n\n let d\n```',
  ],
  'a footnote before more words': [
    'One.[^why] Two.\n\n[^why]: Because *it* is.',
    'One.[^1] Two.\n\n[^1]: Because *it* is.',
  ],
  'a footnote with blocks, called twice': [
    'One[^a] and two[^a].\n\n[^a]: First.\n\n    ```sh\n    ls\n    ```',
    'One[^1] and two[^1].\n\n[^1]: First.\n\n    ```sh\n    ls\n    ```',
  ],
  'an alert, and one with a title': ['> [!NOTE]\n> Words.\n>\n> More.\n\nBetween.\n\n> [!TIP] A *title*\n> Words.'],
  'a directive': [':::warning[Wet]\nInk.\n:::', '> [!WARNING] Wet\n> Ink.'],
  'a formula in a line and one by itself': ['So $a^2 \\times b$ costs \\$5.\n\n$$\n\\frac{1}{2}\n$$'],
  'a diagram': ['```mermaid title="Way"\nflowchart LR\n  A --> B\n```'],
  'a table': ['| a | b |\n| :- | -: |\n| 1 | x \\| y |'],
  definitions: ['Term\n:   What it is.\n:   What else.\n\nOther\n:   Its own.'],
  'tasks, and lists in lists': ['- [x] done\n- [ ] not\n\nThen:\n\n1. one\n   - inner\n2. two'],
  'HTML that markdown lacks': ['<kbd>Ctrl</kbd>+<kbd>C</kbd>, H<sub>2</sub>O, x<sup>2</sup>, <mark>so</mark>.'],
  'what can be folded': [
    '<details><summary>A & B</summary>\n\nInside.\n\n</details>',
    '<details>\n<summary>A &#38; B</summary>\n\nInside.\n\n</details>',
  ],
  'a film': [
    'An ear: <audio src="https://c.example/a%20b.mp3" controls></audio>',
    'An ear: [a b.mp3](https://c.example/a%20b.mp3)',
  ],
  'a comment to oneself': ['Before.\n\n<!-- nobody may read this -->\n\nAfter.', 'Before.\n\nAfter.'],
  'a table of contents in the text': ['::toc\n\n## One\n\nText.', '## One\n\nText.'],
  'signs that are no marks': ['2 \\* 3 \\* 4, snake_case, \\[not a link], \\<b>, AT&T, \\&amp;.'],
  'lines of a paragraph': ['One line\nand another,\\\nand a break.'],
  Japanese: ['これは**強調**です。\n\n## 見出し'],
}
for (const [what, [source, wanted = source]] of Object.entries(marks))
  test(`in the markdown of a post, ${what} can be read`, async () => {
    const markdown = htmlToMarkdown(await rendered(source), page)
    expect(markdown).toBe(`${wanted}\n`)
    expect(htmlToMarkdown(await rendered(markdown), page)).toBe(markdown)
  })

const post = {
  title: 'A: "b"',
  slug: 'a/b',
  date: '2026-07-14T00:00:00.000Z',
  tags: [] as string[],
  html: '<p>Text.</p>',
}

test('the markdown of a post begins with what its page says about it, and nothing else of its front matter', () => {
  const whole = {
    ...post,
    ...{ summary: 'Short.', lastmod: '2026-08-01T10:00:00.000Z', tags: ['c++'], category: 'a', lang: 'ja' },
    ...{
      series: { name: 'S', part: 2 },
      aliases: ['/old'],
      draft: false,
      unlisted: true,
      file: 'posts/a/b.md',
      toc: true,
    },
  }
  const [, matter = '', text] = postMarkdown(whole as never, [{ name: 'Ines' }], 'https://press.example').split('---\n')
  // The test site is in Lisbon, an hour ahead of UTC in summer.
  expect(parse(matter)).toEqual({
    ...{ title: 'A: "b"', summary: 'Short.', date: '2026-07-14T01:00:00+01:00', lastmod: '2026-08-01T11:00:00+01:00' },
    ...{ authors: ['Ines'], category: 'a', tags: ['c++'], series: { name: 'S', part: 2 }, lang: 'ja' },
    canonicalUrl: 'https://press.example/blog/a/b',
  })
  expect(text).toBe('\nText.\n')
  const day = { ...post, date: '2026-07-13T23:00:00.000Z', canonicalUrl: 'https://other.example/x' }
  expect(parse(postMarkdown(day, [], 'https://press.example').split('---\n')[1] ?? '')).toEqual({
    ...{ title: 'A: "b"', date: '2026-07-14', canonicalUrl: 'https://other.example/x' },
  })
})

test('HTML of an author that has the class of an alert, a footnote or a card is markdown like other HTML', async () => {
  for (const [written, markdown] of [
    ['<aside class="alert">Words</aside>', 'Words\n'],
    ['<sup><a href="http://[" data-footnote-ref>1</a></sup>', '<sup>[1](http://\\[)</sup>\n'],
  ] as const)
    expect(htmlToMarkdown(await rendered(written), page)).toBe(markdown)
  expect(htmlToMarkdown('<figure class="embed"><p>Words</p></figure>', page)).toBe('Words\n')
})

test('a link to what is not published is words in the markdown too', async () => {
  const { html, status } = await compile({
    'posts/a.md': '---\ntitle: A\ndate: 2026-01-01\n---\n\nSee [the plan](./b.md) and [the other](./c.md).\n',
    'posts/b.md': '---\ntitle: B\ndate: 2026-01-01\ndraft: true\n---\n\nText.\n',
    'posts/c.md': '---\ntitle: C\ndate: 2026-01-01\n---\n\nText.\n',
  })
  expect(status).toBe(0)
  const markdown = htmlToMarkdown(html['posts/a.md'] ?? '', page)
  expect(markdown).toBe('See the plan and [the other](https://press.example/blog/c).\n')
})

test('a post may link to the markdown of another; that of a draft is words, and that of nothing is an error', async () => {
  const of = (links: string) => ({
    'posts/a.md': `---\ntitle: A\ndate: 2026-01-01\ntags: [css]\n---\n\n${links}\n`,
    'posts/x/b.md': '---\ntitle: B\ndate: 2026-01-01\ndraft: true\n---\n\nText.\n',
  })
  const { html, said } = await compile(
    of('[one](/blog/a.md), [two](/blog/x/b.md), [all](/llms.txt), [map](/sitemap.xml)'),
  )
  expect(html['posts/a.md'], said.join('\n')).toBe(
    '<p><a href="/blog/a.md">one</a>, <a>two</a>, <a href="/llms.txt">all</a>, <a href="/sitemap.xml">map</a></p>',
  )
  for (const nothing of ['/blog/nope.md', '/blog/page/1.md', '/tags/css.md', '/markdown/a'])
    expect((await compile(of(`[one](${nothing})`))).said.join('\n')).toContain(`there is nothing at ${nothing}`)
  const { said: slug } = await compile({ 'posts/c.md': '---\ntitle: C\ndate: 2026-01-01\nslug: x.md\n---\n\nText.\n' })
  expect(slug.join('\n')).toContain('posts/c.md:4: the address /blog/x.md belongs to the markdown of a post')
})

test('a category whose address is that of the markdown of a page is an error', async () => {
  const { said } = await compile({ 'posts/notes.md/a.md': '---\ntitle: A\ndate: 2026-01-01\n---\n\nText.\n' })
  expect(said.join('\n')).toContain(
    'posts/notes.md/a.md:1: the address /blog/notes.md belongs to the markdown of a post. Rename the folder "notes.md".',
  )
})

test('a page of a category is a list of links to the markdown of its posts', () => {
  const items = [{ title: 'A [b]', slug: 'x/a', excerpt: 'Short.' }]
  expect(categoryMarkdown({ name: 'web-design' }, { items, number: 1, of: 2 }, 'https://press.example')).toBe(
    '# Web design\n\n- [A \\[b\\]](https://press.example/blog/x/a.md): Short.\n\n[Page 2 of 2](https://press.example/blog/web-design/page/2.md)\n',
  )
})

test('next.config.js rewrites a page to its markdown for a program that prefers that, and no address with an ending', async () => {
  const rewrites = await nextConfig.rewrites?.()
  const [rule] = (rewrites && 'beforeFiles' in rewrites && rewrites.beforeFiles) || []
  const { regex } = buildCustomRoute('rewrite', rule as Rewrite)
  for (const address of ['/blog/a', '/blog/x/a', '/blog/node.js', '/blog/backend/page/2'])
    expect(address).toMatch(new RegExp(regex))
  for (const address of ['/blog/a.md', '/blog/backend/page/2.md', '/blog/backend/feed.xml', '/blog/page/2'])
    expect(address).not.toMatch(new RegExp(regex))
})

const chrome = 'text/html,application/xhtml+xml,application/xml;q=0.9,image/avif,image/webp,*/*;q=0.8'
for (const [accept, isWanted] of [
  ['text/markdown', true],
  ['TEXT/Markdown ; q=1.0', true],
  ['text/markdown;variant=GFM, text/html;q=0.9', true],
  ['text/html;q=0.5, text/markdown;q=0.6', true],
  // Programs that read write these.
  ['text/markdown, text/html, */*', true],
  ['text/markdown;q=1.0, text/x-markdown;q=0.9, text/plain;q=0.8, text/html;q=0.7, */*;q=0.1', true],
  ['text/markdown, */*', true],
  ['text/markdown, text/plain;q=0.9, */*;q=0.8', true],
  ['*/*, text/markdown', true],
  ['text/markdown;q=0.5, */*;q=0.4', true],
  ['text/html, text/markdown', false],
  ['text/markdown;q=0.5, text/html', false],
  ['text/markdown;q=0.5, text/*', false],
  ['text/markdown;q=0', false],
  ['text/markdown;q=0, */*', false],
  ['text/markdown;q=x', false],
  ['text/plain', false],
  ['*/*', false],
  ['text/*', false],
  ['', false],
  [undefined, false],
  [chrome, false],
] as const)
  test(`a request with Accept: ${accept} gets ${isWanted ? 'markdown' : 'HTML'}`, () => {
    expect(prefersMarkdown(accept)).toBe(isWanted)
  })
