import { expect, test } from '@playwright/test'
import { readSource } from '../lib/compile/front-matter'
import { readDate } from '../lib/compile/parse-date'
import { codeBlock } from '../lib/markdown/code/code'
import { render } from '../lib/markdown/render'
import { addressKey, categoryOf, categoryTitle, postAddress, tagAddress, tagKey } from '../lib/site/address'
import { laterPages, listPage, pageCount } from '../lib/site/pagination'
import { nextChange, statusOf } from '../lib/store/status'
import { site } from './site.config'

const now = new Date('2026-06-01T12:00:00Z')
const dated = { draft: false, unlisted: false, date: '2026-01-01T00:00:00Z' }

test('a status is decided by draft, expiry, date and listing, in that order', () => {
  expect(statusOf(dated, now)).toBe('published')
  expect(statusOf({ ...dated, unlisted: true }, now)).toBe('unlisted')
  expect(statusOf({ ...dated, date: '2026-06-01T12:00:00Z' }, now)).toBe('published')
  expect(statusOf({ ...dated, date: '2026-06-01T12:00:00.001Z' }, now)).toBe('scheduled')
  expect(statusOf({ ...dated, expires: '2026-06-01T12:00:00Z' }, now)).toBe('expired')
  expect(statusOf({ ...dated, expires: '2026-06-01T12:00:00.001Z' }, now)).toBe('published')
  expect(statusOf({ ...dated, draft: true, expires: '2020-01-01' }, now)).toBe('draft')
})

test('a date that cannot be read publishes nothing', () => {
  expect(statusOf({ ...dated, date: 'soon' }, now)).toBe('scheduled')
  expect(statusOf({ ...dated, expires: 'never' }, now)).toBe('expired')
})

test('the next change is the nearest date or expiry to come, drafts aside', () => {
  const posts = [
    dated,
    { ...dated, date: '2026-09-01T00:00:00Z' },
    { ...dated, expires: '2026-07-01T00:00:00Z' },
    { ...dated, draft: true, date: '2026-06-02T00:00:00Z' },
  ]
  expect(nextChange(posts, now)).toBe('2026-07-01T00:00:00.000Z')
  expect(nextChange([dated], now)).toBeNull()
})

const schema = {
  name: 'Post',
  nested: () => [],
  fields: (['title', 'date'] as const).map((name) => ({
    name,
    type: name === 'date' ? ('date' as const) : ('string' as const),
    isRequired: true,
    isSystemField: false,
    description: undefined,
    default: undefined,
  })),
}

for (const [matter, title, date] of [
  ['title: Tea: a story\ndate: 2026-01-01', 'Tea: a story', '2026-01-01'],
  ['title: "Never closed\ndate: 2026-01-01', 'Never closed', '2026-01-01'],
  ["title: 'It's fine'\r\ndate: 2026-01-01", "It's fine", '2026-01-01'],
  ['title: "Quoted" words\ndate: 2026-01-01', '"Quoted" words', '2026-01-01'],
  ['title: [draft] A post\ndate: 2026-01-01', '[draft] A post', '2026-01-01'],
  ['title: Fine\ntags: [a, b\ndate: 2026-01-01', 'Fine', '2026-01-01'],
  ['title: >\n  Folded\n  words\ntags: [a', 'Folded words', undefined],
  ['title Words\ndate: "2026-01-01"', 'Write a post', '2026-01-01'],
  ['date: 2026-01-01: x\ntitle: A', 'A', undefined],
  ['words', 'Write a post', undefined],
] as const) {
  test(`front matter that is not YAML gives what can be read, with its error: ${JSON.stringify(matter)}`, () => {
    const text = `---\n${matter}\n---\nWords.\n`
    const { fields, problems, body } = readSource('posts/write-a-post.md', text, schema, { now, timeZone: 'UTC' })
    expect(String(fields.title).trim()).toBe(title)
    expect(fields.date).toBe(new Date(date ?? 0).toISOString())
    expect(problems).toContainEqual(
      expect.objectContaining({ severity: 'error', message: expect.stringContaining('not') }),
    )
    expect(body).toBe('Words.\n')
  })
}

for (const [text, zone, instant] of [
  ['2026-11-21', 'Europe/Lisbon', '2026-11-21T00:00:00.000Z'],
  ['2026-07-01', 'Europe/Lisbon', '2026-06-30T23:00:00.000Z'],
  ['2026-07-01 18:30', 'America/New_York', '2026-07-01T22:30:00.000Z'],
  ['2026-07-01T18:30:05', 'Asia/Kolkata', '2026-07-01T13:00:05.000Z'],
  ['2026-07-01T18:30:00Z', 'Asia/Kolkata', '2026-07-01T18:30:00.000Z'],
  ['2026-07-01T18:30:00.000-0230', 'UTC', '2026-07-01T21:00:00.000Z'],
  ['2026-10-25 00:30', 'Europe/Lisbon', '2026-10-24T23:30:00.000Z'],
  ['2026-10-25 03:00', 'Europe/Lisbon', '2026-10-25T03:00:00.000Z'],
  ['2026-03-29 01:30', 'Europe/Lisbon', '2026-03-29T01:30:00.000Z'],
  ['2024-02-29', 'UTC', '2024-02-29T00:00:00.000Z'],
]) {
  test(`${text} in ${zone} is ${instant}`, () => {
    const date = readDate(text ?? '', zone ?? '')
    expect('instant' in date && date.instant.toISOString()).toBe(instant)
  })
}

for (const text of ['2026-02-30', '2026-13-01', '2026-1-2', '20260102', '2026-01-02 24:00', 'Jan 2, 2026', '', '0']) {
  test(`"${text}" is not a date`, () => {
    expect(readDate(text, 'UTC')).toHaveProperty('problem')
  })
}

test('tags are the same without regard to case and separator, never across punctuation or script', () => {
  expect(
    new Set(['Self Hosting', 'self-hosting', 'self_hosting', ' SELF  hosting ', 'self/hosting'].map(tagKey)),
  ).toEqual(new Set(['self-hosting']))
  expect(new Set(['c', 'c++', 'C#', 'C&C', '100%', '日本語'].map(tagKey)).size).toBe(6)
  expect(tagKey('e\u0301')).toBe(tagKey('\u00e9'))
  expect(tagAddress('C&C')).toBe('/tags/c%26c')
  expect(postAddress('a/100% & more')).toBe('/blog/a/100%25%20%26%20more')
})

test('categories come from the first folder', () => {
  expect(categoryOf('posts/backend/no-frameworks')).toBe('backend')
  expect(categoryOf('posts/backend/deep/er')).toBe('backend')
  expect(categoryOf('posts/hello')).toBeUndefined()
  expect(categoryTitle('web-performance')).toBe('Web performance')
})

test('addresses are compared decoded and without a last slash', () => {
  expect(addressKey('/a/%C3%A9t%C3%A9/')).toBe('/a/été')
  expect(addressKey('/%')).toBe('/%')
})

test('lists are cut at their edges', () => {
  const items = Array.from({ length: site.postsPerPage * 2 + 1 }, (_, index) => index)
  expect(pageCount([])).toBe(1)
  expect(pageCount(items)).toBe(3)
  expect(laterPages(items)).toEqual(['2', '3'])
  expect(listPage(items, '3')?.items).toEqual([site.postsPerPage * 2])
  for (const page of ['0', '4', '1.5', '02', ' 2', '-1', 'x', 'Infinity', '1e0'])
    expect(listPage(items, page)).toBeUndefined()
})

const prose = async (text: string) => (await render('posts/x.md', `---\n{"title":"X"}\n---\n${text}\n`)).html

for (const [text, html] of [
  [`"Quotes" and 'single', it's the '90s`, '<p>“Quotes” and ‘single’, it’s the ’90s</p>'],
  ['one -- two --- three ... four', '<p>one – two — three … four</p>'],
  ['a *"b"* c', '<p>a <em>“b”</em> c</p>'],
  ['`"--"` and <kbd>"</kbd>', '<p><code>"--"</code> and <kbd>"</kbd></p>'],
  [
    'https://example.com/--x...y and <a--b@example.com>',
    '<p><a href="https://example.com/--x...y" rel="noopener noreferrer external">https://example.com/--x...y</a> and <a href="mailto:a--b@example.com">a--b@example.com</a></p>',
  ],
  ['---- and ....', '<p>---- and ....</p>'],
]) {
  test(`typography: ${text}`, async () => {
    expect(await prose(text ?? '')).toBe(html)
  })
}

for (const text of [
  '<script>alert(1)</script>',
  '<img src=x onerror=alert(1)>',
  '[x](javascript:alert(1))',
  '[x](JaVaScRiPt:alert(1))',
  '<a href="data:text/html,x">x</a>',
  '<iframe src="https://evil.example"></iframe>',
  '<svg><script>1</script></svg>',
  '<style>body{display:none}</style>',
  '<p style="position:fixed" onclick="x()">y</p>',
  '<form action="https://evil.example"><input name=q></form>',
]) {
  test(`sanitised: ${text}`, async () => {
    expect(await prose(`Before ${text} after\n\n${text}`)).not.toMatch(
      /<(script|iframe|style|form|svg)|\son\w+=|javascript:|data:text|style=/i,
    )
  })
}

for (const [text, html] of [
  ['[a](tel:+49123)', '<a href="tel:+49123">a</a>'],
  ['[a](Mailto:a@b.c)', '<a href="mailto:a@b.c">a</a>'],
  ['[a](HTTPS://example.com)', '<a href="https://example.com" rel="noopener noreferrer external">a</a>'],
  [
    '<a rel="me evil" href="https://example.com">a</a>',
    '<a rel="me noopener noreferrer external" href="https://example.com">a</a>',
  ],
  ['<progress value="1" max="2"></progress>', '<progress value="1" max="2"></progress>'],
  ['<meter value="1" min="0" max="2" high="1"></meter>', '<meter value="1" min="0" max="2" high="1"></meter>'],
] as const) {
  test(`stays: ${text}`, async () => {
    expect(await prose(text)).toBe(`<p>${html}</p>`)
  })
}

test('a tag that takes all after it for text is itself text when nothing closes it', async () => {
  const { html, problems } = await render('posts/x.md', '---\ntitle: X\n---\nThe <title> of *a* page.\n\n## Next\n')
  expect(html).toMatch(/^<p>The &#x3C;title> of <em>a<\/em> page.<\/p>\n<h2/)
  expect(problems).toMatchObject([{ line: 4, severity: 'warning' }])
  expect(await prose('a <title>*b*</title> *c*')).toBe('<p>a b <em>c</em></p>')
})

test('words, first paragraph, headings and lines come from the same tree', async () => {
  const rendered = await render(
    'posts/x.md',
    '---\ntitle: X\n---\n\n## One *two*\n\nFirst *line*\nof text.\n\n### Three\n\n```nope\nx\n```\n\n日本語の文章です。\n',
  )
  expect(rendered.firstParagraph).toBe('First line of text.')
  expect(rendered.headings).toEqual([
    { id: 'one-two', text: 'One two', depth: 2 },
    { id: 'three', text: 'Three', depth: 3 },
  ])
  expect(rendered.problems).toMatchObject([{ line: 12, severity: 'warning' }])
  expect(rendered.words).toBeGreaterThan(8)
})

test('the first paragraph has no number of a footnote', async () => {
  const { firstParagraph } = await render('posts/x.md', '---\ntitle: X\n---\nOne.[^1] *Two.[^1]*\n\n[^1]: Note.\n')
  expect(firstParagraph).toBe('One. Two.')
})

test('a heading has the same words in the text, in its link and in the contents', async () => {
  const { html, headings, ids } = await render('posts/x.md', '---\ntitle: X\n---\n## It\'s `--a` -- "b"\n\n::toc\n')
  expect(headings).toEqual([{ id: 'its---a----b', text: 'It’s --a – “b”', depth: 2 }])
  expect(ids).toEqual(['its---a----b'])
  expect(html).toContain('aria-label="Link to “It’s --a – “b””"')
  expect(html).toContain('<li><a href="#its---a----b">It’s --a – “b”</a></li>')
})

test('code is highlighted by classes, with no colour of its own', async () => {
  const { figure } = await codeBlock('const a = 1 // one\n', 'ts title="a.ts" {1}')
  const text = JSON.stringify(figure)
  expect(text).toContain('"className":["line","marked"]')
  expect(text).toContain('"className":["c"]')
  expect(text).not.toContain('#0000')
})

for (const [what, text] of [
  ['a paragraph of marks', '*a '.repeat(1001)],
  ['quotes in quotes', `${'> '.repeat(200)}a`],
  ['directives that nothing closes', ':::note\n'.repeat(200)],
]) {
  test(`too much to read is an error at its line: ${what}`, async () => {
    const { problems } = await render('posts/x.md', `---\ntitle: X\n---\n\n${text}`)
    expect(problems).toMatchObject([{ severity: 'error' }])
    expect(problems[0]?.line).toBeGreaterThan(4)
  })
}

for (const [what, text] of [
  ['definitions', '[a-b_c]: https://example.com/a_b_c_d_e "f"\n'.repeat(1000)],
  ['code that is indented', `A\n\n${'    a[b]: *c\n'.repeat(1000)}`],
  ['code in a list', `- \`\`\`\n${'  a[b]: *c\n'.repeat(1000)}  \`\`\``],
  ['notes below each other', `a[^1]\n\n${'[^1]: b\n'.repeat(1000)}`],
  ['raw HTML', `<table>${'<tr><td><a href="https://example.com/a_b">c</a></td></tr>'.repeat(500)}</table>`],
]) {
  test(`much is not too much: ${what}`, async () => {
    expect((await render('posts/x.md', `---\ntitle: X\n---\n\n${text}`)).problems).toEqual([])
  })
}

for (const text of ['# a_b', 'a {{<_b']) {
  test(`a long run of spaces costs nothing: ${text}`, async () => {
    const started = process.cpuUsage()
    await prose(text.replace('_', ' '.repeat(60_000)))
    const { user, system } = process.cpuUsage(started)
    expect((user + system) / 1000).toBeLessThan(1000)
  })
}

test('broken front matter does not keep a text from being read', async () => {
  for (const matter of ['title: [', '"a', 'images: [{}]', 'images: 3', '- a'])
    expect((await render('posts/x.md', `---\n${matter}\n---\n*a*\n`)).html).toBe('<p><em>a</em></p>')
})
