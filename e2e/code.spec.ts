// This file is long because each way to mark a line of code has its own example.
import { execFileSync } from 'node:child_process'
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, test } from '@playwright/test'
import { toHtml } from 'hast-util-to-html'
import { codeBlock } from '../lib/markdown/code/code'
import { readFence } from '../lib/markdown/code/fence'
import { render } from '../lib/markdown/render'
import { colourOf } from './colours'
import { kinds } from './pages'

const none = { language: '', marked: [], words: [] }
const js = { ...none, language: 'js' }

for (const [info, fence] of [
  ['', none],
  ['JS', js],
  ['js title="a b.js"', { ...js, title: 'a b.js' }],
  ["js title='a b.js'", { ...js, title: 'a b.js' }],
  ['js title=src/a.js {2}', { ...js, title: 'src/a.js', marked: [[2, 2]] }],
  ['js filename="a.js"', { ...js, title: 'a.js' }],
  ['title="no language"', { ...none, title: 'no language' }],
  ['js title="{1} /x/ linenos"', { ...js, title: '{1} /x/ linenos' }],
  ['js:title.js', { ...js, title: 'title.js' }],
  ['js:title.js {1}', { ...js, title: 'title.js', marked: [[1, 1]] }],
  ['tsx:app/[slug]/page.tsx', { ...none, language: 'tsx', title: 'app/[slug]/page.tsx' }],
  ['js:title=src/App.js', { ...js, title: 'src/App.js' }],
  ['js:title=src/App.js{1,3}', { ...js, title: 'src/App.js', marked: [[1, 1], [3, 3]] }], // biome-ignore format: a table
  ['js {1,3-5}', { ...js, marked: [[1, 1], [3, 5]] }], // biome-ignore format: a table
  ['js{4-6}', { ...js, marked: [[4, 6]] }],
  ['{1}', { ...none, marked: [[1, 1]] }],
  ['js{numberLines: true}', { ...js, firstNumber: 1 }],
  ['js{numberLines:5}', { ...js, firstNumber: 5 }],
  ['js{1}{numberLines: 5}', { ...js, firstNumber: 5, marked: [[1, 1]] }],
  ['js {numberLines: false}', js],
  ['js showLineNumbers {1}', { ...js, firstNumber: 1, marked: [[1, 1]] }],
  ['js showLineNumbers=5', { ...js, firstNumber: 5 }],
  ['js showLineNumbers{5} {1}', { ...js, firstNumber: 5, marked: [[1, 1]] }],
  ['js:line-numbers=5 {1}', { ...js, firstNumber: 5, marked: [[1, 1]] }],
  ['js:no-line-numbers', js],
  [
    'go {linenos=table,hl_lines=[8,"15-17"],linenostart=199}',
    { ...none, language: 'go', firstNumber: 199, marked: [[8, 8], [15, 17]] }, // biome-ignore format: a table
  ],
  ['go {linenos=false,linenostart=2}', { ...none, language: 'go' }],
  ['go {hl_lines="1 3-4"}', { ...none, language: 'go', marked: [[1, 1], [3, 4]] }], // biome-ignore format: a table
  ['rust,ignore,should_panic', { ...none, language: 'rust' }],
  ['rust,linenos,hl_lines=3-4', { ...none, language: 'rust', firstNumber: 1, marked: [[3, 4]] }],
  ['{.rust .numberLines}', { ...none, language: 'rust', firstNumber: 1 }],
  ['{#name .rust .numberLines startFrom="100"}', { ...none, language: 'rust', firstNumber: 100 }],
  ['{r, echo=FALSE}', { ...none, language: 'r' }],
  ['js /word/ /two words/', { ...js, words: ['word', 'two words'] }],
  ['js /src/lib/', { ...js, words: ['src/lib'] }],
  ['js /word/3 "word" live noInline ins={2}', js],
  ['c++', { ...none, language: 'c++' }],
] as const) {
  test(`a fence is read: ${info}`, () => {
    expect(readFence(info)).toEqual(fence)
  })
}

const html = async (code: string, info: string) => toHtml((await codeBlock(code, info)).figure)
/** The marks and the text of each line. Marked words are between bars. */
const lines = async (code: string, info = 'text showLineNumbers') =>
  [
    ...(await html(code, info)).matchAll(
      /<span class="line ?([^"]*)">([\s\S]*?)\n?<\/span>(?=<span class="line|<\/code>)/g,
    ),
  ].map(([, marks, text]) => `${marks}: ${text?.replace(/<\/?mark>/g, '|').replace(/<[^>]*>/g, '')}`.trim())

for (const [name, code, marked] of [
  ['on the line', 'a // [!code ++]\nb // [!code --]\nc', ['added: a', 'removed: b', ': c']],
  ['alone, for the next lines', '# [!code focus:2]\na\nb\nc', ['focused: a', 'focused: b', ': c']],
  ['in braces, as JSX has it', 'a() {/* [!code error] */}\nb', ['error: a()', ': b']],
  ['between stars', 'a {} /* [!code warning] */', ['warning: a {}']],
  ['in HTML', '<!-- [!code hl] -->\np', ['marked: p']],
  ['two for one line', '// [!code highlight]\na // [!code --]', ['marked removed: a']],
  ['after a comment, which stays', 'a // why [!code ++]', ['added: a // why']],
  ['a word to the end', 'b\n// [!code word:b]\nb b\nb', [': b', ': |b| |b|', ': |b|']],
  ['a word for one line', '// [!code word:a\\:b:1]\na:b\na:b', [': |a:b|', ': a:b']],
  ['the next line', 'a\n// highlight-next-line\nb\nc', [': a', 'marked: b', ': c']],
  ['this line', 'a # highlight-line\nb', ['marked: a', ': b']],
  ['from here to there', '/* highlight-start */\na\nb\n/* highlight-end */\nc', ['marked: a', 'marked: b', ': c']],
  ['never closed', '-- highlight-start\na\nb', ['marked: a', 'marked: b']],
  ['more lines than there are', 'a\n// [!code ++:9]\nb', [': a', 'added: b']],
  ['not for us', 'a // [!code nope]\n// the highlight-start event\nhighlight-line', null],
  ['no comment at all', 'const a = [!code ++]', null],
  ['shown, not read', 'a // [\\!code ++]', [': a // [!code ++]']],
] as const) {
  test(`a comment marks lines: ${name}`, async () => {
    expect(await lines(code)).toEqual(marked ?? code.split('\n').map((line) => `: ${line}`))
  })
}

test('markdown shows the comments of other languages and reads its own', async () => {
  expect(await lines('x // [!code ++]\ny <!-- [!code ++] -->', 'md showLineNumbers')).toEqual([
    ': x // [!code ++]',
    'added: y',
  ])
})

test('lines of {…} are counted as they are written, in order and once', async () => {
  expect(await lines('// [!code ++]\na\nb', 'js showLineNumbers {3,3-3,9-2,0,99999999999-1}')).toEqual([
    'added: a',
    'marked: b',
  ])
})

test('a word is marked over tokens, and as it is written', async () => {
  expect(await html('f(a.b) + "a.b" + A.B\n', 'js /a.b/')).toContain('<mark>a.b</mark>)')
  expect((await html('f(x) + a.b + "axb" + A.B\n', 'js /a.b/ /f(x/')).match(/<mark>/g)).toHaveLength(2)
  expect(await html('const a = 1', 'js /const a/')).toContain('<mark><span class="k">const</span> a</mark>')
})

test('lines are elements only where they are marked, numbered, or beside a line in focus', async () => {
  expect(await html('a\nb\n', 'text')).toContain('<code class="language-text">a\nb</code>')
  expect((await html('a\nb // [!code ++]\nc', 'text')).match(/class="line/g)).toHaveLength(1)
  expect((await html('a\nb // [!code focus]\nc', 'text')).match(/class="line/g)).toHaveLength(3)
})

test('line numbers begin where they are told to', async () => {
  const { html: page, css } = await render('posts/x.md', '```go {linenos=table,linenostart=99}\na\nb\n```\n')
  const name = /class="language-go numbered (s\w+)"/.exec(page)?.[1]
  expect(css).toBe(`.${name}{--before:98;--digits:3ch}`)
})

for (const [name, code, inside] of [
  ['nothing', '', ''],
  ['only line ends', '\n\n\n', '\n\n'],
  ['tabs and CRLF', '\ta\r\n\tb\r\n', '\ta\n\tb'],
  ['a line separator', 'a\u2028b\n', 'a\u2028b'],
  ['markup', '</code><script>&', '&#x3C;/code>&#x3C;script>&#x26;'],
] as const) {
  test(`code of ${name} is set as it is`, async () => {
    for (const language of ['text', 'nope'])
      expect(await html(code, language)).toContain(`<code class="language-${language}">${inside}</code>`)
    const text = (await html(code, 'js')).replace(/<[^>]*>/g, '')
    expect(text).toBe(inside)
  })
}

for (const language of (
  'golang console shell-session sh-session plain none nohighlight output terminal cmd dockerfile htaccess conf env ansi ' +
  'sh bash zsh ps1 js node typescriptreact c++ h rs py3 postgres patch diff-js svg docker-compose jinja2 viml objc F# VB'
).split(' ')) {
  test(`"${language}" is known`, async () => {
    expect((await codeBlock('a = 1\n', language)).warning).toBeUndefined()
  })
}

test('a fence in a block of Markdown has its colours, whatever was highlighted before', async () => {
  // No other test has these languages.
  const { html } = await render(
    'a.md',
    '````md\n```abap\nREPORT zfirst.\n```\n\n```Erlang\n-module(a).\nf(X) when X > 0 -> X.\n```\n````\n',
  )
  expect(html).toContain('<span class="k">REPORT')
  expect(html).toContain('<span class="k">when')
})

test('an unknown language is plain text, with a warning that has its line', async () => {
  const { html: page, problems } = await render('posts/x.md', 'One.\n\n```nope{1}\na = 1\nb\n```\n')
  expect(page).toContain('<span class="line marked">a = 1\n</span>b')
  expect(problems).toEqual([{ line: 3, severity: 'warning', message: expect.stringContaining('"nope"') }])
})

test('names of objects are no languages', async () => {
  for (const name of ['constructor', '__proto__', 'tostring', 'hasownproperty'])
    expect((await codeBlock('a', name)).warning).toContain('no highlighting')
})

test('what a terminal coloured keeps its colours, as kinds', async () => {
  expect(await html('\u001b[31mred\u001b[0m plain \u001b[92mgreen\u001b[0m', 'ansi')).toContain(
    '<span class="d">red</span> plain <span class="i">green</span>',
  )
})

for (const [name, code, hasWarning, ...tag] of [
  ['a minified line', 'function a(b,c){return b?c.map(x=>x+1):"s"};'.repeat(5_000), true],
  ['ten thousand lines', 'const a = { b: 1, c: "some text", d: [2] }\n'.repeat(10_000), true, '@long'],
  ['ten thousand short lines', 'a\n'.repeat(10_000), true, '@long'],
  ['a long line among others', `const a = 1\n${'x+='.repeat(10_000)}\nconst b = 2\n`, false],
] as const) {
  test(`${name} takes less than a second of the processor`, { tag }, async () => {
    await codeBlock('let a', 'js')
    const start = process.cpuUsage()
    const { figure, warning } = await codeBlock(code, 'js')
    const { user, system } = process.cpuUsage(start)
    expect((user + system) / 1_000).toBeLessThan(1_000)
    expect(warning !== undefined).toBe(hasWarning)
    expect(toHtml(figure).replace(/<[^>]*>/g, '')).toHaveLength(toHtml({ type: 'text', value: code.trim() }).length)
  })
}

for (const [what, info, code] of [
  ['words in comments', 'js', Array.from({ length: 1000 }, (_, at) => `let a${at} // [!code word:a${at}]\n`).join('')],
  ['marks to the end', 'js', 'a // [!code hl:99999]\n'.repeat(20_000)],
  ['words in the line of the fence', `js ${'/a/ '.repeat(20_000)}`, 'a\n'],
] as const) {
  test(`many are read in less than a second: ${what}`, { tag: '@long' }, async () => {
    await codeBlock('let a', 'js')
    const start = process.cpuUsage()
    await codeBlock(code, info)
    const { user, system } = process.cpuUsage(start)
    expect((user + system) / 1_000).toBeLessThan(1_000)
  })
}

for (const isBusy of [false, true])
  test(`of a block that takes the highlighter too long the rest is plain, with a warning; ${isBusy ? 'waiting for the processor does not count' : 'four seconds a line'}`, async () => {
    const { now } = performance
    const { cpuUsage } = process
    let time = 0
    performance.now = () => (time += 4_000)
    process.cpuUsage = () => ({ user: isBusy ? 0 : time * 1_000, system: 0 })
    try {
      const { figure, warning } = await codeBlock('let a\nlet b\nlet c\nlet d\n', 'js')
      expect(JSON.stringify(figure).match(/"className":\["k"\]/g)).toHaveLength(isBusy ? 4 : 2)
      if (isBusy) expect(warning).toBeUndefined()
      else expect(warning).toContain('needs too long for this "js"; from its line 3 on it is set as plain text')
    } finally {
      Object.assign(performance, { now })
      Object.assign(process, { cpuUsage })
    }
  })

test('a blog with only ts loads the grammar of ts', () => {
  const folder = mkdtempSync(join(tmpdir(), 'languages-'))
  // With NODE_V8_COVERAGE, Node.js writes the names of all modules that ran into files of this folder.
  execFileSync(process.execPath, ['scripts/run.mjs', 'e2e/one-language.ts'], {
    env: { ...process.env, NODE_V8_COVERAGE: folder },
  })
  const ran = readdirSync(folder).map((file) => readFileSync(join(folder, file), 'utf8'))
  rmSync(folder, { recursive: true })
  const grammars = new Set(ran.flatMap((text) => text.match(/@shikijs\/langs\/dist\/[\w-]+\.mjs/g) ?? []))
  expect([...grammars]).toEqual(['@shikijs/langs/dist/typescript.mjs'])
})

test('a marked line is told by a sign as well as by its colour, and a number is never copied', async ({ page }) => {
  await page.emulateMedia({ colorScheme: 'light' })
  await page.goto(kinds.post)
  const price = page.getByRole('group', { name: 'Code: lib/price.ts' })
  const sign = (mark: string) =>
    price.locator(mark).evaluate((line) => getComputedStyle(line, '::before').content.replaceAll('"', ''))
  expect(await sign('.added')).toMatch(/^counter\(line\).* \+ \/ added/)
  expect(await sign('.removed')).toMatch(/^counter\(line\).* − \/ removed/)
  const selected = await price.evaluate((pre) => {
    getSelection()?.selectAllChildren(pre)
    return getSelection()?.toString()
  })
  expect(selected).toBe(
    'const rate = 0.2\nconst rate = 0.23\nexport const price = (net: number) => net * (1 + rate)\n\nexport default price',
  )

  await test.step('lines beside those in focus are quiet until somebody points at the code, or wants more contrast', async () => {
    const quiet = price.locator('.line').last().locator('.k').first()
    const soft = await colourOf(page, 'soft', 'light')
    await expect(quiet).toHaveCSS('color', soft)
    await expect(price.locator('.focused .k').first()).not.toHaveCSS('color', soft)
    await price.focus()
    await expect(quiet).not.toHaveCSS('color', soft)
    await price.blur()
    await expect(quiet).toHaveCSS('color', soft)
    await page.emulateMedia({ contrast: 'more' })
    await expect(quiet).not.toHaveCSS('color', soft)
  })

  await test.step('with forced colours a marked line keeps its rule and its sign', async () => {
    await page.emulateMedia({ forcedColors: 'active' })
    const line = page.locator('.line.added')
    await expect(line).toHaveCSS('border-left-style', 'solid')
    expect(await line.evaluate((one) => getComputedStyle(one).borderLeftColor)).not.toBe('rgba(0, 0, 0, 0)')
    expect(await line.evaluate((one) => getComputedStyle(one, '::before').content)).toContain('+')
  })
})

test('what is copied has no line that was removed, and the button says of which code', async ({ page, context }) => {
  await context.grantPermissions(['clipboard-read', 'clipboard-write'])
  await page.goto(kinds.post)
  await page.getByRole('button', { name: 'Copy code: lib/price.ts' }).click()
  await expect(page.getByRole('status')).toHaveText('Copied')
  expect(await page.evaluate(() => navigator.clipboard.readText())).toBe(
    'const rate = 0.23\nexport const price = (net: number) => net * (1 + rate)\n\nexport default price',
  )
})

test.describe('on a phone', () => {
  test.use({ viewport: { width: 390, height: 800 }, hasTouch: true, isMobile: true })

  test('each button is seen, covers no code, is large enough and moves nothing', async ({ page }) => {
    await page.goto(kinds.post)
    const figures = page.locator('figure.code')
    await expect(page.getByRole('button', { name: 'Copy' })).toHaveCount(await figures.count())
    for (const figure of await figures.all()) {
      const button = figure.getByRole('button', { name: 'Copy' })
      await expect(button).toHaveCSS('opacity', '1')
      await expect(button).toHaveCSS('position', 'absolute')
      const [place, code] = [await button.boundingBox(), await figure.locator('pre').boundingBox()]
      expect(place?.height).toBeGreaterThanOrEqual(24)
      expect((place?.y ?? 0) + (place?.height ?? 0)).toBeLessThanOrEqual((code?.y ?? 0) + 0.5)
      expect((place?.x ?? 0) + (place?.width ?? 0)).toBeLessThanOrEqual(390)
    }
  })
})
