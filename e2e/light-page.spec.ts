// This file is long because its tests share one small build and its pages.
import { createHash } from 'node:crypto'
import { mkdirSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { expect, test } from '@playwright/test'
import { type DefaultTreeAdapterTypes, parse } from 'parse5'
import { themeScript } from '../lib/static/own-scripts.mjs'
import { clientComponentsIn } from '../lib/static/payload.mjs'
import { lighten } from '../lib/static/strip-page.mjs'
import { randomFrom } from './random-from'
import { isLong } from './suites'

// These tests call `lighten` with pages as Next.js writes them. They need no build and no browser.

const hash = (text: string) => `'sha256-${createHash('sha256').update(text).digest('base64')}'`
const sheet =
  'html{color:red}.prose p{margin:0}@font-face{font-family:i;src:url(../media/literata_latin_italic.1.woff2)}em{font-family:i}'

/** A build with one style sheet. */
let dist: string
test.beforeAll(() => {
  dist = path.join(test.info().project.outputDir, `light-page-${process.pid}`)
  mkdirSync(path.join(dist, 'static/chunks'), { recursive: true })
  writeFileSync(path.join(dist, 'static/chunks/a.css'), sheet)
})

/** The elements that Next.js adds for its client code, which are not in a light page. */
const framework = {
  chunk: '<script src="/_next/static/chunks/a.js" async=""></script>',
  preload: '<link rel="preload" as="script" fetchPriority="low" href="/_next/static/chunks/b.js"/>',
  adjust: '<meta name="next-size-adjust" content=""/>',
  emptied: '<div hidden=""><!--$--><!--/$--></div>',
  runtime: '<script id="_R_">(globalThis["TURBOPACK"]||=[]).push({})</script>',
  data: '<script>(self.__next_f=self.__next_f||[]).push([0])</script><script>self.__next_f.push([1,"<p title=\\"x\\">"])</script>',
}
const style = '<link rel="stylesheet" href="/_next/static/chunks/a.css" data-precedence="next"/>'
const theme = `<script>${themeScript}</script>`

/** A page as Next.js stores it; with `own: {}`, the light page that should be left of it. */
const page = (body: string, { head = '', end = '', own = framework as Partial<typeof framework> } = {}) =>
  `<!DOCTYPE html><html lang="en"><head>${style}${own.preload ?? ''}${own.chunk ?? ''}${own.adjust ?? ''}<title>x</title>${head}${theme}</head><body>${own.emptied ?? ''}<main>${own.emptied ? '<!--$-->' : ''}${body}${own.emptied ? '<!--/$-->' : ''}</main>${end}${own.runtime ?? ''}${own.chunk ?? ''}${own.data ?? ''}</body></html>`
const prose = (html: string) => `<div class="prose">${html}</div>`

type Node = DefaultTreeAdapterTypes.ChildNode
/** The elements, attributes and words of a page, without its style sheets, preload links and speculation rules. */
function shape(html: string) {
  const list: string[] = []
  const walk = (node: Node, depth: number) => {
    const attributes = 'attrs' in node ? node.attrs.map(({ name, value }) => `${name}=${value}`) : []
    const isAdded =
      node.nodeName === 'style' ||
      (node.nodeName === 'link' && attributes.some((one) => /^rel=(stylesheet|preload)$/.test(one))) ||
      attributes.includes('type=speculationrules')
    if (isAdded) return
    const text = 'value' in node ? node.value : 'data' in node ? node.data : ''
    list.push(`${' '.repeat(depth)}${node.nodeName} ${attributes.join(' ')} ${text}`)
    if ('childNodes' in node) for (const child of node.childNodes) walk(child, depth + 1)
  }
  for (const child of parse(html).childNodes) walk(child, 0)
  return list.join('\n')
}

/** The style sheet and the speculation rules of a page. */
function ofOurs(html: string) {
  const found = { style: '', rules: '' }
  const walk = (node: Node) => {
    const text =
      'childNodes' in node ? node.childNodes.map((child) => ('value' in child ? child.value : '')).join('') : ''
    if (node.nodeName === 'style') found.style ||= text
    if (node.nodeName === 'script' && text.startsWith('{"prefetch"')) found.rules ||= text
    if ('childNodes' in node) for (const child of node.childNodes) walk(child)
  }
  for (const child of parse(html).childNodes) walk(child)
  return found
}

const pieces = [
  '<style>',
  '</style>',
  'body{display:none}',
  '<script>',
  '</script>',
  '<script>try{let t=localStorage;alert(1)}catch{}</script>',
  themeScript,
  '<script>self.__next_f.push(1)',
  '(self.__next_f=[])',
  '<script src="/_next/x.js"></script>',
  'url(/KaTeX_Size2-Regular "><script>1</script>)',
  'literata_latin_italic',
  '<link rel="stylesheet" href="/x.css">',
  '<link rel="preload" as="script" href="x">',
  '<meta name="next-size-adjust">',
  '<div hidden=""><!--$--><!--/$--></div>',
  '<!--$-->',
  '<!--',
  '-->',
  '</head>',
  '</body></html>',
  '<script type="speculationrules">',
  '<title>',
  '</textarea>',
  ' data-diagrams="/assets/x.js"',
  ' class="katex large-op"',
  '"',
  "'",
  '&lt;script&gt;',
  '&#60;',
  '=',
  '`',
  '>',
  '<',
  '\n',
  ' x ',
  'é\u2028',
]

/** `npm run test:all` makes 2,000 pages. */
const pages = isLong ? 2000 : 200

test(`${pages} pages whose words and attributes are full of markup: only the framework goes`, () => {
  const random = randomFrom(20261129)
  const pick = <Item>(items: readonly Item[]) => items[Math.floor(random() * items.length)] as Item
  const words = () => Array.from({ length: 1 + Math.floor(random() * 5) }, () => pick(pieces)).join('')
  // The compiler escapes < and > in attributes. Half of the values here are not escaped, because that must work too.
  const attribute = (name: string) => {
    const value = words().replaceAll('&', '&amp;').replaceAll('"', '&quot;')
    return `${name}="${random() < 0.5 ? value : value.replaceAll('<', '&lt;').replaceAll('>', '&gt;')}"`
  }
  const text = () => words().replaceAll('&', '&amp;').replaceAll('<', '&lt;')
  const element = (depth: number): string => {
    if (depth > 3 || random() < 0.3) return text()
    const inside = () => Array.from({ length: 1 + Math.floor(random() * 3) }, () => element(depth + 1)).join('')
    return pick([
      () => `<p ${attribute('title')}>${text()}</p>`,
      () => `<a href="https://one.example/" ${attribute('title')} ${attribute('aria-label')}>${text()}</a>`,
      () => `<img ${attribute('alt')} src="/a.png"/>`,
      () => `<figure><figcaption ${attribute('title')}>${text()}</figcaption></figure>`,
      () => `<pre ${attribute('data-title')}><code>${text()}</code></pre>`,
      () => `<div ${attribute('title')}>${inside()}</div>`,
      () => `<section id="s">${inside()}</section>`,
      () => `<svg viewBox="0 0 1 1"><title>${text()}</title><path ${attribute('d')}/></svg>`,
      () => `<table><tbody><tr><td ${attribute('abbr')}>${text()}</td></tr></tbody></table>`,
      () => `<template ${attribute('title')}><p>${text()}</p></template>`,
    ])()
  }
  for (let number = 0; number < pages; number++) {
    const body = `${element(1)}${prose(Array.from({ length: 4 }, () => element(1)).join(''))}${element(1)}`
    const head = `<meta name="description" ${attribute('content')}/>`
    const made = lighten(page(body, { head }), { dist })
    const { style, rules } = ofOurs(made.html)
    const isRight =
      shape(made.html) === shape(page(body, { head, own: {} })) &&
      made.policy.includes(`script-src 'self' ${hash(themeScript)} ${hash(rules)};`) &&
      made.policy.includes(`style-src ${hash(style)};`) &&
      // A light page does not change when it is made light again.
      lighten(made.html, { dist }).html === made.html
    // Calling `expect` for every page would take minutes.
    if (isRight) continue
    expect(shape(made.html), body).toBe(shape(page(body, { head, own: {} })))
    expect(made.policy, body).toBe('another one')
  }
})

test('a page has the style that its elements need, and fetches early only fonts of the build', () => {
  const { html } = lighten(page(prose('<p title="literata_latin_italic"><em>x</em></p>')), { dist })
  expect(html).toContain('<link rel="preload" href="/_next/static/media/literata_latin_italic.1.woff2" as="font"')
  expect(html).toContain('em{font-family:i}')
  const none = lighten(page(prose('<p title="<em> url(/literata_latin_italic.x.woff2)">x</p>')), { dist }).html
  expect(none).not.toContain('rel="preload"')
  expect(none).not.toContain('em{font-family:i}')
})

for (const [what, body, directive, ...sources] of [
  ['a script of its owner', '<script>count()</script>', 'script-src', hash('count()')],
  [
    'a script of another host',
    '<script defer src="https://stats.example/x.js"></script>',
    'script-src',
    'https://stats.example',
  ],
  [
    'a script of another host',
    '<script src="https://stats.example/x.js"></script>',
    'connect-src',
    'https://stats.example',
  ],
  ['a script of another host', '<script src="//stats.example:8443/x.js"></script>', 'img-src', 'stats.example:8443'],
  ['an import map', '<script type="importmap">{}</script>', 'script-src', hash('{}')],
  ['a style attribute', '<p style="color:red">x</p>', 'style-src', "'unsafe-hashes'", hash('color:red')],
  ['a style sheet in a drawing', '<svg><style>path{fill:red}</style></svg>', 'style-src'],
  ['an icon of another host', '<link rel="icon" href="https://i.example/x.ico"/>', 'img-src', 'https://i.example'],
  [
    'a manifest of another host',
    '<link rel="manifest" href="https://m.example/x"/>',
    'manifest-src',
    'https://m.example',
  ],
  [
    'a font of another host',
    '<link rel="preload" as="font" href="https://f.example/x"/>',
    'font-src',
    'https://f.example',
  ],
  [
    'a picture for who has no scripts',
    '<noscript><img src="https://n.example/x"></noscript>',
    'img-src',
    'https://n.example',
  ],
  ['a picture in a drawing', '<svg><image href="https://p.example/x"/></svg>', 'img-src', 'https://p.example'],
  ['a script of the site itself', '<script src="/widget.js"></script>', 'script-src', "'self'"],
  ['a frame of the site itself', '<iframe src="/demo/index.html"></iframe>', 'frame-src', "'self'"],
  ['a manifest', '<link rel="manifest" href="/manifest.webmanifest"/>', 'manifest-src', "'self'"],
  [
    'a picture in a style attribute',
    '<p style="background:url(https://p.example/x.png)">x</p>',
    'img-src',
    'https://p.example',
  ],
  [
    'a picture in a style sheet of its own',
    '<style>p{background:url("https://p.example/x.png")}</style>',
    'img-src',
    'https://p.example',
  ],
  [
    'a font in a style sheet of its own',
    '<style>@font-face{font-family:f;src:url(data:font/woff2,x)}</style>',
    'font-src',
    'data:',
  ],
  [
    'a button that sends elsewhere',
    '<form><input type="submit" formaction="https://f.example/x"/></form>',
    'form-action',
    'https://f.example',
  ],
] as const) {
  test(`a page with ${what} in its code (${body}) may use it`, () => {
    const { html, policy } = lighten(page(body), { dist })
    const found = policy.split('; ').find((rule) => rule.startsWith(`${directive} `)) ?? ''
    for (const source of sources) expect(found.split(' ')).toContain(source)
    expect(shape(html)).toBe(shape(page(body, { own: {} })))
    expect(policy.includes('trusted-types')).toBe(!body.includes('<script'))
  })
}

test('data in a script element is neither run nor hashed, wherever it stands', () => {
  const data = '<script type="application/ld+json">{"@type":"BlogPosting"}</script>'
  const { html, policy } = lighten(page(data + prose(data)), { dist })
  expect(html.split(data)).toHaveLength(3)
  expect(policy).not.toContain(hash('{"@type":"BlogPosting"}'))
  expect(policy).toContain('trusted-types')
})

for (const [what, body, said] of [
  ['a script in the text of a post', prose('<script>x()</script>'), 'there is a <script> in its text'],
  ['the very script of ours in the text of a post', prose(theme), 'there is a <script> in its text'],
  ['a script in a drawing', '<svg><script>x()</script></svg>', 'there is a <script> in a drawing'],
  ['an object', '<object data="/x.pdf"></object>', 'no page may have <object>'],
  ['a base', '<base href="https://elsewhere.example/"/>', 'no page may have <base>'],
  ['a style sheet of another host', '<link rel="stylesheet" href="https://a.example/x.css"/>', "is another site's"],
  [
    'a style sheet of another host for who has no scripts',
    '<noscript><link rel="stylesheet" href="https://a.example/x.css"/></noscript>',
    "is another site's",
  ],
  ['a handler', '<button onclick="x()">x</button>', '<button> has onclick'],
  [
    'a script that a text asks for',
    prose('<link rel="modulepreload" href="https://a.example/x.js"/>'),
    'asks for a script of https://a.example',
  ],
  ['text without an end', '<plaintext>', 'no page may have <plaintext>. Write <pre>'],
  ['an import in a style sheet', '<style>@import "https://a.example/x.css";</style>', 'has @import'],
  ['a style sheet that does not end', '<style>@media print{p{color:red}</style>', 'a <style> cannot be read'],
] as const) {
  test(`${what} is refused, not left dead`, () => {
    expect(() => lighten(page(body), { dist })).toThrow(said)
  })
}

test('a style sheet for some screens only stays one', () => {
  const { html } = lighten(page('<style media="print">p{color:red}</style>'), { dist })
  expect(html).toContain('@media print{p{color:red}}')
})

/** React's data of a page with client modules. Its text looks like rows of more modules. */
const payload = (rows: string, tree: string) => {
  const text = '\n9:I[9,[],"x"]\n0:{"t":"$L9"}é'
  const lines = [
    '1:"$Sreact.fragment"',
    '2:I[1,["/_next/a.js"],"default"]',
    rows,
    ':HL["/a.css","style"]',
    `7:T${Buffer.byteLength(text).toString(16)},${text}0:{"t":{"r":["$","$L2",null,{"parallelRouterKey":"children","error":"$5","notFound":["$","$L6",null,{}]}],"d":"$Q8"},"G":["$5",[]]}`,
    `8:[["children",${tree}]]`,
    '5:I[5,[],"error"]',
    '6:I[6,[],"ofMissing"]',
  ]
  return Buffer.from(lines.filter(Boolean).join('\n'))
}

test('the client components of a page are found in its data, and nowhere in its words', () => {
  const none = clientComponentsIn(payload('', '["$","p",null,{"children":"$$L6 $7 9:I[9]","x":"$7"}]'))
  expect([...none.modules]).toEqual(['1'])
  const some = clientComponentsIn(
    payload('a:I[10,[],"Counter"]', '["$","p",null,{"children":["$","$La",null,{"to":3}]}]'),
  )
  expect([...some.modules].sort()).toEqual(['1', '10'])
  expect(some.elements).toContainEqual({ module: '10', props: { to: 3 } })
})

const modules = new Map([
  ['1', 'node_modules/next/dist/esm/client/components/layout-router.js'],
  ['6', 'components/of-missing.tsx'],
  ['10', 'components/counter.tsx'],
  ['11', 'node_modules/next/dist/client/script.js'],
  ['12', 'node_modules/next/dist/client/app-dir/link.js'],
])

test('a page with a client component keeps the framework, with a policy that lets it run', () => {
  const counter = payload('a:I[10,[],"Counter"]', '["$","$La",null,{}]')
  const { html, policy, needs, scripts } = lighten(page('<p>1</p>'), { dist, payload: counter, modules })
  expect(needs).toEqual(['components/counter.tsx'])
  expect(scripts).toEqual(['/_next/static/chunks/a.js'])
  // `lighten` joins scripts that follow each other.
  const data = '(self.__next_f=self.__next_f||[]).push([0]);self.__next_f.push([1,"<p title=\\"x\\">"])'
  expect(html).toBe(page('<p>1</p>', { own: { ...framework, data: `<script>${data}</script>` } }))
  const runtime = '(globalThis["TURBOPACK"]||=[]).push({})'
  for (const source of [hash(themeScript), hash(runtime), hash(data)]) expect(policy).toContain(source)
  // Libraries of client components add style sheets to the page, so inline styles must be allowed.
  expect(policy).toContain("style-src 'self' 'unsafe-inline';")
  expect(policy).not.toContain('trusted-types')
  expect(policy).not.toContain('unsafe-eval')
})

test('links of Next.js need no framework; scripts that it adds do, and are in the policy', () => {
  const link = payload('a:I[12,[],"Link"]', '["$","$La",null,{"href":"/"}]')
  expect(lighten(page(''), { dist, payload: link, modules }).needs).toEqual([])
  const two = payload(
    'a:I[11,[],"Script"]',
    '[["$","$La",null,{"src":"https://stats.example/x.js"}],["$","$La","k",{"id":"x","children":"count()"}]]',
  )
  const long = `/* ${'x'.repeat(2000)} */`
  const rows = [
    'a:I[11,[],"Script"]',
    `b:T${long.length.toString(16)},${long}c:["$","$La",null,{"children":"$b"}]`,
    `d:["$","$La",null,{"dangerouslySetInnerHTML":{"__html":"$$(go)"}}]`,
  ].join('\n')
  const more = lighten(page(''), { dist, payload: payload(rows, '["$c","$d"]'), modules }).policy
  expect(more).toContain(hash(long))
  expect(more).toContain(hash('$(go)'))
  const { needs, policy } = lighten(page(''), { dist, payload: two, modules })
  expect(needs).toEqual(['node_modules/next/dist/client/script.js'])
  expect(policy).toContain('https://stats.example')
  expect(policy).toContain(hash('count()'))
})

test('a part that React puts in its place later keeps the comments that it counts', () => {
  const late =
    '<p>1</p><!--$?--><template id="B:0"></template><p>wait</p><!--/$--><p>2</p><div hidden id="S:0"><p>3</p></div><script>$RC("B:0","S:0")</script>'
  const { html, policy } = lighten(page(late), { dist })
  expect(html).toContain(late)
  expect(policy).toContain(hash('$RC("B:0","S:0")'))
})

test('a sheet keeps what another sheet, a style, an attribute or a script of the page names', () => {
  const write = (name: string, css: string) => writeFileSync(path.join(dist, 'static/chunks', name), css)
  write(
    'base.css',
    ':root{--a:1px;--b:2px;--c:3px;--d:4px}@keyframes spin{to{left:0}}.js .menu{top:0}.\\32 col{left:1px}',
  )
  write('box.css', '.box{margin:var(--a);animation:spin 1s}')
  const link = (name: string) => `<link rel="stylesheet" href="/_next/static/chunks/${name}"/>`
  const head = `${link('base.css')}${link('box.css')}<style>i{margin:var(--b)}</style>`
  const body =
    '<p class="box 2col" style="margin:var(--c)">x</p><nav class="menu"></nav><script>document.documentElement.className="js"</script>'
  const { html } = lighten(page(body, { head }), { dist })
  for (const kept of ['--a:1px', '--b:2px', '--c:3px', '@keyframes spin', '.js .menu{top:0}', 'col{left:1px}'])
    expect(html).toContain(kept)
  expect(html).not.toContain('--d')
})

test('what the owner allows besides is in the policy of each page', () => {
  const allow = { 'connect-src': ['https://collect.example'], 'frame-src': ['https://f.example'] }
  const { policy } = lighten(page(''), { dist, allow })
  expect(policy.split('; ')).toContain("connect-src 'self' https://collect.example")
  expect(policy.split('; ')).toContain('frame-src https://f.example')
})
