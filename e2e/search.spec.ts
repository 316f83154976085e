import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { gunzipSync } from 'node:zlib'
import { expect, test } from '@playwright/test'
import { resultsOf } from '../components/search/results'
import { keepSearchIndex } from '../lib/compile/search-index'
import { searchAnswer } from '../lib/formats/search-answer'
import { searchPageOf } from '../lib/formats/search-page'
import { makeFinder, type Searched } from '../lib/posts/find'
import { folded, marked, wordsOf } from '../lib/posts/fold'
import { inFolders } from '../lib/store/paths'
import { compileIn, writeBlog } from './compile'

// The search as pure functions, and the index that a build makes. search-dialog.spec.ts searches in a browser.

const post = (slug: string, facts: Partial<Searched> = {}): Searched => ({
  slug,
  title: slug,
  excerpt: '',
  date: '2026-01-01',
  tags: [],
  authors: [],
  headings: [],
  ...facts,
})

const slugsOf = (posts: Searched[], query: string, language = 'en') =>
  makeFinder(posts, language)(query, 20).found.map(({ post: { slug } }) => slug)

test('a post is found by its title, summary, headings, tags, category and authors', () => {
  const posts = [
    post('title', { title: 'All about lighthouses' }),
    post('summary', { excerpt: 'How lighthouses are kept.' }),
    post('heading', { headings: [{ id: 'l', text: 'Of lighthouses' }] }),
    post('tag', { tags: ['Lighthouses'] }),
    post('category', { category: 'lighthouses' }),
    post('author', { authors: ['Lighthouses Ltd'] }),
    post('nothing', { title: 'Streetlights' }),
  ]
  expect(slugsOf(posts, 'lighthouses').sort()).toEqual(['author', 'category', 'heading', 'summary', 'tag', 'title'])
})

test('the title counts most, then tags, headings, authors and the summary; a whole word more than a beginning; the newer post of two alike first', () => {
  const posts = [
    post('summary', { excerpt: 'A word on cache.' }),
    post('author', { authors: ['Word Cache'] }),
    post('heading', { headings: [{ id: 'a', text: 'Word, cache' }] }),
    post('tag', { tags: ['word cache'] }),
    post('beginning', { title: 'Words on caches' }),
    post('newer', { title: 'A good word on cache here' }),
    post('older', { title: 'A good word on cache there' }),
    post('phrase', { title: 'Cache word' }),
  ]
  expect(slugsOf(posts, 'cache word')).toEqual([
    'phrase',
    'newer',
    'older',
    'tag',
    'beginning',
    'heading',
    'author',
    'summary',
  ])
})

test('a post has to have all words of the query, in any place and order', () => {
  const posts = [post('both', { title: 'Quiet caches', tags: ['http'] }), post('one', { title: 'Caches' })]
  expect(slugsOf(posts, 'http cach')).toEqual(['both'])
  expect(slugsOf(posts, 'cach zzz')).toEqual([])
})

for (const [name, text, query] of [
  ['accents', 'Café naïve Ångström', 'cafe NAIVE angstrom'],
  ['accents that are typed and not there', 'cafe', 'café'],
  ['full width', 'ＷＥＢ', 'web'],
  ['letters without a base letter', 'Straße Łódź Ærø', 'strasse lodz aero'],
  ['Greek', 'Άλφα ΛΌΓΟΣ', 'αλφα λογος'],
  ['signs in words', 'C++ and node.js, with .NET', 'c++ node.js .net'],
  ['Hindi', 'हिन्दी में लेख', 'हिन्दी'],
  ['Japanese as it is typed', '静的なサイトを検索する方法', 'サイト検索'],
  ['Chinese as it is typed', '我们在数据库里保存文章', '数据库文章'],
  ['Korean without its particle', '데이터베이스를 사용하지 않고', '데이터베이스'],
  ['Thai as it is typed', 'เราค้นหาบทความในฐานข้อมูลได้', 'บทความ'],
  ['one letter of Han', '東京都', '京'],
] as const)
  test(`found: ${name}`, () => {
    expect(slugsOf([post('a', { title: text })], query)).toEqual(['a'])
  })

test('a word is found at its beginning only, and a mark of another script is a letter of its word', () => {
  expect(slugsOf([post('a', { title: 'broadcast' })], 'cast')).toEqual([])
  // Without its vowel sign this would be another word.
  expect(slugsOf([post('a', { title: 'की' })], 'कु')).toEqual([])
})

test('the words of the query are marked where they stand in the text, however their letters are written', () => {
  expect(marked('The Café of cafés', ['cafe'], 'en')).toEqual(['The ', { mark: 'Café' }, ' of ', { mark: 'café' }, 's'])
  expect(marked('Die Straße', ['strass'], 'de')).toEqual(['Die ', { mark: 'Straß' }, 'e'])
  expect(marked('静的なサイト', ['サイト'], 'ja')).toEqual(['静的な', { mark: 'サイト' }])
  expect(marked('a <b> & c', ['b'], 'en')).toEqual(['a <', { mark: 'b' }, '> & c'])
})

test('a query of signs, of nothing, of a thousand words or of half a letter finds nothing and breaks nothing', () => {
  const find = makeFinder([post('a', { title: 'A title' })], 'en')
  for (const query of ['', ' ', '%_*?[](){}\\', '"', '\u0000', '\ud83d', '<script>alert(1)</script>', '́̂'])
    expect(find(query, 20).all, query).toBe(0)
  expect(find('a '.repeat(1000), 20).all).toBe(1)
})

test('only the first twelve words of a query are looked for', () => {
  const find = makeFinder([post('a', { title: 'abcdefghijkl' })], 'en')
  const twelve = Array.from({ length: 12 }, (_, at) => 'abcdefghijkl'.slice(0, at + 1)).join(' ')
  expect(find(`${twelve} z`, 20).all).toBe(1)
  expect(find(`z ${twelve}`, 20).all).toBe(0)
})

test('every text finds itself', () => {
  for (const text of ['Ünïcödé', 'ﬁne ligatures', 'İstanbul', 'ǅ', '１２３', '한국어 글', 'ガギグ', 'Ⅷ']) {
    expect(
      wordsOf(text, 'en').every((word) => folded(text).includes(word)),
      text,
    ).toBe(true)
    expect(slugsOf([post('a', { title: text })], text), text).toEqual(['a'])
    expect(
      marked(text, wordsOf(text, 'en'), 'en').some((piece) => typeof piece !== 'string'),
      text,
    ).toBe(true)
  }
})

test('a result says the day that its post says, and the server does not speak of texts that it has not searched', () => {
  // Midnight of 14 July in Lisbon.
  const posts = [post('a', { title: 'Lighthouses', date: '2026-07-13T23:00:00.000Z' })]
  const find = makeFinder(posts, 'en')
  expect(searchAnswer('lighthouses', find('lighthouses', 20)).results).toMatchObject([
    { date: '2026-07-14', day: '14 July 2026' },
  ])
  const none = searchAnswer('lamps', find('lamps', 20))
  const said = (isWhole: boolean) => JSON.stringify(resultsOf({ ...none, isWhole })[0])
  expect(JSON.stringify(resultsOf(none)[0])).toBe(said(false))
  expect(said(false)).toContain('No title, summary or heading has “lamps”.')
  expect(said(true)).toContain('No post has “lamps”.')
})

test('a query is put into the page as a value, and a result as a text', () => {
  const fill = searchPageOf('<form><input name="q"/></form><div id="search-answer"></div><p>after')
  const page = fill('"><script>alert(1)</script>&amp;', [
    {
      type: 'element',
      tagName: 'p',
      properties: {},
      children: [{ type: 'text', value: '<img src=x onerror=alert(1)>' }],
    },
  ])
  expect(page).toBe(
    '<form><input value="&quot;>&lt;script>alert(1)&lt;/script>&amp;amp;" name="q"/></form><div id="search-answer"><p>&#x3C;img src=x onerror=alert(1)></p></div><p>after',
  )
})

/** The index of a blog: the texts of its posts, by address, and everything that is in its files. */
async function indexOf(files: Record<string, string>, folder: string, mostWords?: number) {
  const [content, store] = [path.join(folder, 'content'), path.join(folder, 'store')]
  writeBlog(content, files)
  expect((await compileIn(content, store)).status).toBe(0)
  const made = await inFolders(content, store, () => keepSearchIndex(mostWords))
  const parts = JSON.parse(readFileSync(path.join(store, 'search.json'), 'utf8'))
  const [{ key, languages } = { key: '', languages: [] }] = parts
  const place = path.join(store, 'search', key)
  const packed = key ? readdirSync(place, { recursive: true, encoding: 'utf8' }) : []
  const opened = packed
    .filter((name) => /\.pf_\w+$/.test(name))
    .map((name) => ({ name, text: gunzipSync(readFileSync(path.join(place, name))).toString() }))
  const fragments = opened
    .filter(({ name }) => name.startsWith('fragment'))
    .map(({ text }) => JSON.parse(text.slice('pagefind_dcd'.length)))
  return { made, parts, key, languages, fragments, all: opened.map(({ text }) => text).join('\n') }
}

const words = (title: string, more = '', body = 'Its text.') =>
  `---\ntitle: ${title}\ndate: 2024-02-03\n${more}---\n\n${body}\n`

test('the index has the posts that are published and listed, and no word of any other', async () => {
  const folder = mkdtempSync(path.join(tmpdir(), 'galley-'))
  const { fragments, all } = await indexOf(
    {
      'posts/open.md': words('Openword', 'tags: [opentag]\n'),
      'posts/draft.md': words('Draftword', 'draft: true\ntags: [drafttag]\n'),
      'posts/later.md': words('Laterword').replace('2024', '2199'),
      'posts/past.md': words('Pastword', 'expires: 2024-03-04\n'),
      'posts/quiet.md': words('Quietword', 'unlisted: true\n'),
    },
    folder,
  )
  rmSync(folder, { recursive: true })
  expect(fragments.map(({ url }) => url)).toEqual(['/blog/open'])
  expect(all.toLowerCase()).toContain('opentag')
  expect(all.toLowerCase()).not.toMatch(/draft|later|past|quiet/)
})

test('each post is indexed in its own language, and the language with rules for endings comes first', async () => {
  const folder = mkdtempSync(path.join(tmpdir(), 'galley-'))
  const files = {
    'posts/ja.md': words('静的サイトの検索', 'lang: ja\n', '東京都は日本の首都です。'),
    'posts/ja2.md': words('二つ目', 'lang: ja-JP\n', '記事を公開できます。'),
    'posts/en.md': words('Running', 'lang: en-GB\n', 'Databases.'),
  }
  const { languages, all } = await indexOf(files, folder)
  rmSync(folder, { recursive: true })
  expect(languages).toEqual(['en', 'ja'])
  // A word between two others is a word of the index.
  for (const word of ['日本', '首都', '記事', '公開']) expect(all).toContain(word)
})

test('the index has the headings with their ids, code without its furniture, and each formula and note once', async () => {
  const folder = mkdtempSync(path.join(tmpdir(), 'galley-'))
  const body =
    'A note.[^1] And $e=mc^2$.\n\n## Second part\n\n```js title="a.js"\nconst gauge = 1\n```\n\n[^1]: Noted once.'
  const { fragments } = await indexOf({ 'posts/a.md': words('Parts', '', body) }, folder)
  rmSync(folder, { recursive: true })
  const [{ content, anchors, meta, filters }] = fragments
  expect(anchors.map(({ id, text }: { id: string; text: string }) => [id, text])).toContainEqual([
    'second-part',
    'Second part',
  ])
  expect(content.match(/Noted once/g)).toHaveLength(1)
  expect(content).toContain('const gauge = 1')
  expect(content).not.toMatch(/Link to|mc\^2|Copy/)
  expect(meta).toMatchObject({ title: 'Parts', day: '3 February 2024' })
  expect(filters).toEqual({ author: ['Ada'], year: ['2024'] })
})

test('a tag that is spelled in two ways is one choice, as its newest post spells it', async () => {
  const folder = mkdtempSync(path.join(tmpdir(), 'galley-'))
  const files = {
    'posts/old.md': words('Old', 'tags: [Self_Hosting]\n').replace('2024', '2023'),
    'posts/new.md': words('New', 'tags: [self hosting]\n'),
  }
  const { fragments } = await indexOf(files, folder)
  rmSync(folder, { recursive: true })
  expect(fragments.map(({ filters }) => filters.tag)).toEqual([['self hosting'], ['self hosting']])
})

test('a long blog has an index in parts, and a new post makes only the newest', async () => {
  const folder = mkdtempSync(path.join(tmpdir(), 'galley-'))
  const old = Object.fromEntries(
    [1, 2, 3, 4].map((day) => [`posts/p${day}.md`, words(`P${day}`, '', 'two words').replace('02-03', `02-0${day}`)]),
  )
  const first = await indexOf(old, folder, 4)
  const later = await indexOf(
    { ...old, 'posts/p5.md': words('P5', '', 'two words').replace('02-03', '02-05') },
    folder,
    4,
  )
  rmSync(folder, { recursive: true })
  expect([first.made, first.parts.length]).toEqual([4, 2])
  expect([later.made, later.parts.length]).toEqual([1, 3])
  expect(later.parts.slice(1)).toEqual(first.parts)
})

test('an index is made once for the same posts, anew when one changes, and is gone when no post is left', async () => {
  const folder = mkdtempSync(path.join(tmpdir(), 'galley-'))
  const first = await indexOf({ 'posts/a.md': words('One') }, folder)
  const again = await indexOf({ 'posts/a.md': words('One') }, folder)
  const other = await indexOf({ 'posts/a.md': words('Two') }, folder)
  const draft = await indexOf({ 'posts/a.md': words('Two', 'draft: true\n') }, folder)
  const kept = readdirSync(path.join(folder, 'store', 'search'))
  rmSync(folder, { recursive: true })
  expect([first.made, again.made, other.made, draft.made]).toEqual([1, 0, 1, 0])
  expect(again.key).toBe(first.key)
  expect(other.key).not.toBe(first.key)
  expect([draft.languages, kept]).toEqual([[], []])
})
