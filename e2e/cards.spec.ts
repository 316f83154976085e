import { spawnSync } from 'node:child_process'
import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync, utimesSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { expect, test } from '@playwright/test'
import { drawCard } from '../lib/compile/card'
import { fontsFor, readFonts } from '../lib/compile/card-fonts'
import { coloursOf } from '../lib/compile/cards'
import { coloursOfLook } from '../lib/compile/look'
import { packageFor, withoutEmoji } from '../lib/compile/missing-letters'
import { sharp } from '../lib/markdown/media/sharp'
import type { Manifest } from '../lib/store/manifest'
import { compile, writeBlog } from './compile'
import { site } from './site.config'

// The settings of the site are changed by some tests, so all of them run in one process.
test.describe.configure({ mode: 'default' })

const post = (title: string, more = '') =>
  `---\ntitle: ${JSON.stringify(title)}\ndate: 2026-01-01\n${more}---\n\nText.\n`

const folders: string[] = []
test.afterAll(() => {
  for (const folder of folders) rmSync(folder, { recursive: true })
})
const newFolder = () => {
  const folder = mkdtempSync(path.join(tmpdir(), 'galley-cards-'))
  folders.push(folder)
  return folder
}

/** Compiles a blog with its cards. The last line of what is said is the number of documents. */
async function cardsOf(files: Record<string, string>, folder = newFolder()) {
  const { manifest, said, status } = await compile(files, folder, { cards: true })
  const { cards } = manifest as Manifest
  const at = (name: string) => path.join(folder, 'store/cards', name)
  return { folder, status, said: said.slice(0, -1), cards, file: (page: string) => at(cards[page]?.file ?? 'none') }
}

/** The bytes of red, green and blue of a picture. */
const pixelsOf = async (picture: string | Uint8Array) => {
  const { data, info } = await sharp(picture).removeAlpha().raw().toBuffer({ resolveWithObject: true })
  return {
    data,
    ...info,
    at: (x: number, y: number) => [...data.subarray((y * info.width + x) * 3, (y * info.width + x) * 3 + 3)],
  }
}

test('a card is made for the front page and each public post, tag, category, series and author, and for nothing else', async () => {
  const hidden = (name: string, more: string) =>
    post(`Hidden ${name}`, `tags: [of-${name}]\nauthors: [${name}]\nseries: { name: Of ${name}, part: 1 }\n${more}`)
  const author = (name: string) => `---\nname: ${name}\n---\n`
  const { cards, status } = await cardsOf({
    'posts/out.md': post('Out', 'tags: [CSS, c++]\nseries: { name: Three parts, part: 1 }\n'),
    'posts/back/in.md': post('In a category'),
    'posts/covered.md': post('Covered', 'images: [p.svg]\n'),
    'posts/p.svg': '<svg xmlns="http://www.w3.org/2000/svg" width="300" height="200"/>',
    'posts/apart.md': post('Apart', 'unlisted: true\ntags: [apart]\n'),
    'posts/secret/draft.md': hidden('draft', 'draft: true\n'),
    'posts/secret/later.md': hidden('later', '').replace('2026-01-01', '2999-01-01'),
    'posts/secret/gone.md': hidden('gone', 'expires: 2026-01-02\n'),
    ...Object.fromEntries(['draft', 'later', 'gone'].map((name) => [`authors/${name}.md`, author(name)])),
  })
  expect(status).toBe(0)
  expect(Object.keys(cards).sort()).toEqual([
    '/',
    '/authors/default',
    '/blog/apart',
    '/blog/back',
    '/blog/back/in',
    '/blog/out',
    '/series/three-parts',
    '/tags/c%2B%2B',
    '/tags/css',
  ])
  expect(cards['/blog/out']?.alt).toBe(`Out, Ada, 1 January 2026, ${site.title}`)
})

const long =
  'On the many ways in which a title that nobody should write but somebody always does is set in ever smaller type until it fits '
const titles: [string, string][] = [
  ['one word', 'Margins'],
  ['200 letters', (long + long).slice(0, 200)],
  ['1,000 letters', long.repeat(8)],
  [
    'a word without an end',
    'Donaudampfschifffahrtselektrizitätenhauptbetriebswerkbauunterbeamtengesellschaft'.repeat(4),
  ],
  ['Cyrillic', 'Вёрстка, поля и карандаш редактора: как читать гранки'],
  ['Greek', 'Η σελίδα και το περιθώριό της, ἡ ἀρχή'],
  ['Vietnamese', 'Tiếng Việt có nhiều dấu thanh điệu'],
  ['arrows and signs', 'Next ← Astro → Hugo: ≤ 40 ms ≈ ∞ ✓'],
  ['markup', '<b>Bold</b> & *stars* {{x}} </svg>'],
]

const colours = { paper: '#ffffff', ink: '#111111', rule: '#cccccc', pencil: '#aa2222' }

test('a card is a PNG of 1200 × 630 and under 100 kB, and its margins are paper, whatever the title is', async () => {
  const files = Object.fromEntries(titles.map(([, title], at) => [`posts/p${at}.md`, post(title)]))
  const { file, said } = await cardsOf(files)
  expect(said).toEqual([])
  for (const [at, [name]] of titles.entries()) {
    const picture = file(`/blog/p${at}`)
    expect(await sharp(picture).metadata(), name).toMatchObject({ format: 'png', width: 1200, height: 630 })
    expect(statSync(picture).size, name).toBeLessThan(100_000)
    // Drawn again in colours of its own: those of an owner may be alike.
    const words = { site: site.title, title: titles[at]?.[1] ?? '', notes: ['Ada', '1 January 2026'], lang: 'en' }
    const { fonts } = await fontsFor(`${Object.values(words).join(' ')} …`, readFonts([]))
    const { data, at: pixel } = await pixelsOf(await drawCard(words, colours, fonts))
    const paper = pixel(0, 0).join()
    let [left, right, top, bottom, inked] = [1200, 0, 630, 0, 0]
    for (let y = 0; y < 630; y++)
      for (let x = 0; x < 1200; x++) {
        if (data.subarray((y * 1200 + x) * 3, (y * 1200 + x) * 3 + 3).join() === paper) continue
        inked += 1
        left = Math.min(left, x)
        right = Math.max(right, x)
        top = Math.min(top, y)
        bottom = Math.max(bottom, y)
      }
    expect(inked, name).toBeGreaterThan(8000)
    expect([left >= 72, right <= 1128, top >= 48, bottom <= 590], `${name}: ${[left, right, top, bottom]}`).toEqual([
      true,
      true,
      true,
      true,
    ])
  }
})

test('an unchanged post makes no card, a new title makes one, a lost card is made again, and old ones go after a day', async () => {
  const files = { 'posts/a.md': post('One'), 'posts/b.md': post('Two') }
  const { folder, cards, file } = await cardsOf(files)
  const inside = path.join(folder, 'store/cards')
  const made = () =>
    Object.fromEntries(readdirSync(inside).map((name) => [name, statSync(path.join(inside, name)).ino]))
  const first = made()
  expect(Object.keys(first)).toHaveLength(4)
  expect((await cardsOf(files, folder)).cards).toEqual(cards)
  expect(made()).toEqual(first)

  const yesterday = new Date(Date.now() - 25 * 3600 * 1000)
  utimesSync(file('/blog/a'), yesterday, yesterday)
  rmSync(file('/blog/b'))
  const renamed = await cardsOf({ ...files, 'posts/a.md': post('Another') }, folder)
  expect(renamed.cards['/blog/a']?.file).not.toBe(cards['/blog/a']?.file)
  expect(renamed.cards['/blog/b']).toEqual(cards['/blog/b'])
  expect(Object.keys(made()).sort()).toEqual(
    Object.values(renamed.cards)
      .map((card) => card.file)
      .sort(),
  )
})

test('letters that no font has are named by file and line with what to type, at each build, and never drawn', async () => {
  const files = {
    'posts/ja.md': post('日本語の本', 'lang: ja\n'),
    'posts/a.md': post('A', 'tags: [עברית]\n'),
    'posts/odd.md': post('Half \u{10fffd}'),
    'posts/b.md': post('B', 'authors: [lin]\n'),
    'authors/lin.md': '---\n\nname: 林\n---\n',
  }
  const first = await cardsOf(files)
  const name = (font: string) =>
    `Type "npm install ${font}", and write cards: { fonts: ['${font}'] } in site.config.ts.`
  const said = [
    `content/posts/a.md:4: no font has "עברית", so there is no card with these words. ${name('@fontsource-variable/noto-sans-hebrew')} (warning)`,
    `content/authors/lin.md:3: no font has "林", so there is no card with these words. ${name('@fontsource-variable/noto-serif-jp')} (warning)`,
    `content/posts/ja.md:2: no font has "日本語の", so there is no card with these words. ${name('@fontsource-variable/noto-serif-jp')} (warning)`,
  ]
  for (const line of said) expect(first.said).toContain(line)
  expect(first.said.filter((line) => !said.includes(line)).join()).toMatch(
    /^content\/posts\/odd\.md:2: no font has "\u{10fffd}".*with a font that has them/u,
  )
  expect(Object.keys(first.cards).sort()).toEqual(['/', '/authors/default', '/blog/a'])
  const again = await cardsOf(files, first.folder)
  expect([again.said, again.cards]).toEqual([first.said, first.cards])
})

test('a package that the owner names is asked for letters that ours lack; one that is not installed is an error', async () => {
  const theirs = readFonts(['@fontsource-variable/jetbrains-mono']).filter(({ family }) => family === 'JetBrains Mono')
  const every = Array.from({ length: 0x2000 }, (_, code) => String.fromCodePoint(0x100 + code)).join('')
  const [lacking, left] = [await fontsFor(every, readFonts([])), new Set((await fontsFor(every, theirs)).missing)]
  const letter = lacking.missing.find((one) => !left.has(one) && /\p{L}/u.test(one)) as string
  const files = { 'posts/a.md': post(`A ${letter}`) }
  expect((await cardsOf(files)).said.join()).toContain(`no font has "${letter}"`)
  try {
    site.cards.fonts.push('@fontsource-variable/jetbrains-mono')
    expect(await cardsOf(files)).toMatchObject({ said: [], cards: { '/blog/a': {} } })
    site.cards.fonts.push('@fontsource/not-there')
    const { said, status } = await compile(files, undefined, { cards: true })
    expect([status, said[0]]).toEqual([
      1,
      expect.stringMatching(
        /e2e\/site\.config\.ts:\d+: cards\.fonts names "@fontsource\/not-there", which is not installed\. Type: npm install @fontsource\/not-there$/,
      ),
    ])
  } finally {
    site.cards.fonts.length = 0
  }
})

test('Chinese and Korean letters ask for the font of their language', () => {
  expect(packageFor('漢字', 'zh-TW')).toBe('@fontsource-variable/noto-serif-tc')
  expect(packageFor('汉字', 'zh')).toBe('@fontsource-variable/noto-serif-sc')
  expect(packageFor('한글', 'en')).toBe('@fontsource-variable/noto-serif-kr')
  expect(packageFor('ไทย', 'th')).toBe('@fontsource-variable/noto-sans-thai')
})

test('emoji are left out of a card, and a title of emoji alone has none', async () => {
  const { cards, said, file } = await cardsOf({
    'posts/a.md': post('Party'),
    'posts/b.md': post('🎉 Party 👩‍👩‍👧🏽 ❤️'),
    'posts/c.md': post('🎉🇵🇹'),
  })
  expect(said).toEqual([])
  expect(readFileSync(file('/blog/b')).equals(readFileSync(file('/blog/a')))).toBe(true)
  expect(cards['/blog/c']).toBeUndefined()
  expect(withoutEmoji('Top 1️⃣ of © 2026', ['\u20e3'])).toBe('Top 1 of © 2026')
})

test('a card has the colours of the theme by day', async () => {
  const look = coloursOfLook({ hue: 145, paper: 'grey' })
  const colours = coloursOf(
    `@theme {
    --color-paper: light-dark(oklch(0.99 0.01 100), #000);
    --color-ink: light-dark(#102030, #fff); --color-pencil: #00ff00; --color-rule: var(--look-rule);
  }`,
    look,
  )
  expect(colours).toEqual({ paper: 'oklch(0.99 0.01 100)', ink: '#102030', rule: look.rule.light, pencil: '#00ff00' })
  const { fonts } = await fontsFor('One Ada', readFonts([]))
  const words = { site: 'One', title: 'One', notes: ['Ada'], lang: 'en' }
  for (const pencil of ['#00ff00', '#0000ff']) {
    const { data, at } = await pixelsOf(await drawCard(words, { ...colours, paper: '#ffffff', pencil }, fonts))
    expect(at(5, 5)).toEqual([255, 255, 255])
    const text = data.toString('latin1')
    expect(text).toContain(pencil === '#00ff00' ? '\0\xff\0\0\xff\0' : '\0\0\xff\0\0\xff')
    expect(text).toContain('\x10\x20\x30\x10\x20\x30')
  }
})

test('the same words are the same bytes, however many cards are made at a time', async () => {
  const files = Object.fromEntries(
    Array.from({ length: 12 }, (_, at) => [`posts/p${at}.md`, post(`Post ${at}, Вёрстка`)]),
  )
  const [one, other] = [await cardsOf(files), await cardsOf(files)]
  expect(one.cards).toEqual(other.cards)
  for (const page of Object.keys(one.cards))
    expect(readFileSync(one.file(page)).equals(readFileSync(other.file(page))), page).toBe(true)
})

test('a machine that the renderer has no program for leaves cards out and says so, and the blog is compiled', async () => {
  const folder = newFolder()
  writeBlog(path.join(folder, 'content'), { 'posts/a.md': post('A') })
  const { status, stderr } = spawnSync(process.execPath, ['scripts/run.mjs', 'scripts/content.ts', 'build'], {
    encoding: 'utf8',
    env: {
      ...process.env,
      CONTENT_DIR: path.join(folder, 'content'),
      STORE_DIR: path.join(folder, 'store'),
      SITE_CONFIG: 'e2e/site.config.ts',
      TAKUMI_CORE_TARGET: '/nowhere.node',
    },
  })
  expect(stderr).toMatch(/e2e\/site\.config\.ts:\d+: 3 cards are left out.*npm ci --include=optional/)
  expect(status).toBe(0)
  expect(JSON.parse(readFileSync(path.join(folder, 'store/manifest.json'), 'utf8'))).toMatchObject({
    cards: {},
    posts: [{ slug: 'a' }],
  })
})
