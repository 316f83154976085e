// This file is long because its tables list what some twenty systems keep from readers.
import { expect, test } from '@playwright/test'
import { isKept, meaningOf } from '../lib/compile/meaning'
import { statusOf } from '../lib/store/status'
import { compile } from './compile'

/** Front matter that keeps a text from readers in each system. */
const KEPT: Record<string, string[]> = {
  jekyll: [
    'published: false',
    'published: "false"',
    'published: no',
    'hidden: true',
    'output: false',
    'Published: False',
  ],
  hugo: [
    'draft: "true"',
    'Draft: true',
    'draft: false\nDRAFT: true',
    'publishDate: 2999-01-01',
    'publishdate: 2999-01-01T00:00:00-08:00',
    'publish_date: "2999-01-01"',
    'expiryDate: 2001-01-01',
    'expiry_date: 2001-01-01T10:00:00Z',
    'unpublishdate: 2001-01-01',
    'headless: true',
    '_build: { render: never, list: never }',
    'build:\n  render: link',
    'hugo: { _build: { render: never } }',
    'params: { draft: true }',
    'cascade: { draft: true }',
    'cascade:\n  - build: { render: never }',
  ],
  eleventy: ['permalink: false', 'draft: yes', 'eleventyExcludeFromCollections: true\npermalink: false'],
  astro: ['pubDate: 2999-01-01', 'isDraft: true', 'pubDatetime: 2999-01-01T00:00:00.000Z'],
  zola: ['render: false', 'extra: { hidden: true }'],
  hexo: ['layout: draft', 'password: swordfish', 'published: 0', 'hidden: true'],
  pelican: ['Status: draft', 'status: hidden', 'status: skip'],
  nikola: ['status: private', '".. status": draft'],
  ghost: [
    'status: scheduled',
    'status: sent',
    'visibility: members',
    'visibility: paid',
    'published_at: 2999-01-01',
    'published_at: 32472144000000',
    'status: published\nvisibility: tiers',
  ],
  wordpress: [
    'post_status: pending',
    'post_status: auto-draft',
    'postStatus: trash',
    'post_status: future',
    'post-status: private',
    'post_password: swordfish',
    'wordpress: { post: { status: draft } }',
    'post_date: 2999-01-01 10:00:00',
    'wp:status: inherit, private',
  ],
  hashnode: ['saveAsDraft: true', 'save_as_draft: 1', 'ignorePost: true'],
  substack: ['is_published: false', 'audience: only_paid', 'post_date: 2999-01-01T00:00:00.000Z'],
  medium: ['publishStatus: draft', 'publish-status: private'],
  obsidian: ['publish: false', 'Publish: off', 'dg-publish: false', 'public: false', 'dg-hide: true'],
  grav: ['publish_date: 2999-01-01 10:00', 'unpublish_date: 2001-01-01', 'routable: false'],
  vuepress: ['publish: false', 'publish: "no"'],
  directus: ['status: archived', 'status: [draft]', 'status: "Draft (2)"', 'archived: true', 'archived: 2020-01-01'],
  craft: ['enabled: false', 'postDate: 2999-01-01', 'expiry: { date: 2001-01-01 }'],
  others: [
    'private: true',
    'Private : "Yes"',
    'visibility: private',
    'Visibility: PRIVATE',
    'meta: { visibility: private }',
    'not-published: true',
    'unpublished: true',
    'wip: true',
    'status: in review',
    'state: draft',
    'live: false',
    'schedule: 2999-01-01',
    'embargo_until: 2999/1/2',
    'scheduled: true',
    'trashed: true',
    'expired: true',
    'deleted_at: 2024-01-01',
    'keep: &it { published: false }\nother: *it',
    'public: &no false',
    'unpublishAt: 2001-01-01 UTC',
    'published: { status: draft }',
    'publish: { date: 2999-01-01 }',
    'published: 2999-01-01',
    'published: true\nhidden: true',
    'published: draft',
    'unpublish: 2001-01-01',
    'not_final: yes',
    '<<: { hidden: true }',
    'Hidden: ✓',
    'in_trash: true',
    'publish_up: 2999-01-01',
    'start_publishing: 2999-01-01',
    'finish_publishing: 2001-01-01',
    'access: { site.login: true }',
    'access: { site: { login: true } }',
    'visible: private',
    'visible: members',
    'visible: logged-in',
    'active: hidden',
    'enabled: hidden',
    'restricted: members',
    'protected: members',
    'locked: members',
    'internal: staff',
    'encrypted: hunter2',
    'removed: 2020-01-01',
    'disabled: 2020-01-01',
    'live: soon',
    'released: not yet',
    'approved: pending',
    'final: not yet',
    'hide: everywhere',
    'exclude: site',
    'draft_post: true',
    'private_page: true',
    'private_note: true',
    'hidden_post: true',
    'pending: true',
    'in_review: true',
    'under_construction: true',
    'coming_soon: true',
    'available: false',
    'posted_on: 2999-01-01',
    'archive_date: 2001-01-01',
    'visible_to: friends',
    'publish_to: nobody',
    'publish: { web: false }',
    'state: queue',
    'access: logged-in',
    'workflow: proofreading',
  ],
}

/** Files that are kept from readers because of their folder or their name. */
const PLACES = [
  'posts/_drafts/a.md',
  'posts/Drafts/b.md',
  'posts/web/_draft/c.md',
  'posts/_trash/d.md',
  'posts/private/e.md',
  'posts/templates/f.md',
  'posts/_archive/g.md',
  'posts/web/_partial.md',
  'posts/_hidden/deep/er/h/index.md',
  'posts/idea.draft.md',
  'posts/[draft] idea.md',
  'posts/unpublished/i.mdx',
  'posts/section/under/j.md',
  'posts/data/k.md',
  'posts/comma/k2.md',
  'posts/mark/k3.md',
  'posts/half/k4.md',
  'posts/broken/k5.md',
  'posts/00-drafts/l.md',
  'posts/01 drafts/m.md',
  'posts/Draft Posts/n.md',
  'posts/my drafts/o.md',
  'posts/drafts-2020/p.md',
]

/** Front matter that sounds like a draft, but its text is public. */
const HONEST = [
  'hidden: false',
  'published: true',
  'published: 2024-05-01',
  'publish: "yes"',
  'status: published',
  'Status: Publish',
  'visibility: public',
  'private: no',
  'tags: [hidden, draft, private]',
  'tags: private',
  'expiryDate: 2999-01-01',
  'expires: 2999-01-01',
  'publishDate: 2001-01-01',
  'publishDate: ""',
  'pubDate: Jan 3 2020',
  'cover: { hidden: true }',
  'ShowToc: false',
  'hide: [toc, navigation]',
  'comment_status: closed',
  'sitemap: false',
  'sitemap: { disable: true }',
  'nav_exclude: true',
  'search: { exclude: true }',
  'permalink: /old/place/',
  'layout: post',
  'type: review',
  'state: California',
  'stage: 2',
  'publisher: Penguin',
  'publication: Nature',
  'audience: beginners',
  'password: ""',
  'archived: false',
  'draft: false\npublished: true',
  'build: { render: always, list: always }',
  'status: evergreen',
  'hiddenFromSearch: false',
  'deletedAt: null',
  'project: { status: archived }',
  'source: { published: OUP, status: beta }',
  'render: true',
  'pubDate: 03/01/2020',
  'posted: 2020',
  'archive: https://example.org/',
  'Date: 2020-01-01',
  'listed: true',
  'series: { name: Private, part: 1 }',
  'archive: 2019',
  'released: 2026',
  'finished: May 2019',
  'live: https://example.org/private/2999',
  'permalink: /private/2999/',
  'visible: [home, sidebar]',
  'visible: true',
  'restricted: false',
  'exclude: [toc, search]',
  'hide: [site-nav]',
  'visible_to: everyone',
  'publish_to: [medium, devto]',
  'first_post: true',
  'publish_up: 2001-01-01',
  'access: public',
  'available: 2019-05-01',
]

/** Front matter with no clear meaning, which is an error, and its message after the name of the file. */
const UNCLEAR: [string, string][] = [
  ...[
    'live: 3 May 2999',
    'released: 01/02/2999',
    'schedule: 2999/01/01 10am',
    'finished: 3 May 2999',
    'issued: 3 May 2999',
    'publication: 3 May 2999',
  ].map((said): [string, string] => {
    const [key, value] = said.split(': ')
    return [said, `4: "${key}" is "${value}", and may mean that nobody is to read this. "${value}" is not a date.`]
  }),
  [
    'published: maybe',
    '4: "published" is "maybe", and may mean that nobody is to read this. Write draft: true or draft: false in its place.',
  ],
  [
    'published:',
    '4: "published" is null, and may mean that nobody is to read this. Write draft: true or draft: false in its place.',
  ],
  [
    'status: cooking',
    '4: "status" is "cooking", and may mean that nobody is to read this. Write draft: true or draft: false in its place.',
  ],
  [
    'embargo: until spring',
    '4: "embargo" is "until spring", and may mean that nobody is to read this. Write draft: true or draft: false in its place.',
  ],
  [
    'visibility: 7',
    '4: "visibility" is 7, and may mean that nobody is to read this. Write draft: true or draft: false in its place.',
  ],
  [
    'publishDate: 01/12/2999',
    '4: "publishDate" is "01/12/2999", and may mean that nobody is to read this. "01/12/2999" is not a date.',
  ],
  [
    'publishDate: next week',
    '4: "publishDate" is "next week", and may mean that nobody is to read this. "next week" is not a date. Write it as year-month-day, for example 2026-11-21 or 2026-11-21 18:30.',
  ],
  [
    'expiryDate: soon',
    '4: "expiryDate" is "soon", and may mean that nobody is to read this. "soon" is not a date. Write it as year-month-day, for example 2026-11-21 or 2026-11-21 18:30.',
  ],
]

const PICTURE = '<svg xmlns="http://www.w3.org/2000/svg" width="4" height="3"/>'
const matter = (name: string, more: string) =>
  `---\ntitle: ${name}\ndate: 2026-01-01\n${more}\n---\n\nWords. ![A ${name}](./${name}.svg)\n`
const kept = Object.entries(KEPT).flatMap(([system, all]) => all.map((said, at) => [`${system}-${at}`, said] as const))
const word = (file: string) =>
  file
    .replace(/\.mdx?$/, '')
    .replace(/[^a-z]+/gi, '-')
    .toLowerCase()
const own = (name: string) => `tags: [tag-${name}]\naliases: [/old/${name}]`
const svg = (folder: string, name: string) => [
  `${folder}/${name}.svg`,
  PICTURE.replace('width="4"', `id="${name}" width="4"`),
]

type Entry = { file: string; slug: string; draft: boolean; unlisted: boolean; date: string; expires?: string }
const publicOnes = (posts: Entry[]) =>
  posts.filter((post) => ['published', 'unlisted'].includes(statusOf(post, new Date()))).map(({ file }) => file)

test('what other systems keep back has no page, tag, alias or picture, however it is said', async () => {
  const files = Object.fromEntries([
    ...kept.flatMap(([name, said]) => [
      [`posts/${name}.md`, matter(name, `${own(name)}\n${said}`)],
      svg('posts', name),
      [`pages/${name}.md`, `---\ntitle: ${name}\n${said}\n---\n\nWords.\n`],
    ]),
    ...PLACES.flatMap((file) => [
      [file, matter(word(file), own(word(file)))],
      svg(file.slice(0, file.lastIndexOf('/')), word(file)),
    ]),
    ['posts/section/_index.md', '---\ntitle: Section\ncascade:\n  - build: { render: never }\n---\n'],
    ['posts/data/data.json', '{ "draft": true }'],
    // Not quite JSON: a comma too many, a byte order mark, an end that is missing.
    ['posts/comma/comma.json', '{ "draft": true, }'],
    ['posts/mark/mark.json', '\uFEFF{ "draft": true }'],
    ['posts/half/half.json', '{\n  "draft": true,\n'],
    // This is neither JSON nor YAML, so nothing can be read from it.
    ['posts/broken/broken.json', '{ "draft": *yes }'],
    ['posts/open.md', matter('open', 'tags: [shown]')],
    svg('posts', 'open'),
  ])
  const { status, said, manifest, asked } = await compile(files)
  expect(said.filter((line) => line.startsWith('content/') && !line.endsWith('(warning)'))).toEqual([])
  expect(status).toBe(0)
  expect(manifest.posts).toHaveLength(kept.length + PLACES.length + 2)
  expect(publicOnes(manifest.posts)).toEqual(['posts/open.md'])
  expect(manifest.pages.filter((page: { draft: boolean }) => !page.draft)).toEqual([])
  // `asked.pictures` has the pictures that a server reads from the store: at least one for each text that is kept back.
  expect(asked.pictures.length).toBeGreaterThanOrEqual(kept.length + PLACES.length)
  // The compiler has to name each text and its line. Only `draft: yes` and `draft: "true"` need no message.
  for (const [name, text] of kept)
    expect(
      said.filter((line) => new RegExp(`^content/posts/${name}\\.md:[6-9]: .*(draft|scheduled|expires)`).test(line))
        .length,
      text,
    ).toBeGreaterThan(/^draft: (yes|"true")$/.test(text) ? -1 : 0)
})

test('words that only sound like it keep nothing back and stop nothing', async () => {
  const files = Object.fromEntries(
    HONEST.map((said, at) => [`posts/h${at}.md`, `---\ntitle: H\ndate: 2026-01-01\n${said}\n---\n`]),
  )
  const more = [
    'posts/private-equity/a.md',
    'posts/archive/a.md',
    'posts/_posts/2024-01-01-a.md',
    'posts/draft-horses.md',
    'posts/hidden-gems.md',
    'posts/hidden-treasures/a.md',
    'posts/2020/a.md',
  ]
  const { status, said, manifest } = await compile({
    ...files,
    ...Object.fromEntries(more.map((file) => [file, `---\ntitle: H\ndate: 2026-01-01\n---\n`])),
  })
  expect(said.filter((line) => line.startsWith('content/') && !line.endsWith('(warning)'))).toEqual([])
  expect(status).toBe(0)
  const open = publicOnes(manifest.posts)
  expect(HONEST.filter((_, at) => !open.includes(`posts/h${at}.md`))).toEqual([])
  expect(more.filter((file) => !open.includes(file))).toEqual([])
})

test('what may mean either stops the build with what to write, and is not public meanwhile', async () => {
  const files = UNCLEAR.map(([said], at) => [`posts/u${at}.md`, `---\ntitle: U\ndate: 2026-01-01\n${said}\n---\n`])
  const { status, said } = await compile({
    ...Object.fromEntries(files),
    'pages/u.md': '---\ntitle: U\nunlisted: true\n---\n',
    'authors/u.md': '---\nname: U\npublished: false\n---\n',
  })
  expect(status).toBe(1)
  for (const [at, [, message]] of UNCLEAR.entries())
    expect(said).toContainEqual(expect.stringContaining(`content/posts/u${at}.md:${message}`))
  expect(said).toContain(
    'content/pages/u.md:3: "unlisted" is true, and a page is in the sitemap. Write draft: true in its place, or take it out.',
  )
  expect(said).toContain(
    'content/authors/u.md:3: "published" is false, and authors are shown on their posts. Take it out, or move this file out of content/authors.',
  )
})

test('a moment schedules or expires in the time zone of the site, and what is in no list there is unlisted here', async () => {
  const post = (more: string) => `---\ntitle: A\ndate: 2026-01-01\n${more}\n---\n`
  const { status, said, manifest } = await compile({
    'posts/a.md': post('publishDate: 2999-07-01 09:00'),
    'posts/b.md': post('expiryDate: 2999-07-01 09:00\nexpires: 2999-08-01'),
    'posts/c.md': post('eleventyExcludeFromCollections: true'),
    'posts/d.md': post('unlisted: false\nstatus: unlisted'),
    'posts/e.md': post('build: { list: never }'),
    'posts/f.md': '---\ntitle: A\npublishDate: 2999-07-01 09:00\n---\n',
  })
  expect(status).toBe(0)
  const of = (name: string) => manifest.posts.find((one: Entry) => one.file === `posts/${name}.md`)
  expect([of('a').date, of('f').date]).toEqual(['2999-07-01T08:00:00.000Z', '2999-07-01T08:00:00.000Z'])
  expect(of('b').expires).toBe('2999-07-01T08:00:00.000Z')
  expect(['c', 'd', 'e'].map((name) => statusOf(of(name), new Date()))).toEqual(['unlisted', 'unlisted', 'unlisted'])
  expect(said).toContain(
    'content/posts/a.md:4: "publishDate" is "2999-07-01 09:00", so this is scheduled for then. Write date: 2999-07-01 09:00 in its place. (warning)',
  )
})

const clock = { now: new Date('2026-06-01T12:00:00Z'), timeZone: 'UTC' }

test('a word that no yes-or-no field knows keeps the text back where lists are meant', () => {
  expect(meaningOf('unlisted', 'hidden', [], clock)).toEqual({ is: 'draft' })
})

test('whether a moment has come is asked of the moment of compilation, not of the clock on the wall', () => {
  for (const [key, text] of [
    ['publishDate', 'Jan 3, 2025'],
    ['live', '3 May 2025'],
  ] as const) {
    const meant = ['2024-06-01', '2026-06-01'].map((now) =>
      meaningOf(key, text, [], { now: new Date(now), timeZone: 'UTC' }),
    )
    expect(meant, key).toMatchObject([{ is: 'unclear' }, { is: 'open' }])
  }
  const from = meaningOf('publishDate', '2025-01-03', [], clock)
  expect([isKept(from, new Date('2025-01-02')), isKept(from, new Date('2025-01-04'))]).toEqual([true, false])
})

test('a key is one key in every spelling and case', () => {
  const words = ['hidden', 'from', 'lists']
  const title = (word: string) => word.charAt(0).toUpperCase() + word.slice(1)
  const spellings = ['_', '-', ' ', '.', '']
    .flatMap((between) => [words.join(between), words.map(title).join(between), words.join(between).toUpperCase()])
    .concat('hiddenFromLists', '_hidden_from_lists', 'ｈidden－from－lists')
  for (const key of spellings) expect(meaningOf(key, true, [], clock), key).toEqual({ is: 'unlisted' })
})
