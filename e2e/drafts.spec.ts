// This file is long because its tests share one blog in git, compiled and served once.
import { execFileSync, spawnSync } from 'node:child_process'
import { copyFileSync, cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, utimesSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { test as base, expect, type Page } from '@playwright/test'
import { lastChanges } from '../lib/compile/git-history'
import { violations } from './in-browser'
import { ask, editorCookie, type Server, startServer } from './server'
import { site } from './site.config'

/**
 * The files of a small blog that is compiled and served for these tests. They are in git, because the desk shows when a
 * draft was last changed.
 */
const posts: Record<string, string> = {
  'posts/out.md': '---\ntitle: Out already\ndate: 2026-01-01\ntags: [css]\n---\n\nPublished.\n',
  'posts/backend/plain.md':
    '---\ntitle: A plain draft\nsummary: What it is about\ndate: 2026-02-01\ntags: [css, "Fresh Tag"]\nauthors: [default, bob]\nseries: { name: Parts, part: 1 }\nimages: [./dot.png]\ndraft: true\n---\n\nOne two three four.\n\n## First\n\n## Second\n\n## Third\n\n![A dot](./dot.png)\n\n```ts\nconst one = 1\n```\n',
  'posts/later.md': '---\ntitle: Comes later\ndate: 2099-03-01 18:30\n---\n\nLater.\n',
  'posts/gone.md': '---\ntitle: Has gone\ndate: 2020-01-01\nexpires: 2021-06-30 12:00\n---\n\nGone.\n',
  'posts/quiet.md': '---\ntitle: In no list\ndate: 2026-01-01\nunlisted: true\n---\n\nQuiet.\n',
  'posts/wrong.md':
    '---\ntitle: Full of slips\ndate: 2026-02-30\nauthors: [nobody]\ncolour: red\ndraft: true\n---\n\nStill readable.\n\n![No such](./nope.png)\n',
  'posts/broken.mdx': '---\ntitle: Broken in MDX\ndate: 2026-02-02\ndraft: true\n---\n\nHello <Oops {\n',
  'posts/yaml.md': '---\ntitle: Never closed\ndraft: true\ndate: 2026-02-02\ntags: [css\n---\n\nThe text is here.\n',
  'posts/日本語.md': '---\ntitle: 日本語の下書き\ndate: 2026-02-02\nlang: ja\ndraft: true\n---\n\n本文。\n',
  'authors/default.md': '---\nname: Ada Writer\n---\n',
  'authors/bob.md': '---\nname: Bob Other\n---\n',
}

function write(folder: string, files: Record<string, string>) {
  for (const [name, text] of Object.entries(files)) {
    mkdirSync(path.dirname(path.join(folder, name)), { recursive: true })
    writeFileSync(path.join(folder, name), text)
  }
}

function git(cwd: string, at: string, by: string, ...args: string[]) {
  // When a git hook runs the tests, it sets GIT_ variables for another repository, so they are removed.
  const env: NodeJS.ProcessEnv = { ...process.env }
  for (const name of Object.keys(env)) if (name.startsWith('GIT_')) delete env[name]
  Object.assign(env, { GIT_AUTHOR_DATE: at, GIT_COMMITTER_DATE: at })
  const who = ['-c', `user.name=${by}`, '-c', 'user.email=someone@example.com', '-c', 'commit.gpgsign=false']
  execFileSync('git', [...who, ...args], { cwd, env, stdio: 'pipe' })
}

function compile(content: string, store: string): string {
  const { status, stdout, stderr } = spawnSync(process.execPath, ['scripts/run.mjs', 'scripts/content.ts', 'build'], {
    env: { ...process.env, CONTENT_DIR: content, STORE_DIR: store },
    encoding: 'utf8',
  })
  expect(status, stderr).toBe(0)
  return stdout
}

type Desk = { server: Server; content: string; cookie: string }

const test = base.extend<{ desk: Page }, { blog: Desk; window: Page }>({
  blog: [
    // biome-ignore lint/correctness/noEmptyPattern: Playwright wants the pattern.
    async ({}, use) => {
      const folder = mkdtempSync(path.join(tmpdir(), 'galley-'))
      const content = path.join(folder, 'content')
      write(content, posts)
      copyFileSync('e2e/content/posts/frontend/pictures/dot.png', path.join(content, 'posts/backend/dot.png'))
      git(folder, '', 'Ada', 'init', '-q')
      git(folder, '2026-04-01T10:00:00Z', 'Ada Committer', 'add', '.')
      git(folder, '2026-04-01T10:00:00Z', 'Ada Committer', 'commit', '-qm', 'All')
      write(content, { 'posts/gone.md': posts['posts/gone.md']?.replace('Gone.', 'Gone, and missed.') ?? '' })
      git(folder, '2026-05-02T11:45:00Z', 'Bob Committer', 'commit', '-qam', 'Miss it')
      write(content, { 'posts/later.md': posts['posts/later.md']?.replace('Later.', 'Much later.') ?? '' })
      const store = path.join(folder, 'store')
      compile(content, store)
      const server = await startServer({ CONTENT_DIR: content, STORE_DIR: store })
      await use({ server, content, cookie: await editorCookie(server.url) })
      await server.stop()
      rmSync(folder, { recursive: true })
    },
    // Compiling and starting the server take minutes on a busy machine.
    { scope: 'worker', timeout: 300_000 },
  ],
  // All tests use one page, so that the browser loads scripts and style sheets only once.
  window: [
    async ({ browser, blog }, use) => {
      const context = await browser.newContext()
      const [name = '', value = ''] = blog.cookie.split('=')
      await context.addCookies([{ name, value, url: blog.server.url }])
      await use(await context.newPage())
      await context.close()
    },
    { scope: 'worker' },
  ],
  desk: async ({ window, blog }, use) => {
    await window.setViewportSize({ width: 1280, height: 720 })
    await window.emulateMedia({ media: null, colorScheme: 'light' })
    await window.goto(`${blog.server.url}/drafts`)
    await use(window)
  },
})

// One worker: the blog is written, compiled and served once.
test.describe.configure({ mode: 'default' })

const row = (page: Page, title: string) =>
  page.getByRole('listitem').filter({ has: page.getByRole('heading', { name: title }) })

test('the desk has everything that is not published, by status, and nothing that is', async ({ desk }) => {
  const groups = await desk
    .getByRole('region')
    .evaluateAll((sections) =>
      sections.map((section) => [
        section.querySelector('h2')?.firstChild?.textContent?.trim(),
        [...section.querySelectorAll('h3')].map((title) => title.textContent).sort(),
      ]),
    )
  expect(groups).toEqual([
    ['Drafts', ['A plain draft', 'Broken in MDX', 'Full of slips', 'Never closed', '日本語の下書き'].sort()],
    ['Scheduled', ['Comes later']],
    ['Expired', ['Has gone']],
    ['Unlisted', ['In no list']],
  ])
  await expect(desk.getByText('8 not published. Times are in')).toBeVisible()
  await expect(desk.getByText('Out already')).toHaveCount(0)
})

test('a row says who wrote it, how long it is, when it goes live, and when and by whom it was changed', async ({
  desk,
}) => {
  const plain = row(desk, 'A plain draft')
  await expect(plain).toContainText('Ada Writer, Bob Other')
  await expect(plain).toContainText('What it is about')
  await expect(plain).toContainText(/\d+ words, 1 min/)
  await expect(plain).toContainText('With the first build without draft: true; dated 1 February 2026')
  await expect(plain).toContainText('1 April 2026 at 11:00, by Ada Committer')
  await expect(row(desk, 'Has gone')).toContainText('Left the site on 30 June 2021 at 12:00')
  await expect(row(desk, 'Has gone')).toContainText('2 May 2026 at 12:45, by Bob Committer')
  await expect(row(desk, 'Comes later')).toContainText('1 March 2099 at 18:30, with the first build after it')
  await expect(row(desk, 'Comes later')).toContainText('not committed yet')
  await expect(row(desk, 'In no list')).toContainText('Live since 1 January 2026, in no list')
})

test('the newest edit comes first, and previous and next go the same way', async ({ desk, blog }) => {
  const { writeDraft, remove } = await moreDrafts(blog)
  await writeDraft('posts/newest.md', '---\ntitle: Edited last\ndate: 2019-01-01\ndraft: true\n---\n\nNew.\n')
  await desk.reload()
  const drafts = desk.getByRole('region', { name: 'Drafts' }).getByRole('heading', { level: 3 })
  await expect(drafts.first()).toHaveText('Edited last')
  await desk.getByRole('link', { name: 'Edited last' }).click()
  const neighbours = desk.getByRole('navigation', { name: 'Previous and next draft' })
  await expect(neighbours.getByText('Previous draft')).toHaveCount(0)
  await expect(neighbours).toContainText('Next draft')
  await neighbours.getByRole('link').click()
  await expect(
    desk.getByRole('navigation', { name: 'Previous and next draft' }).getByRole('link', { name: 'Edited last' }),
  ).toBeVisible()
  await remove()
})

/** Writes one more draft and compiles it under the running server. */
async function moreDrafts(blog: Desk) {
  const store = path.join(blog.content, '../store')
  const written: string[] = []
  return {
    writeDraft: async (name: string, text: string) => {
      write(blog.content, { [name]: text })
      written.push(path.join(blog.content, name))
      compile(blog.content, store)
    },
    remove: async () => {
      for (const file of written) rmSync(file)
      compile(blog.content, store)
    },
  }
}

test('the desk is narrowed by words, author and tag, with no script', async ({ desk }) => {
  // The filter is a form with method GET, which a browser sends without JavaScript.
  const form = desk.locator('form', { has: desk.getByRole('button', { name: 'Filter' }) })
  expect(await form.evaluate((form: HTMLFormElement) => form.method)).toBe('get')
  const titles = () => desk.getByRole('heading', { level: 3 }).allTextContents()
  await desk.getByLabel('Words').fill('slips FULL')
  await desk.getByRole('button', { name: 'Filter' }).click()
  await expect(desk.getByText('1 of 8 fit.')).toBeVisible()
  expect(await titles()).toEqual(['Full of slips'])
  await desk.getByLabel('Words').fill('')
  await desk.getByLabel('Author').selectOption('Bob Other')
  await desk.getByLabel('Tag').selectOption('Fresh Tag')
  await desk.getByRole('button', { name: 'Filter' }).click()
  await expect(desk).toHaveURL(/tag=[^&]/)
  expect(await titles()).toEqual(['A plain draft'])
  await desk.getByRole('link', { name: 'Show all' }).click()
  await expect(desk.getByRole('heading', { level: 3 })).toHaveCount(8)
})

test('each part of the filter narrows the desk by itself', async ({ blog }) => {
  const shown = async (query: Record<string, string>) => {
    const { body } = await ask(blog.server.url, `/drafts?${new URLSearchParams(query)}`, {
      headers: { cookie: blog.cookie },
    })
    return ['A plain draft', 'Full of slips', 'Has gone'].filter((title) => body.includes(`>${title}<`))
  }
  expect(await shown({})).toHaveLength(3)
  expect(await shown({ author: 'bob' })).toEqual(['A plain draft'])
  expect(await shown({ tag: 'fresh-tag' })).toEqual(['A plain draft'])
  expect(await shown({ text: 'no such words' })).toEqual([])
})

test('an empty desk says how to begin', async () => {
  const folder = mkdtempSync(path.join(tmpdir(), 'galley-'))
  cpSync('.contentlayer/e2e', folder, { recursive: true })
  const manifest = JSON.parse(readFileSync(path.join(folder, 'manifest.json'), 'utf8'))
  writeFileSync(path.join(folder, 'manifest.json'), JSON.stringify({ ...manifest, posts: [] }))
  const server = await startServer({ STORE_DIR: folder })
  const { body } = await ask(server.url, '/drafts', { headers: { cookie: await editorCookie(server.url) } })
  expect(body).toContain('npm run new -- &quot;The title&quot;')
  await server.stop()
  rmSync(folder, { recursive: true })
})

test('a preview has the facts, the article with its picture, and the way to the source', async ({ desk, blog }) => {
  await desk.getByRole('link', { name: 'A plain draft' }).click()
  await expect(desk).toHaveURL(`${blog.server.url}/drafts/backend/plain`)
  const proof = desk.getByRole('region', { name: 'Proof' })
  await expect(proof).toContainText('Proof, not published')
  await expect(proof).toContainText('content/posts/backend/plain.md')
  await expect(proof).toContainText('The checks find nothing to mend.')
  await expect(proof.getByRole('link', { name: 'Edit source' })).toHaveAttribute(
    'href',
    `${site.repository.url}/edit/${site.repository.branch}/content/posts/backend/plain.md`,
  )
  const article = desk.getByRole('article')
  await expect(article.getByRole('heading', { level: 1 })).toHaveText('A plain draft')
  await expect(article.getByText('Part 1 of 1 of Parts')).toBeVisible()
  await expect(article.getByRole('navigation', { name: 'Series: Parts' })).toContainText('A plain draft')
  await expect(article.getByRole('link', { name: 'Bob Other' })).toBeVisible()
  await expect(article.getByRole('list', { name: 'Tags' })).toContainText('Fresh Tag')
  const picture = article.getByRole('img', { name: 'A dot' })
  await expect(picture).toHaveJSProperty('complete', true)
  expect(await picture.evaluate((image: HTMLImageElement) => image.naturalWidth)).toBeGreaterThan(0)
  expect(await picture.getAttribute('src')).toMatch(/^\/api\/draft-media\//)
  // Its cover is at an address that opens for editors only.
  const cover = article.locator('.post-cover')
  expect(await cover.evaluate((image: HTMLImageElement) => image.naturalWidth)).toBeGreaterThan(0)
  const address = (await cover.getAttribute('src')) ?? ''
  expect(address).toMatch(/^\/api\/draft-media\//)
  expect((await fetch(`${blog.server.url}${address}`, { redirect: 'manual' })).status).toBe(404)
})

test('a draft with slips is previewed as far as it can be, each slip by file and line', async ({ desk, blog }) => {
  const slips = desk.getByRole('list', { name: 'To mend' })
  await expect(row(desk, 'Full of slips').getByRole('listitem')).toHaveCount(4)
  await desk.goto(`${blog.server.url}/drafts/wrong`)
  await expect(slips.getByRole('listitem')).toHaveText([
    'content/posts/wrong.md:3: "date" is not a date: "2026-02-30". Write it as 2026-03-02.',
    'content/posts/wrong.md:4: there is no author "nobody". Write content/authors/nobody.md, or one of: bob, default.',
    'content/posts/wrong.md:5: "colour" is no field of a post and is left out.',
    /^content\/posts\/wrong\.md:11: there is no picture \.\/nope\.png\./,
  ])
  await expect(desk.getByRole('article')).toContainText('Still readable.')
  await expect(desk.getByText('It has no date yet')).toBeVisible()
  await desk.goto(`${blog.server.url}/drafts/broken`)
  await expect(slips).toContainText('content/posts/broken.mdx:7: MDX cannot read this')
  await expect(desk.getByRole('article')).toContainText('Hello <Oops {')
  await desk.goto(`${blog.server.url}/drafts/yaml`)
  await expect(slips).toContainText(/content\/posts\/yaml\.md:\d+: the front matter is not YAML/)
  await expect(desk.getByRole('article')).toContainText('The text is here.')
})

test('every status is previewed, in any script', async ({ blog }) => {
  for (const [slug, stamp, text] of [
    ['later', 'Proof, not published yet', 'Much later.'],
    ['gone', 'Proof, no longer published', 'Gone, and missed.'],
    ['quiet', 'Proof of an unlisted post', 'Quiet.'],
    ['日本語', 'Proof, not published', '本文。'],
  ] as const) {
    const address = `/drafts/${encodeURIComponent(slug)}`
    const { status, body } = await ask(blog.server.url, address, { headers: { cookie: blog.cookie } })
    expect([status, body], slug).toEqual([200, expect.stringContaining(stamp)])
    expect(body).toContain(text)
  }
})

test('a published post opened at its draft address goes to its public one', async ({ blog }) => {
  const answer = await fetch(`${blog.server.url}/drafts/out`, { headers: { cookie: blog.cookie }, redirect: 'manual' })
  expect([answer.status, answer.headers.get('location')]).toEqual([307, '/blog/out'])
})

test('a post whose date has come is still a draft until the next build has made its page', async ({ blog }) => {
  const manifest = path.join(blog.content, '../store/manifest.json')
  const written = JSON.parse(readFileSync(manifest, 'utf8'))
  writeFileSync(manifest, JSON.stringify({ ...written, compiledAt: '2025-12-31T00:00:00.000Z' }))
  const ask = (address: string) =>
    fetch(`${blog.server.url}${address}`, { headers: { cookie: blog.cookie }, redirect: 'manual' })
  expect(await (await ask('/drafts')).text()).toContain('Out already')
  expect((await ask('/drafts/out')).status).toBe(200)
  writeFileSync(manifest, JSON.stringify(written))
  // The time of the file does not count, because an archive can give the manifest any time.
  utimesSync(manifest, new Date(), new Date('2018-10-20'))
  expect((await ask('/drafts/out')).status).toBe(307)
})

test('a phone, the dark and paper are one click away', async ({ desk, blog }) => {
  await desk.setViewportSize({ width: 1440, height: 900 })
  await desk.goto(`${blog.server.url}/drafts/backend/plain`)
  const background = () => desk.evaluate(() => getComputedStyle(document.documentElement).backgroundColor)
  const light = await background()
  await desk.getByRole('link', { name: 'Phone' }).click()
  const phone = desk.frameLocator('iframe[title^="The draft on a phone"]')
  await expect(phone.getByRole('heading', { level: 1 })).toHaveText('A plain draft')
  await expect(phone.getByRole('region', { name: 'Proof' })).toHaveCount(0)
  expect(await phone.locator('html').evaluate(() => [innerWidth, document.documentElement.scrollWidth])).toEqual([
    388, 388,
  ])
  await desk.getByRole('link', { name: 'Dark' }).click()
  await expect(desk).toHaveURL(/view=dark$/)
  expect(await background()).not.toBe(light)
  await desk.getByRole('link', { name: 'Print' }).click()
  const paper = desk.frameLocator('iframe[title="The draft on paper"]')
  await expect(paper.getByRole('heading', { level: 1 })).toHaveText('A plain draft')
  await expect(paper.getByRole('banner')).toBeHidden()
  await expect(paper.locator('.toc')).toBeHidden()
  await expect(desk.getByRole('banner')).toBeVisible()
  await desk.getByRole('link', { name: 'Page' }).click()
  await expect(desk).toHaveURL(`${blog.server.url}/drafts/backend/plain`)
  expect(await background()).toBe(light)
})

test('on paper a preview is the article and nothing else', async ({ desk, blog }) => {
  await desk.goto(`${blog.server.url}/drafts/backend/plain`)
  await desk.emulateMedia({ media: 'print' })
  await expect(desk.getByRole('region', { name: 'Proof' })).toBeHidden()
  await expect(desk.getByText('Signed in as')).toBeHidden()
  await expect(desk.getByRole('article')).toBeVisible()
})

const fits = 'axe finds nothing on the desk or a preview, light or dark, and neither is wider than a phone'
test(fits, { tag: '@long' }, async ({ desk, blog }) => {
  for (const address of ['/drafts', '/drafts/wrong', '/drafts/backend/plain?view=phone']) {
    await desk.goto(`${blog.server.url}${address}`)
    expect(await violations(desk), `${address}, light`).toEqual([])
    await desk.emulateMedia({ colorScheme: 'dark' })
    expect(await violations(desk, 'color-contrast'), `${address}, dark`).toEqual([])
    await desk.emulateMedia({ colorScheme: 'light' })
    await desk.setViewportSize({ width: 320, height: 700 })
    expect(await desk.evaluate(() => document.documentElement.scrollWidth), address).toBeLessThanOrEqual(320)
    await desk.setViewportSize({ width: 1280, height: 720 })
  }
})

test('public pages are the same for an editor and know nothing of drafts', async ({ blog, baseURL }) => {
  const { cookie } = blog
  for (const address of ['/', '/blog', '/blog/backend/kitchen-sink', '/tags/css']) {
    const [editor, visitor] = await Promise.all([
      fetch(`${baseURL}${address}`, { headers: { cookie } }).then((answer) => answer.text()),
      fetch(`${baseURL}${address}`).then((answer) => answer.text()),
    ])
    expect(editor).toBe(visitor)
    // Only the speculation rules name /drafts: they say that it must never be fetched early.
    expect(visitor.replace(/<script type="speculationrules">.*?<\/script>/, '')).not.toContain('/drafts')
  }
})

test('what the routes of drafts read is traced, for hosts that bring nothing else along', () => {
  const traced = (route: string) =>
    (JSON.parse(readFileSync(`.next-e2e/server/app/${route}.js.nft.json`, 'utf8')) as { files: string[] }).files
  for (const [route, files] of [
    ['drafts/page', [/\.contentlayer\/e2e\/manifest\.json$/]],
    ['drafts/[...slug]/page', [/\.contentlayer\/e2e\/manifest\.json$/, /\.contentlayer\/e2e\/bodies\/[\w-]+\.json$/]],
    [
      'api/draft-media/[hash]/[name]/route',
      [/\.contentlayer\/e2e\/manifest\.json$/, /\.contentlayer\/e2e\/media\/[\w-]{27}$/],
    ],
    ['video/[hash]/[name]/route', [/\.contentlayer\/e2e\/manifest\.json$/, /\.contentlayer\/e2e\/media\/[\w-]{27}$/]],
    ['moved/[...path]/route', [/\.contentlayer\/e2e\/manifest\.json$/, /\/_not-found\.html$/]],
  ] as const) {
    for (const file of files) expect(traced(route), route).toContainEqual(expect.stringMatching(file))
    expect(traced(route).filter((file) => /e2e\/content\/|\/typescript\/|\/contentlayer2\//.test(file))).toEqual([])
  }
})

test('the last change comes from git, and from the file system where git does not know', async () => {
  const folder = mkdtempSync(path.join(tmpdir(), 'galley-'))
  write(folder, { 'in/a.md': 'a', 'in/ü b.md': 'b' })
  const recently = expect.stringMatching(new RegExp(`^${new Date().getUTCFullYear()}-.*Z$`))
  const bare = await lastChanges(path.join(folder, 'in'), ['a.md'])
  expect(bare.get('a.md')).toEqual({ at: recently })
  git(folder, '', 'Ada', 'init', '-q')
  git(folder, '2026-01-01T00:00:00+02:00', 'Ada', 'add', '.')
  git(folder, '2026-01-01T00:00:00+02:00', 'Ada', 'commit', '-qm', 'One')
  write(folder, { 'in/c.md': 'c', 'in/a.md': 'changed' })
  const changes = await lastChanges(path.join(folder, 'in'), ['a.md', 'ü b.md', 'c.md'])
  expect(changes.get('ü b.md')).toEqual({ at: '2025-12-31T22:00:00.000Z', by: 'Ada' })
  expect(changes.get('a.md')).toEqual({ at: recently, uncommitted: true })
  expect(changes.get('c.md')).toEqual({ at: recently, uncommitted: true })
  git(folder, '2026-02-01T00:00:00Z', 'Bob', 'commit', '-qam', 'Two')
  git(folder, '', 'Bob', 'clone', '-q', '--depth', '1', `file://${folder}`, 'shallow')
  expect(await lastChanges(path.join(folder, 'shallow/in'), ['a.md', 'ü b.md'])).toEqual(new Map())
  git(folder, '', 'Bob', 'clone', '-q', '--depth', '2', `file://${folder}`, 'deeper')
  expect(await lastChanges(path.join(folder, 'deeper/in'), ['a.md'])).toEqual(
    new Map([['a.md', { at: '2026-02-01T00:00:00.000Z', by: 'Bob' }]]),
  )
  rmSync(folder, { recursive: true })
})
