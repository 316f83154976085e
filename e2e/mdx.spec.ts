// This file is long because of its tables of mistakes and components.
import { execFileSync } from 'node:child_process'
import { cpSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { expect, test } from '@playwright/test'
import { type ComponentType, createElement } from 'react'
import { renderToStaticMarkup } from 'react-dom/server'
import { niceTicks } from '../components/mdx/chart'
import { type NotStill, runBundle } from '../lib/markdown/mdx/still'
import { render } from '../lib/markdown/render'
import { contentDir } from '../lib/store/paths'
import { axe } from './colours'
import { kinds } from './pages'

const rendered = (text: string) => render('posts/x.mdx', `---\n{"title":"X"}\n---\n${text}\n`)
const chart = (props: string) => rendered(`<Chart title="T" ${props} />`)

/** Each mistake, its line (the text begins at line 4), and the remedy that the message names. */
const mistakes: Record<string, [string, number, string]> = {
  'an HTML comment without an end': ['Words.\n\n<!-- note', 6, 'Write {/* … */} in place of <!-- … -->.'],
  'an address in angle brackets': ['See <https://example.com>.', 4, 'Write [words](https://…), or the address alone.'],
  'a lone brace': ['Words.\n\nA { alone', 6, 'Write \\{ for the sign itself.'],
  'a lone angle bracket': ['5 <4', 4, 'Write \\< for the sign itself, or put it between backticks.'],
  'a tag that is never closed': ['Words.\n\n<div>\n\nWords.', 6, 'Write </div> after it,'],
  'a placeholder': ['Words.\n\nRun `a` with <name>.', 6, 'Write </name> after it, or put it between backticks.'],
  'an empty tag that is not closed': ['One<br>two', 4, 'Write <br />.'],
  'a style as HTML has it': ['Words.\n\n<p style="color: red">x</p>', 6, 'Write style={{ color: "red" }}'],
  'a component that is not there': [
    'Words.\n\n<Slider />',
    6,
    'there is no component <Slider>. Write one of: Callout, Chart,',
  ],
  'a name that is not there': ['Words.\n\n{wrods}', 6, 'wrods is not defined.'],
  'a sentence that begins with import': ['import duties are high', 4, 'Begin it with another word.'],
  'an import that is not there': ["import x from './nope.json'\n\n{x}", 4, 'there is no ./nope.json to import.'],
  'a wrong kind of callout': ['Words.\n\n<Callout type="hint">x</Callout>', 6, 'Write one of: note, info, tip,'],
  'a callout with the name of a property': ['<Callout type="constructor">x</Callout>', 4, 'Write one of: note, info,'],
  'a tab without a label': ['<Tabs>\n<Tab>x</Tab>\n</Tabs>', 5, 'Write <Tab label="npm">.'],
  'a chart without a row': ['Words.\n\n<Chart title="T" data={[]} />', 6, 'its data is empty.'],
}
for (const [mistake, [text, line, message]] of Object.entries(mistakes)) {
  test(`${mistake} in MDX is named with its line and what to type`, async () => {
    const { problems } = await rendered(text)
    expect(problems).toEqual([{ line, severity: 'error', message: expect.stringContaining(message) }])
    expect(problems[0]?.message).toMatch(/^MDX cannot read this: /)
  })
}

test('a post is compiled again when a component changes, wherever its code is', { tag: '@long' }, () => {
  const copy = mkdtempSync(path.join(tmpdir(), 'galley-'))
  const write = (name: string, text: string) => {
    mkdirSync(path.dirname(path.join(copy, name)), { recursive: true })
    writeFileSync(path.join(copy, name), text)
  }
  for (const name of readdirSync('.'))
    if (/^(lib|components|scripts|.*\.tsx?|package.*|tsconfig\.json)$/.test(name))
      cpSync(name, path.join(copy, name), { recursive: true, filter: (from) => !from.includes('node_modules') })
  // Cards have the colours of the theme.
  write('app/theme.css', '@theme {}\n')
  symlinkSync(path.resolve('node_modules'), path.join(copy, 'node_modules'), 'junction')
  write('content/authors/default.md', '---\nname: Ada\n---\n')
  write('content/posts/a.mdx', '---\ntitle: A\ndate: 2026-01-01\n---\n\n<Word />\n')
  write('components/mdx/words/word.tsx', "import { word } from '../../word'\nexport const Word = () => <b>{word}</b>\n")
  write(
    'mdx-components.tsx',
    "import { Word } from './components/mdx/words/word'\nexport const components = { Word }\n",
  )
  const compiled = (word: string) => {
    write('components/word.ts', `export const word = '${word}'\n`)
    const env = { ...process.env, CONTENT_DIR: '', STORE_DIR: '', SITE_CONFIG: '' }
    execFileSync(process.execPath, ['scripts/run.mjs', 'scripts/content.ts', 'build'], { cwd: copy, env })
    const store = path.join(copy, '.contentlayer/store')
    const { posts } = JSON.parse(readFileSync(path.join(store, 'manifest.json'), 'utf8'))
    return JSON.parse(readFileSync(path.join(store, 'bodies', `${posts[0].body}.json`), 'utf8')).html
  }
  expect(compiled('one')).toContain('<b>one</b>')
  expect(compiled('two')).toContain('<b>two</b>')
  rmSync(copy, { recursive: true })
})

test('comments of HTML are none of the text, and lines stay what they are', async () => {
  const { html, problems } = await rendered(
    'One <!-- a --> two `<!-- b -->`.\n\n<!-- c\n\n*/ d -->\n\n```\n<!-- e -->\n```\n\n<!-- f --><Image src="https://example.com/x.png" />',
  )
  expect(html).toContain('<p>One  two <code>&#x3C;!-- b --></code>.</p>')
  expect(html).toContain('&#x3C;!-- e -->')
  expect(html).not.toMatch(/-- [acdf]|[acdf] --/)
  expect(problems).toEqual([{ line: 14, severity: 'warning', message: expect.stringContaining('no description') }])
})

test('a picture in JSX says that it decorates, and what is wrong with one has its line', async () => {
  const { problems } = await rendered(
    '<img src="https://example.com/a.png" alt="" />\n\n<Image src="https://example.com/b.png" alt="" />\n\n{[1].map((one) => <p key={one}>\n  <img src="https://example.com/c.png" alt="" />\n  <img src="https://example.com/d.png" />\n</p>)}\n\n![](https://example.com/e.png)',
  )
  expect(problems.map(({ line, message }) => `${line}: ${/\w\.png/.exec(message)}`)).toEqual(['10: d.png', '13: e.png'])
})

test('class, className, style, export and props.toc work as in posts of the timlrx starter', async () => {
  const { html, css, problems } = await rendered(
    'export const year = 2026\n\n<div className="a" style={{ color: "red" }}>\n  *{year}*\n</div>\n\n<p class="b">x</p>\n\n<TOCInline toc={props.toc} exclude="Intro.*" toHeading={2} asDisclosure />\n\n## Introduction\n\n## Two\n\n### Three',
  )
  expect(problems).toEqual([])
  expect(html).toMatch(/<div class="a s\w{6}"><p?>?<em>2026<\/em>|<div class="a s\w{6}">\s*<p><em>2026/)
  expect(css).toContain('color:red')
  expect(html).toContain('<p class="b">x</p>')
  expect(html).toMatch(/<details open><summary>In this text<\/summary><ul><li><a href="#two">Two<\/a><\/li><\/ul>/)
})

test('headings are left out of the contents by their words, signs and all', async () => {
  const { html } = await rendered(
    '<TOCInline exclude={["C++", "one|two", "What\'s"]} />\n\n## C++\n\n## One\n\n## What\'s\n\n## Three',
  )
  expect(/<nav.*<\/nav>/s.exec(html)?.[0].match(/<li/g)).toHaveLength(1)
})

test('a callout is what ::: makes', async () => {
  const { html } = await rendered('<Callout type="tip" title="Dry">\n  Words.\n</Callout>\n\n:::tip[Dry]\nWords.\n:::')
  const [one = '', two] = html.match(/<aside[\s\S]*?<\/aside>/g) ?? []
  const plain = (text = '') => text.replace(/\s*\n\s*/g, '')
  expect(plain(one)).toBe(plain(two))
  expect((await rendered('<Callout>Words</Callout>')).html).toContain('<p>Words</p>')
})

test('what a post imports is bundled, named when it is wrong, and known to have gone into it', async () => {
  mkdirSync(path.join(contentDir, 'posts'), { recursive: true })
  const folder = mkdtempSync(path.join(contentDir, 'posts/imports-'))
  const at = (text: string) => render(`posts/${path.basename(folder)}/index.mdx`, `---\n{"title":"X"}\n---\n${text}\n`)
  try {
    writeFileSync(path.join(folder, 'data.json'), '[1, 2]')
    writeFileSync(path.join(folder, 'demo.tsx'), 'export const Demo = (p: { n: number }) => <b>{p.n}</b>\n')
    writeFileSync(path.join(folder, 'bad.ts'), 'export const a = 1\nexport const = 2\n')
    const good = await at(
      "import data from './data.json'\nimport { Demo } from './demo'\n\n<Demo n={data.length} />\n\n<Callout>x</Callout>",
    )
    expect(good.problems).toEqual([])
    expect(good.html).toContain('<b>2</b>')
    expect(good.imports.map(({ file, stamp }) => [path.basename(file), stamp !== '']).sort()).toEqual([
      ['data.json', true],
      ['demo.tsx', true],
    ])
    const bad = await at("Words.\n\nimport { a } from './bad.ts'\n\n{a}")
    expect(bad.problems).toMatchObject([{ line: 6, message: expect.stringContaining('bad.ts:2: ') }])
  } finally {
    rmSync(folder, { recursive: true })
  }
})

/** Files beside a post. All but still.tsx need a browser, some of them only through a file that they import. */
const wanting = {
  'client.tsx': `/* A word before. */ "use strict"\n'use client'\nexport const Client = () => <b>1</b>\n`,
  'nested.tsx': `import { Client } from './client'\nexport const Nested = () => <p><Client /></p>\n`,
  'state.tsx': `import * as React from 'react'
export const State = () => <b>{React.useState(0)[0]}</b>
export const Deep = () => <p><State /></p>
export const Handler = () => (
  <div><i onClick={() => {}}>x</i></div>
)
export class Mounted extends React.Component { componentDidMount() {} render() { return <b>1</b> } }
export class Counting extends React.Component { state = { n: 1 }; render() { return <b>{this.state.n}</b> } }
export const Given = ({ children }: { children: React.ReactElement }) => React.cloneElement(children, { onInput() {} } as object)
`,
  'still.tsx': `import { createContext, memo, useCallback, useContext, useId, useMemo, useRef } from 'react'
// Says 'use client', and does not mean it.
const Place = createContext('here')
const Inner = memo(() => <i>{useContext(Place)}</i>)
export const Still = () => {
  const [id, ref] = [useId(), useRef(null)]
  useCallback(() => {}, [])
  return <b id={id} ref={ref} onClick={undefined}>{useMemo(() => 'use client', [])}<Inner /></b>
}
`,
}

/** MDX that needs a browser, the line of the problem (the text begins at line 4), and its message. */
const dead: Record<string, [string, number, string]> = {
  'a handler': ['Words.\n\n<p onClick={() => {}}>x</p>', 6, '<p> has a handler (onClick)'],
  'a handler as HTML has it': ['<button onclick="alert(1)">x</button>', 4, '<button> has a handler (onclick)'],
  'a handler in a list': [
    'x\n\n{[1].map((n) => <i key={n}\n  onFocus={() => n}>x</i>)}',
    6,
    '<i> has a handler (onFocus)',
  ],
  'a handler in a component of the post': [
    'export const Counter = () => <form>\n  <button onClick={() => alert(1)}>x</button>\n</form>\n\n<Counter />',
    5,
    '<button> has a handler (onClick)',
  ],
  'a handler in HTML as it is': [
    '<div dangerouslySetInnerHTML={{ __html: "<i onclick=x>x</i>" }} />',
    1,
    '<i> has a handler',
  ],
  'a form sent to a function': ['<form action={() => {}}>x</form>', 4, '<form> has a handler (action)'],
  'state in the post': [
    "import { useState } from 'react'\n\nexport const A = () => {\n  const [n] = useState(0)\n  return <b>{n}</b>\n}\n\n<A />",
    7,
    '(useState)',
  ],
  'an imported handler': [
    "x\n\nimport { Handler } from './state'\n\n<Handler />",
    6,
    'state.tsx:5: <i> has a handler (onClick)',
  ],
  'imported state': [
    "x\n\nimport { Deep } from './state'\n\n<Deep />",
    6,
    'state.tsx:2: a component has state or an effect (useState)',
  ],
  'a class with state': [
    "import { Counting } from './state'\n\nx\n\n<Counting />",
    8,
    'a component (Counting) has state',
  ],
  'a class with an effect': [
    "import { Mounted } from './state'\n\n<Mounted />",
    6,
    'a component (Mounted) has componentDidMount',
  ],
  'a handler given to a child': [
    "import { Given } from './state'\n\n<Given><u>x</u></Given>",
    4,
    '<u> has a handler (onInput)',
  ],
  "'use client'": [
    "x\n\nimport { Client } from './client'\n\n<Client />",
    6,
    "client.tsx:1: client.tsx says 'use client'",
  ],
  "'use client' in what an import imports": [
    "import { Nested } from './nested'\n\n<Nested />",
    4,
    "client.tsx says 'use client'",
  ],
}

test('a script or an object in MDX is refused, since no page would let it work', async () => {
  for (const [text, line, message] of [
    ["x\n\n<script>{'count()'}</script>", 6, '<script> cannot work in a post. Put it into app/layout.tsx'],
    ["<div dangerouslySetInnerHTML={{ __html: '<script>count()</script>' }} />", 1, '<script> cannot work in a post'],
    ['x\n\n<p><object data="/a.pdf" /></p>', 6, '<object> cannot work in a post. Write <iframe>'],
  ] as const) {
    const { problems } = await render('posts/a.mdx', `---\n{"title":"X"}\n---\n${text}\n`)
    expect(problems, text).toContainEqual({ line, severity: 'error', message: expect.stringContaining(message) })
  }
  const data = '<script type="application/ld+json">{"{}"}</script>'
  expect((await render('posts/a.mdx', `---\n{"title":"X"}\n---\n${data}\n`)).problems).toEqual([])
})

test('what wants a browser is refused in MDX, with its line and what to write; what is still without one stays', async () => {
  mkdirSync(path.join(contentDir, 'posts'), { recursive: true })
  const folder = mkdtempSync(path.join(contentDir, 'posts/still-'))
  const at = (text: string) => render(`posts/${path.basename(folder)}/index.mdx`, `---\n{"title":"X"}\n---\n${text}\n`)
  try {
    for (const [name, text] of Object.entries(wanting)) writeFileSync(path.join(folder, name), text)
    for (const [what, [text, line, message]] of Object.entries(dead)) {
      const { problems } = await at(text)
      expect(problems, what).toEqual([{ line, severity: 'error', message: expect.stringContaining(message) }])
      expect(problems[0]?.message, what).toContain('Write a custom element in components/reader.ts')
    }
    const { html, problems } = await at(
      'import { Still } from \'./still\'\n\n<Still />\n\n<galley-counter on-off="x">1</galley-counter>',
    )
    expect(problems).toEqual([])
    expect(html).toMatch(/<b id="[^"]+">use client<i>here<\/i><\/b>[\s\S]*<galley-counter on-off="x">/)
    // The post depends on client.tsx, so it is compiled again when that file is mended.
    expect((await at(dead["'use client'"]?.[0] ?? '')).imports.map(({ file }) => path.basename(file))).toContain(
      'client.tsx',
    )
  } finally {
    rmSync(folder, { recursive: true })
  }
})

test("a component of mdx-components.tsx that says 'use client' or has state is refused where it is used, not before", async () => {
  const folder = mkdtempSync(path.join(tmpdir(), 'galley-'))
  try {
    for (const [name, text] of Object.entries(wanting)) writeFileSync(path.join(folder, name), text)
    const entry = path.join(folder, 'mdx-components.tsx')
    writeFileSync(
      entry,
      "import { Client } from './client'\nimport { State } from './state'\nimport { Still } from './still'\nexport const components = { Client, State, Still }\n",
    )
    const { exports, locate } = await runBundle({ entryPoints: [entry] }, '', false)
    const of = exports.components as Record<string, ComponentType>
    const said = (name: string) => {
      try {
        return renderToStaticMarkup(createElement(of[name] as ComponentType))
      } catch (error) {
        return path.basename(String((locate(error) as NotStill).file))
      }
    }
    expect(['Client', 'State', 'Still'].map(said)).toEqual([
      'client.tsx',
      'state.tsx',
      expect.stringContaining('use client<i>'),
    ])
  } finally {
    rmSync(folder, { recursive: true })
  }
})

test('a scale has round steps and holds everything', () => {
  expect(niceTicks(0, 40)).toEqual([0, 10, 20, 30, 40])
  expect(niceTicks(-7.25, 40)).toEqual([-20, 0, 20, 40])
  expect(niceTicks(0, 0)).toEqual([0, 0.25, 0.5, 0.75, 1])
  expect(niceTicks(0, 0.3)).toEqual([0, 0.1, 0.2, 0.3])
  for (const [low, high] of [
    [0, 1e-9],
    [-3, 0],
    [0, 987654321],
    [-1e6, 1],
    [-0.07, 0.03],
  ] as const) {
    const ticks = niceTicks(low, high)
    expect(ticks[0]).toBeLessThanOrEqual(low)
    expect(ticks.at(-1)).toBeGreaterThanOrEqual(high)
    expect(ticks.length).toBeGreaterThan(1)
    expect(ticks.length).toBeLessThan(8)
    expect(ticks).toContain(0)
  }
})

for (const [what, props] of [
  ['zeros', 'data={[{ label: "a", value: 0 }, { label: "b", value: 0 }]}'],
  ['one point', 'data={[{ label: "a", value: 3 }]}'],
  ['negative numbers', 'data={[{ label: "a", value: -3 }, { label: "b", value: 1 }]}'],
  [
    'labels that are long or numbers',
    'data={[{ label: "long ".repeat(40) + "x".repeat(90), value: 3 }, { label: 2026, value: 1 }]}',
  ],
  ['four series', 'data={[{ label: "a", w: 1, x: 2, y: 3, z: 4 }, { label: "b", w: 1, x: 2, y: 3, z: 4 }]}'],
] as const) {
  for (const type of ['bar', 'line', 'area']) {
    test(`a ${type} chart of ${what} is drawn inside its place, with all its numbers in a table`, async () => {
      const { html, problems } = await chart(`type="${type}" ${props}`)
      expect(problems).toEqual([])
      expect(html).not.toMatch(/NaN|Infinity|undefined/)
      for (const [, share] of html.matchAll(/(?:x|x1|width)="(-?[\d.]+)%"/g)) {
        expect(Number(share)).toBeGreaterThanOrEqual(0)
        expect(Number(share)).toBeLessThanOrEqual(100)
      }
      expect(html).toContain('role="img" aria-label="T (')
      expect(html).toMatch(/<summary>The numbers<\/summary>[\s\S]*<th scope="row">/)
    })
  }
}

for (const [what, props, message] of [
  ['no list', 'data={7}', 'its data is no list.'],
  ['a number as text', 'data={[{ label: "a", value: "4" }]}', 'row 1 ("a"): "value" is "4", where a number belongs.'],
  ['a hole', 'data={[{ label: "a", x: 1, y: 2 }, { label: "b", x: 1 }]}', 'row 2 ("b"): "y" is missing'],
  [
    'a series of one row',
    'data={[{ label: "a", x: 1 }, { label: "b", x: 1, y: 2 }]}',
    'row 2 ("b") has "y", which row 1 has not',
  ],
  ['no label', 'data={[{ value: 1 }]}', 'row 1 has no label.'],
  ['five series', 'data={[{ label: "a", v: 1, w: 1, x: 1, y: 1, z: 1 }]}', 'it has 5 series, and 4 can be told apart.'],
  [
    'an unknown type',
    'type="pie" data={[{ label: "a", value: 1 }]}',
    'there is no type "pie". Write bar, line or area.',
  ],
] as const) {
  test(`a chart of ${what} is refused with a remedy`, async () => {
    expect((await chart(props)).problems).toMatchObject([{ line: 4, message: expect.stringContaining(message) }])
  })
}

test('a video says its size, its captions, and loads nothing before it is asked when it has a poster', async () => {
  const { html } = await rendered(
    '<Video src="https://example.com/a.mp4" poster="https://example.com/a.png" width={640} height={360} caption="A press" tracks={[{ src: "https://example.com/a.vtt", srcLang: "en", label: "English" }]} />',
  )
  expect(html).toMatch(/<video [^>]*width="640" height="360" controls[^>]* preload="none">/)
  expect(html).toContain('<track kind="captions" src="https://example.com/a.vtt" srclang="en" label="English">')
  expect((await rendered('Words.\n\n<Video src="./nope.mp4" />')).problems).toMatchObject([
    { line: 6, message: expect.stringContaining('there is no film ./nope.mp4') },
  ])
})

const tabs = kinds['post with components']

test('tabs are used with the keyboard as the ARIA practices have it', async ({ page }) => {
  await page.goto(tabs)
  const list = page.getByRole('tablist', { name: 'Package manager' }).first()
  const tab = (name: string) => list.getByRole('tab', { name, exact: true })
  await tab('npm').focus()
  await expect(page.getByRole('tabpanel', { name: 'npm' }).first()).toContainText('npm install galley')
  for (const [key, name] of [
    ['ArrowRight', 'pnpm'],
    ['End', 'Yarn'],
    ['ArrowRight', 'npm'],
    ['ArrowLeft', 'Yarn'],
    ['Home', 'npm'],
  ] as const) {
    await page.keyboard.press(key)
    await expect(tab(name)).toBeFocused()
    await expect(tab(name)).toHaveAttribute('aria-selected', 'true')
    await expect(list.locator('[tabindex="0"]')).toHaveText([name])
  }
  await page.keyboard.press('Tab')
  await expect(page.getByRole('tabpanel', { name: 'npm' }).first()).toBeFocused()

  await test.step('axe finds nothing when the numbers of all charts are open', async () => {
    for (const summary of await page.getByText('The numbers', { exact: true }).all()) await summary.click()
    await expect(page.getByRole('group', { name: 'Table: Visits' })).toBeVisible()
    const { violations } = await axe(page).analyze()
    expect(violations.map(({ id }) => id)).toEqual([])
  })

  await test.step('on paper all tabs are there, with their labels', async () => {
    await page.emulateMedia({ media: 'print' })
    await expect(page.getByText('yarn add galley')).toBeVisible()
    await expect(page.locator('.tab-label').filter({ hasText: 'Yarn' })).toBeVisible()
    await expect(page.getByRole('tablist')).toHaveCount(0)
  })
})

test('tabs of one group change together, and the choice is remembered', async ({ page }) => {
  await page.goto(tabs)
  await page.getByRole('tab', { name: 'pnpm' }).first().click()
  await expect(page.getByRole('tab', { name: 'pnpm', selected: true })).toHaveCount(2)
  await expect(page.getByText('pnpm start')).toBeVisible()
  await page.reload()
  await expect(page.getByText('pnpm start')).toBeVisible()
  // The other set of tabs has no Yarn, so it does not change.
  await page.getByRole('tab', { name: 'Yarn' }).click()
  await expect(page.getByRole('tab', { name: 'pnpm', selected: true })).toHaveCount(1)
})

test('nothing moves when tabs and cards get their controls', async ({ page }) => {
  await page.addInitScript(() => {
    Object.assign(window, { shift: 0 })
    new PerformanceObserver((list) => {
      for (const entry of list.getEntries())
        (window as never as { shift: number }).shift += (entry as never as { value: number }).value
    }).observe({ type: 'layout-shift', buffered: true })
  })
  // reader-*.js must come after the first paint, so it waits for half a second, and then for the fonts: text also moves when they come.
  await page.route('**/assets/reader-*.js', async (route) => {
    await new Promise((resolve) => setTimeout(resolve, 500))
    await page.evaluate(async () => {
      await document.fonts.ready
      await new Promise((resolve) => requestAnimationFrame(() => setTimeout(resolve, 100)))
      Object.assign(window, { shift: 0 })
    })
    await route.continue()
  })
  await page.setViewportSize({ width: 820, height: 6000 })
  await page.goto(tabs, { waitUntil: 'load' })
  await expect(page.getByRole('tab').first()).toBeVisible()
  await page.evaluate(() => new Promise((resolve) => requestAnimationFrame(() => setTimeout(resolve, 100))))
  expect(await page.evaluate(() => (window as never as { shift: number }).shift)).toBeLessThan(0.001)
})

test.describe('with JavaScript off', () => {
  test.use({ javaScriptEnabled: false })
  test('all tabs stand one after the other, with their labels', async ({ page }) => {
    await page.goto(tabs)
    for (const words of ['npm install galley', 'pnpm add galley', 'yarn add galley'])
      await expect(page.getByText(words)).toBeVisible()
    await expect(page.locator('.tab-label').filter({ hasText: 'Yarn' })).toBeVisible()
    await expect(page.getByRole('tab')).toHaveCount(0)
  })
})
