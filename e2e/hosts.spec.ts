/** The host of an address must never add a directive, a source or a line of the log, whatever characters it has. */
import { expect, test } from '@playwright/test'
import type { Root } from 'hast'
import { fromHtml } from 'hast-util-from-html'
import { render } from '../lib/markdown/render'
import { elements } from '../lib/markdown/tree'
import { hasOddHost, originOf } from '../lib/site/host.mjs'
import { readSrcset } from '../lib/site/srcset.mjs'
import { compile } from './compile'
import { isLong } from './suites'

/** An address, and the source that a policy names for it; undefined when it must name no source. */
const sources: [string, string | undefined][] = [
  ['https://pics.example/x.png', 'https://pics.example'],
  ['HTTPS://Pics.Example:8443/x.png', 'https://pics.example:8443'],
  ['http://pics.example:80/', 'http://pics.example'],
  ['//pics.example:8443/x.png', 'pics.example:8443'],
  ['/\t/pics.example/x.png', 'pics.example'],
  ['\\\\pics.example\\x.png', 'pics.example'],
  ['https:\\\\pics.example', 'https://pics.example'],
  [' https://pics.example/x.png\n', 'https://pics.example'],
  ['https://user:word@pics.example/', 'https://pics.example'],
  ['https://münchen.example/', 'https://xn--mnchen-3ya.example'],
  ['https://pics.example./', 'https://pics.example.'],
  ['https://127.1/', 'https://127.0.0.1'],
  ['https://localhost:4300/', 'https://localhost:4300'],
  [`https://${'a'.repeat(63)}.example/`, `https://${'a'.repeat(63)}.example`],
  [`https://${'a'.repeat(64)}.example/`, undefined],
  [`https://${'abc.'.repeat(63)}de/`, undefined],
  ['https://a;frame-ancestors/x.png', undefined],
  ['//a;frame-ancestors/x.png', undefined],
  ['https://c%3Bsandbox/z.png', undefined],
  ["https://a'unsafe-inline'/x.png", undefined],
  ['https://*.example/', undefined],
  ['https://*/', undefined],
  ['https://a,b/', undefined],
  ['https://a b/', undefined],
  ['https://-a.example/', undefined],
  ['https://a-.example/', undefined],
  ['https://a_b.example/', undefined],
  ['https://a..example/', undefined],
  ['https://./', undefined],
  ['https://[::1]/', undefined],
  ['https://', undefined],
  ['//', undefined],
  ['/x.png', undefined],
  ['./x;y.png', undefined],
  ['data:image/png;base64,AA', undefined],
  ['ftp://pics.example/x.png', undefined],
]
test('a policy names a host of the form that DNS and IPv4 have, with its port, and nothing else', () => {
  for (const [address, source] of sources) expect(originOf(address), address).toBe(source)
  const grammar = /^(https?:\/\/)?[a-z0-9-]+(\.[a-z0-9-]+)*\.?(:\d+)?$/
  const wrong: string[] = []
  // Browsers write some characters in ASCII: the Greek question mark becomes a semicolon. All of these are tried, and
  // all of Latin-1 and punctuation. `npm test` tries every seventh of the others, `npm run test:all` tries all.
  const isAsked = (code: number) =>
    isLong ||
    code < 0x180 ||
    (code >= 0x2000 && code < 0x2070) ||
    code % 7 === 0 ||
    /[\0-\x7f]/.test(String.fromCharCode(code).normalize('NFKC'))
  for (const code of Array.from({ length: 0x3000 }, (_, code) => code).filter(isAsked))
    for (const mark of [String.fromCharCode(code), `%${(code & 255).toString(16).padStart(2, '0')}`])
      for (const address of [`https://a${mark}b/`, `//${mark}a`, `https://a${mark}:80;b`, `https:${mark}/a/`])
        if (!grammar.test(originOf(address) ?? 'a')) wrong.push(address)
  expect(wrong).toEqual([])
})

test('a path of the site, a scheme of its own and a file beside a post are no odd hosts', () => {
  for (const address of ['/x;y.png', './a%00.png', 'a:b.png', 'mailto:a;b', 'data:,x', '#x', '', '?a', 'C:\\x.png'])
    expect(hasOddHost(address), address).toBe(false)
  for (const address of ['https://a;b/', '//a;b', '\\\\a;b\\x', 'https://', 'http://%zz/', ' https://a;b'])
    expect(hasOddHost(address), address).toBe(true)
})

test('candidates of a srcset are read as browsers read them', () => {
  const read = (srcset: string) =>
    readSrcset(srcset).map(({ address, descriptors }) => `${address} ${descriptors}`.trim())
  expect(read('a.png 1x,b.png 2x')).toEqual(['a.png 1x', 'b.png 2x'])
  expect(read(' ,a.png, b,c.png 2x (x, y) , d,,')).toEqual(['a.png', 'b,c.png 2x (x, y)', 'd'])
  expect(read('a.png ((), b.png 2x')).toEqual(['a.png (()', 'b.png 2x'])
  expect(read('a.png ), b.png (x, y) 2x')).toEqual(['a.png )', 'b.png (x, y) 2x'])
  expect(read('')).toEqual([])
})

/** Every element that loads a file, in markdown and in MDX. HOST stands for the odd host. */
const written = {
  'x.md': `![one](HOST/a.png)

![two](//evil;sandbox/b.png "A caption")

![film](HOST/c.mp4)

<picture><source srcset="HOST/d.png 1x, https://pics.example/ok.png 2x"><img src="https://pics.example/e.png" alt="e"></picture>

<video src="HOST/f.webm" poster="HOST/g.png" controls><source src="HOST/h.webm"><track src="HOST/i.vtt"></video>

<audio src="HOST/j.mp3" controls></audio>

<img src="HOST/k.png" alt="k">`,
  'x.mdx': `<form action="HOST/a"><button formAction="HOST/b">Go</button></form>

<link rel="preload" as="font" href="HOST/c.woff2" />

<figure data-frame="HOST/d">d</figure>

<object data="HOST/e" />

<Image src="HOST/f.png" alt="f" />

<Video src="HOST/g.mp4" poster="HOST/h.png" tracks={[{ src: 'HOST/i.vtt' }]} />

<svg><image href="HOST/j.png" /></svg>

<img srcSet="HOST/k.png 2x" src="https://pics.example/l.png" alt="l" />`,
}
for (const [name, text] of Object.entries(written))
  for (const host of ['https://evil;frame-ancestors', 'https://evil%3Bsandbox', 'http://*.evil', 'https://[::1]'])
    test(`nothing of ${name} is loaded from ${host}, and each address is said with its line`, async () => {
      const { html, problems } = await render(`posts/${name}`, `---\ntitle: X\n---\n${text.replaceAll('HOST', host)}`)
      const tree = fromHtml(html, { fragment: true })
      const odd: string[] = []
      elements(tree, (node) => {
        for (const [property, value] of Object.entries(node.properties))
          if (property !== 'ariaLabel' && /evil|\[::1\]/.test(String(value))) odd.push(`${node.tagName} ${property}`)
      })
      expect(odd).toEqual([])
      const lines = text.split('\n')
      const expected = lines.flatMap((line, at) => (line.match(/HOST\/[a-z]|evil;sandbox/g) ?? []).map(() => at + 4))
      const said = problems.filter(({ message }) => message.includes('nothing is loaded from it'))
      expect(said.map(({ line }) => line).sort((a, b) => a - b)).toEqual(expected)
      expect(said.every(({ severity }) => severity === 'warning')).toBe(true)
      if (name === 'x.md') expect(html).toContain('srcset="https://pics.example/ok.png 2x"')
    })

test('a picture without its address leaves its description, and one with a good host stays', async () => {
  const { html } = await render(
    'posts/x.md',
    '---\ntitle: X\n---\n![a](https://a;b/x.png) ![b](https://pics.example/y.png)',
  )
  const images: Root['children'] = []
  elements(fromHtml(html, { fragment: true }), (node) => {
    if (node.tagName === 'img') images.push(node)
  })
  expect(images).toMatchObject([
    { properties: { alt: 'a' } },
    { properties: { alt: 'b', src: 'https://pics.example/y.png' } },
  ])
})

test('the front matter names no odd host either, and what a post says begins no line of the log', async () => {
  const post = (matter: string) => `---\ntitle: X\ndate: 2026-01-01\n${matter}---\n\nWords.\n`
  const { said, manifest } = await compile({
    'posts/cover.md': post('images: ["https://a;b/x.png"]\n'),
    'posts/draft.md': post('draft: true\ncanonicalUrl: https://a;b/x\n'),
    'posts/log.md': `${post('draft: true\n')}\n[x](./a%0Acontent/posts/made-up.md:1:%1b[31m%E2%80%A8up.md)\n`,
    'authors/odd.md': '---\nname: Odd\navatar: https://a;b/x.png\n---\n',
  })
  expect(said.filter((line) => /a;b/.test(line)).map((line) => /^[^:]*:\d+/.exec(line)?.[0])).toEqual([
    'content/authors/odd.md:3',
    'content/posts/cover.md:4',
    'content/posts/draft.md:5',
  ])
  // A line break in an address must not start a new line of the log.
  expect(said.filter((line) => /made-up/.test(line))).toEqual([
    expect.stringMatching(/^content\/posts\/log\.md:\d+: there is nothing at \.\/a[^\n\u2028]*made-up[^\n\u2028]*$/u),
  ])
  expect(manifest.authors.find(({ slug }: { slug: string }) => slug === 'odd').avatar).toBeUndefined()
})
