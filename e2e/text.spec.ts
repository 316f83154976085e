// This file is long because of its tables of marks.
import { readFileSync } from 'node:fs'
import { expect, test } from '@playwright/test'
import { fromHtml } from 'hast-util-from-html'
import { toString as textOf } from 'hast-util-to-string'
import { render } from '../lib/markdown/render'
import { chooseTheme } from './in-browser'
import { kinds } from './pages'

const read = (text: string, matter = 'title: X') => render('posts/x.md', `---\n${matter}\n---\n${text}\n`)
const prose = async (text: string, matter?: string) => (await read(text, matter)).html

for (const [lang, text, html] of [
  ['fr', 'Il dit "bonjour" : oui !', '<p>Il dit «\u202fbonjour\u202f»\u00a0: oui\u202f!</p>'],
  ['de-AT', `"Ja" und 'nein'`, '<p>„Ja“ und ‚nein‘</p>'],
  ['de-CH', '"Ja"', '<p>«Ja»</p>'],
  ['constructor', "'a'", "<p>'a'</p>"],
  ['ja', '"はい"', '<p>"はい"</p>'],
] as const) {
  test(`quotes are those of the post's language: ${lang}`, async () => {
    expect(await prose(text, `lang: ${lang}`)).toBe(html)
  })
}

/** A text, and its maths: the sources that KaTeX was given. */
for (const [text, sources] of [
  ['Set $x^2$ and $y$.', ['x^2', 'y']],
  ['It costs $5 to $10.', []],
  ['It costs $5-$10, or US$3 and CA$4.', []],
  ['The $n$th, and 5$ or $ 6 $.', ['n']],
  ['Escaped: \\$x$ and $a\\$b$.', ['a\\$b']],
  ['`$x$` is code.', []],
  ['Across $a\nb$ lines.', ['a\nb']],
  ['In the line $$z$$ too.', ['z']],
  ['GitHub writes $`a_1`$.', ['a_1']],
  ['$$a=b$$', ['a=b']],
  ['$$\na=b\n$$', ['a=b']],
  ['$$ a\n= b $$\n\nText goes on.', ['a\n= b']],
  ['```math\nc\n```', ['c']],
  ['a $x\n\ny$ b', []],
  ['**$one** or **$two**', []],
  ['a$x$ and $$', []],
] as const) {
  test(`maths: ${JSON.stringify(text)}`, async () => {
    const { html } = await read(text)
    const found = [...html.matchAll(/<annotation encoding="application\/x-tex">(.*?)<\/annotation>/gs)]
    expect(found.map(([, source]) => source)).toEqual(sources)
    if (text.includes('goes on')) expect(html).toContain('<p>Text goes on.</p>')
  })
}

test('a formula has MathML, no style attribute, and a page that has none needs no sheet', async () => {
  const { html, css, needs } = await read('$$\n\\frac{a}{b}\n$$')
  expect(html).toContain('<math xmlns="http://www.w3.org/1998/Math/MathML" display="block">')
  expect(html).not.toContain('style=')
  for (const [, name] of html.matchAll(/class="[^"]*\b(s[0-9a-f]{6})\b/g)) expect(css).toContain(`.${name}{`)
  expect(needs).toEqual(['maths'])
  expect((await read('Nothing.')).needs).toEqual([])
})

test('a formula that cannot be read stays as it is written, and the checks say so with its line', async () => {
  const { html, problems } = await read('One.\n\nTwo $\\nosuch{x}$.')
  expect(html).toContain('<code>\\nosuch{x}</code>')
  expect(problems).toEqual([
    { line: 6, severity: 'warning', message: expect.stringContaining('KaTeX cannot read this formula') },
  ])
})

for (const [text, html] of [
  [
    ':::note\nText.\n:::',
    'alert-note" role="note" aria-label="Note"><p class="alert-title">Note</p><p>Text.</p></aside>',
  ],
  [':::tip[A *b*]\nText.\n:::', 'alert-tip" role="note" aria-label="Tip"><p class="alert-title">A <em>b</em></p>'],
  [
    ':::danger Mind it\nText.\n:::',
    'alert-caution" role="note" aria-label="Caution"><p class="alert-title">Mind it</p>',
  ],
  ['::: warning\nText.\n:::', 'alert-warning" role="note" aria-label="Warning"><p class="alert-title">Warning</p>'],
  [
    '::::info\n:::tip\nIn.\n:::\n::::',
    'alert-note" role="note" aria-label="Note"><p class="alert-title">Note</p><aside class="alert alert-tip"',
  ],
  ['> [!caution]\n> Text.', '<p class="alert-title">Caution</p>\n<p>Text.</p>\n</aside>'],
  ['> [!note] A *b*\n> Text.', '<p class="alert-title">A <em>b</em></p>\n<p>Text.</p>\n</aside>'],
  ['> [!tip]- A\n>\n> Text.', 'aria-label="Tip">\n<p class="alert-title">A</p>\n<p>Text.</p>\n</aside>'],
  ['> [!tip]+  \n> Text\n> *b*.', '<p class="alert-title">Tip</p>\n<p>Text\n<em>b</em>.</p>\n</aside>'],
  ['> [!tip] A', '<p class="alert-title">A</p>\n</aside>'],
  ['> [!constructor]\n> Text.', '<p>[!constructor]\nText.</p>'],
  [':::constructor\nText.\n:::', '<p>:::constructor</p>'],
  [':::details More of it\nText.\n:::', '<details><summary>More of it</summary><p>Text.</p></details>'],
  [':::tip Dry\r\nText.\r\n:::\r\n\r\nMore.', '<p class="alert-title">Dry</p><p>Text.</p></aside>\n<p>More.</p>'],
  [':::wide\nText.\n:::', '<div class="wide"><p>Text.</p></div>'],
  ['At 10:30, a:b, :smile: and ::x.', '<p>At 10:30, a:b, :smile: and ::x.</p>'],
  ['```\n:::note Title\n:::\n```', ':::note Title'],
  [':::nosuch\nText *a*.\n:::', '<p>:::nosuch</p>\n<p>Text <em>a</em>.</p>\n<p>:::</p>'],
  ['Term\n: One *a*\n: Two', '<dl>\n<dt>Term</dt>\n<dd>One <em>a</em>\n</dd>\n<dd>Two\n</dd>\n</dl>'],
  [
    '## A\n## B\n\n::toc',
    '<nav class="toc-inline" aria-label="In this text"><ul><li><a href="#a">A</a></li><li><a href="#b">B</a></li></ul></nav>',
  ],
] as const) {
  test(`directives: ${JSON.stringify(text)}`, async () => {
    expect(await prose(text)).toContain(html)
  })
}

/**
 * A text with `:::note T` in code, and a note after it. The test writes both as `:::note T`, and only one is a note.
 */
for (const [name, text] of [
  ['a fence in a list', '- ```\n  :::note T\n  ```\n\n:::note[T]\nx\n:::'],
  ['a fence below an item', '10. a\n\n    ```\n    :::note T\n    ```\n\n:::note[T]\nx\n:::'],
  ['a fence in a quote that ends with it', '> ```\n> :::note T\n\n:::note[T]\nx\n:::'],
  ['a fence in an item that ends with it', '- a\n  ```\n  :::note T\n\n:::note[T]\nx\n:::'],
  ['a fence in a note', 'a[^1]\n\n[^1]: b\n\n    ```\n    :::note T\n    ```\n\n:::note[T]\nx\n:::'],
  ['backticks in a line', '``` a`b\n\n:::note[T]\nx\n:::'],
  ['a longer fence', '````\n```\n:::note T\n````\n\n:::note[T]\nx\n:::'],
  ['words after a fence do not close it', '```\n``` a\n:::note T\n```\n\n:::note[T]\nx\n:::'],
  ['a fence far in does not close it', '```\n    ```\n:::note T\n```\n\n:::note[T]\nx\n:::'],
  ['code that is indented', '    :::note T\n    ```\n\n:::note[T]\nx\n:::'],
] as const) {
  test(`lines of code are known before the text is read: ${name}`, async () => {
    for (const end of ['\n', '\r\n']) {
      const loose = text.replaceAll(':::note[T]', ':::note T').replaceAll('\n', end)
      expect((await prose(loose)).match(/:::note T/g) ?? []).toHaveLength(name.startsWith('backticks') ? 0 : 1)
      expect(await prose(loose)).toContain('<p class="alert-title">T</p>')
    }
  })
}

test('a header cell says whether it is of its column or of its row', async () => {
  const scopes = async (rows: string) =>
    [...(await prose(`<table>${rows}</table>`)).matchAll(/scope="(\w+)"/g)].map(([, scope]) => scope)
  const row = '<tr><th>r</th><td>x</td></tr>'
  expect(await scopes(`<thead><tr><th>a</th><td>b</td></tr></thead><tbody>${row}</tbody>`)).toEqual(['col', 'row'])
  expect(await scopes(`<tr><td></td><th>b</th></tr>${row}`)).toEqual(['col', 'row'])
  expect(await scopes(`<tr><th>a</th><th>b</th></tr>${row}`)).toEqual(['col', 'col', 'row'])
  expect(await scopes('<tr><th scope="rowgroup">r</th><td>x</td></tr>')).toEqual(['rowgroup'])
})

test('a class that may not stay leaves no empty attribute', async () => {
  expect(await prose('<p class="x">a</p>')).toBe('<p>a</p>')
})

test('a directive that there is not is named with its line', async () => {
  const { problems } = await read('One.\n\n:::nosuch\nTwo.\n:::')
  expect(problems).toEqual([
    { line: 6, severity: 'warning', message: expect.stringContaining('there is no directive "nosuch"') },
  ])
})

test('what may not stay of raw HTML is said, once for each kind', async () => {
  const { problems } = await read(
    'Text.\n\n<script>1</script>\n\n<p onclick="x()" style="color: red">a</p>\n\n<script>2</script>',
  )
  expect(problems.map(({ line, message }) => `${line}: ${message.split(' cannot')[0]}`)).toEqual([
    '6: <script>',
    '8: "onclick"',
    '8: "style"',
  ])
})

test('an address of a kind that may not stay is said, as a link, in HTML and of a picture', async () => {
  const { html, problems } = await read(
    '[a](skype:x) [b](JavaScript:y) [c](skype:z)\n\n<img src="data:image/png,0" alt="">\n\n[d](sms:1) [e](TEL:2) [f](mailto:x@y.z) [g](./h:i)',
  )
  expect(problems.map(({ line, message }) => `${line}: ${message.split(' cannot')[0]}`)).toEqual([
    '4: An address that begins with "skype:"',
    '4: An address that begins with "JavaScript:"',
    '6: An address that begins with "data:"',
  ])
  expect([...html.matchAll(/href="([^"]*)"/g)].map(([, href]) => href)).toEqual([
    'sms:1',
    'tel:2',
    'mailto:x@y.z',
    './h:i',
  ])
})

test('a diagram is set as its source, and what Mermaid cannot read is said with its line', async () => {
  const good = await read('```mermaid title="A to B"\nflowchart LR\n  A --> B\n```')
  expect(good.html).toBe(
    '<figure class="diagram"><pre tabindex="0" role="group" aria-label="Source of the diagram: A to B">flowchart LR\n  A --> B</pre><figcaption>A to B</figcaption></figure>',
  )
  expect(good.problems).toEqual([])
  expect(good.needs).toEqual(['diagrams'])
  for (const source of [
    'pie title X\n "a" : 3',
    'gantt\n title A\n section S\n a :a1, 2024-01-01, 30d',
    'classDiagram\n A <|-- B',
  ])
    expect((await read(`\`\`\`mermaid\n${source}\n\`\`\``)).problems).toEqual([])
  const bad = await read('```mermaid\nflowchart LR\n  A --> B\n  B -- \n```')
  expect(bad.problems).toEqual([
    { line: 7, severity: 'warning', message: expect.stringContaining('Mermaid cannot draw') },
  ])
})

test('a note is at the side once, at the end always, and of these one is shown', async ({ page }) => {
  await page.setViewportSize({ width: 1440, height: 900 })
  await page.goto(kinds.post)
  const side = page.getByRole('note').filter({ hasText: 'A second one, with emphasis.' })
  const end = page.getByRole('listitem').filter({ hasText: 'A second one, with emphasis.' })
  await expect(side).toBeVisible()
  await expect(end).toBeHidden()
  const [note, line] = [
    await side.boundingBox(),
    await page.locator('[data-footnote-ref]:visible').nth(1).boundingBox(),
  ]
  expect(Math.abs((note?.y ?? 0) - (line?.y ?? 0))).toBeLessThan(20)
  await page.locator('[data-footnote-ref]:visible').nth(1).click()
  await expect(page).toHaveURL(/#side-fn-two$/)
  await page.setViewportSize({ width: 1000, height: 900 })
  await expect(side).toBeHidden()
  await expect(end).toBeVisible()
  const call = page.locator('[data-footnote-ref]:visible').nth(1)
  await call.focus()
  await page.keyboard.press('Enter')
  const card = page.locator('.note-card')
  await expect(card).toBeInViewport()
  await expect(card).toContainText('A second one, with emphasis.')
  await page.keyboard.press('Escape')
  await expect(card).toBeHidden()
  await expect(call).toBeFocused()
  await call.click()
  await card.getByRole('link', { name: 'Among the notes' }).click()
  await expect(card).toBeHidden()
  await expect(page).toHaveURL(/#fn-two$/)
  await end.getByRole('link', { name: /Back to reference/ }).click()
  await expect(page).toHaveURL(/#fnref-two$/)
})

test('a note with a block in it, or one called from a table, stays at the end and keeps its number', async () => {
  const html = await prose(
    'One.[^a] Two.[^b]\n\n| x[^c] |\n| - |\n\n[^a]: First.\n[^b]: With code:\n\n    ```\n    x\n    ```\n[^c]: Third.',
  )
  expect(html.match(/class="side-note"/g)).toHaveLength(1)
  expect(html).toContain('<li id="fn-a" class="beside" value="1">')
  expect(html).toContain('<li id="fn-b" value="2">')
  expect(html).toContain('<li id="fn-c" value="3">')
  expect(html).toContain('class="footnotes"')
})

test('every call of a note leads to where the note is shown', async () => {
  const html = await prose('| x[^a] |\n| - |\n\nOne.[^a] Two.[^a] Three.[^b]\n\n[^a]: First.\n[^b]: Second.[^a]')
  const links = [...html.matchAll(/<sup>(<a.*?)<\/sup>/g)].map(([, links = '']) =>
    [...links.matchAll(/href="#([^"]*)"[^>]*class="([^"]*)"/g)].map(([, to, name]) => `${name} ${to}`),
  )
  const both = ['to-end fn-a', 'to-side side-fn-a']
  expect(links).toEqual([both, both, both, [], both])
})

for (const [label, side] of [
  ['é', 'side-fn-%C3%A9'],
  ['%e0', 'side-fn-%e0'],
  ['taken', 'side-fn-taken-note'],
]) {
  test(`a note may be called ${label}`, async () => {
    const { html, ids, problems } = await read(`## Side fn taken\n\nOne.[^${label}]\n\n[^${label}]: First.`)
    expect(html).toContain(`role="note" id="${side}"`)
    expect(html).toContain(`href="#${side}"`)
    expect(new Set(ids).size).toBe(ids.length)
    expect(problems).toEqual([])
  })
}

test('a diagram is drawn, its source is kept, and it takes the colours of the theme', async ({ page }) => {
  await page.emulateMedia({ colorScheme: 'light' })
  await page.goto(kinds.post)
  await page.locator('.diagram').scrollIntoViewIfNeeded()
  const drawing = page.getByRole('img', { name: 'From a file to a page' })
  await expect(drawing).toBeVisible()
  const colour = () =>
    drawing
      .locator('.node rect')
      .first()
      .evaluate((node) => getComputedStyle(node).fill)
  const light = await colour()
  await page.getByText('Source of the diagram').click()
  await expect(page.locator('.diagram pre')).toContainText('A[File] --> B[Store]')
  await chooseTheme(page, 'dark')
  await expect.poll(colour).not.toBe(light)
})

test.describe('with JavaScript off', () => {
  test.use({ javaScriptEnabled: false })
  test('a diagram is its source, and formulas and notes are complete', async ({ page }) => {
    await page.setViewportSize({ width: 1000, height: 800 })
    await page.goto(kinds.post)
    await expect(page.locator('.diagram pre')).toContainText('A[File] --> B[Store]')
    await expect(page.locator('.formula .katex-html')).toBeVisible()
    await page.locator('[data-footnote-ref]:visible').first().click()
    await expect(page.locator('#fn-one')).toBeInViewport()
  })
})

/** A text with a tag that a browser would drop, or that would hide the rest; the words to show, and the problems. */
for (const [written, words, said] of [
  ['before </head> and after', 'before </head> and after', ['</head> is no part of a post']],
  ['a <body> of text', 'a <body> of text', ['<body> is no part of a post']],
  ['end it with </style>, then', 'end it with </style>, then', ['</style> closes nothing']],
  ['the <title> of a page', 'the <title> of a page', ['<title> is never closed']],
  ['</Script>', '</Script>', ['</script> closes nothing']],
  ['<div>\n\n</html>\n\n</div>', '</html>', ['</html> is no part of a post']],
  ['<abbr title="<style>">a</abbr> <abbr title="</head>">b</abbr>', 'a b', []],
  ['a <!-- <style> --> comment', 'a  comment', []],
] as const) {
  test(`nothing of ${JSON.stringify(written)} goes without a word`, async () => {
    const { html, problems } = await read(written)
    expect(textOf(fromHtml(html, { fragment: true })).trim()).toBe(words)
    expect(problems.map(({ message }) => message)).toEqual(said.map((start) => expect.stringContaining(start)))
  })
}

test('a text of 800 kB is rendered whole', { tag: '@long' }, async () => {
  const part = readFileSync('e2e/content/posts/backend/kitchen-sink.md', 'utf8')
    .replace(/^---[\s\S]*?\n---\n/, '')
    .replace(/\[\^\w+\]:?|^::toc$/gm, '')
    .replace('```mermaid', '```text')
  const times = Math.ceil(800_000 / part.length)
  const { html, headings, problems } = await read(part.repeat(times))
  expect(headings).toHaveLength(4 * times)
  expect(new Set(headings.map(({ id }) => id)).size).toBe(4 * times)
  expect(html.match(/class="katex-display"/g)).toHaveLength(times)
  expect(problems.filter(({ severity }) => severity === 'error')).toEqual([])
})
