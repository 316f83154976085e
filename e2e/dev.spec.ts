// This file is long because its tests share one development server, which takes a minute to start.
import { type ChildProcess, spawn } from 'node:child_process'
import { existsSync, mkdirSync, mkdtempSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { expect, test } from '@playwright/test'
import { makeCopy, removeCopy } from '../scripts/verify/copy'
import { environment, signIn } from './server'

// These tests run one after another: each writes into .contentlayer, and an open page refreshes when a file there
// changes.
test.describe.configure({ mode: 'default' })

test.describe('a development server', () => {
  // Each request takes seconds on a busy machine.
  test.describe.configure({ timeout: 900_000 })
  const folder = mkdtempSync(path.join(tmpdir(), 'galley-'))
  const site = `http://localhost:${Number(process.env.TEST_PORT ?? 4300) + 7}`
  /** A copy of the project, so that a test can break files that other tests read. */
  let copy: string
  let dev: ChildProcess
  let cookie = ''
  let said = ''

  const save = (name: string, text: string) => {
    mkdirSync(path.dirname(path.join(folder, 'content', name)), { recursive: true })
    writeFileSync(path.join(folder, 'content', name), text)
  }
  const remove = (name: string) => rmSync(path.join(folder, 'content', name))
  const rename = (from: string, to: string) =>
    renameSync(path.join(folder, 'content', from), path.join(folder, 'content', to))
  const post = (title: string, body: string, more = '') =>
    `---\ntitle: ${title}\ndate: 2026-01-01\n${more}---\n\n${body}\n`
  /** Sends one request as an editor. It is sent again only when the answer says that the content is not ready yet. */
  const first = async (address: string): Promise<{ status: number; text: string; to: string | null }> => {
    const answer = await fetch(`${site}${address}`, { redirect: 'manual', headers: { cookie } })
    const text = await answer.text()
    if (answer.status === 503 && text.includes('is not ready yet')) return first(address)
    return { status: answer.status, text, to: answer.headers.get('location') }
  }

  test.beforeAll(async () => {
    test.setTimeout(900_000)
    copy = makeCopy()
    save('authors/default.md', '---\nname: Ada\n---\n')
    save('posts/live/index.md', post('Live', 'Before. ![A dot](./dot.svg)', 'tags: [first]\naliases: [/once]\n'))
    save('posts/live/dot.svg', dot(40))
    save('posts/kept/part.md', post('Part', 'Part.', 'series: { name: Parts, part: 1 }\n'))
    save('posts/proof.md', post('Proof', 'A pull. ![A dot](./proof.svg)', 'draft: true\n'))
    save('posts/proof.svg', dot(30))
    save('pages/about.md', '---\ntitle: About\n---\n\nAbout us.\n')
    const env = {
      ...environment,
      CONTENT_DIR: path.join(folder, 'content'),
      STORE_DIR: path.join(folder, 'store'),
      DIST_DIR: '',
      // The copy has the facts of the test site as its own site.config.ts, which a test changes.
      SITE_CONFIG: '',
      PORT: new URL(site).port,
    }
    dev = spawn(process.execPath, ['scripts/dev.mjs'], {
      cwd: copy,
      env: { ...process.env, ...env },
      stdio: ['ignore', 'pipe', 'pipe'],
    })
    for (const stream of [dev.stdout, dev.stderr])
      stream?.on('data', (data) => {
        said += data
      })
    const status = async () => {
      expect(dev.exitCode, said).toBe(null)
      return fetch(`${site}/blog/live`).then(
        (answer) => answer.status,
        () => 0,
      )
    }
    await expect.poll(status, { timeout: 600_000 }).toBe(200)
    cookie = await signIn(site)
    // Opens each kind of page once, so that Next.js has compiled its route: the tests are about content, not about
    // code.
    const shown = await Promise.all([first('/blog/live'), first('/drafts/proof')])
    const pictures = shown.flatMap(({ text }) => pictureIn(text))
    expect(pictures).toHaveLength(2)
    const routes = [
      '/blog',
      '/blog/kept',
      '/tags/first',
      '/series/parts',
      '/authors/default',
      '/about',
      '/nowhere',
      '/once',
    ]
    for (const address of [...routes, '/drafts', ...pictures]) await first(address)
  })

  test.afterAll(async () => {
    if (dev.exitCode === null) await ended(dev)
    removeCopy(copy)
    rmSync(folder, { recursive: true })
  })

  test('shows a saved post, a new picture and a saved draft in the open page without a reload', async ({ page }) => {
    await page.goto(`${site}/blog/live`)
    await expect(page.getByText('Before.')).toBeVisible()
    await page.evaluate(() => Object.assign(window, { stayed: true }))
    save('posts/live/index.md', post('Live', 'After.\n\n![A dot](./other.svg)'))
    await expect(page.getByText('After.')).toBeVisible(soon)
    await expect(page.getByText('there is no picture ./other.svg')).toBeVisible(soon)
    save('posts/live/other.svg', dot(44))
    const picture = page.getByRole('img', { name: 'A dot' })
    await expect(picture).toHaveAttribute('src', /^\/media\/\w+\/other\.svg$/, soon)
    await expect.poll(() => picture.evaluate((image: HTMLImageElement) => image.naturalWidth), soon).toBe(44)
    await expect(page.getByRole('list', { name: 'To mend' })).toHaveCount(0)
    expect(await page.evaluate('window.stayed')).toBe(true)

    const [name = '', value = ''] = cookie.split('=')
    await page.context().addCookies([{ name, value, url: site }])
    await page.goto(`${site}/drafts/proof`)
    await expect(page.getByText('A pull.')).toBeVisible()
    await page.evaluate(() => Object.assign(window, { stayed: true }))
    save('posts/proof.md', post('Proof', 'Second pull.', 'authors: [nobody]\ndraft: true\n'))
    await expect(page.getByText('Second pull.')).toBeVisible(soon)
    await expect(page.getByText('there is no author "nobody"')).toBeVisible(soon)
    expect(await page.evaluate('window.stayed')).toBe(true)
  })

  test('answers with the text that was saved just before the request', async () => {
    for (const [turn, ms] of [0, 1, 5, 20, 40, 50, 80, 150, 300].entries()) {
      save('posts/now.md', post('Now', `Turn ${turn}.`))
      save('posts/now-draft.md', post('Now', `Turn ${turn}.`, 'draft: true\n'))
      await new Promise((resolve) => setTimeout(resolve, ms))
      const [shown, drafted] = await Promise.all([first('/blog/now'), first('/drafts/now-draft')])
      expect([shown.status, shown.text.includes(`Turn ${turn}.`)], `after ${ms} ms`).toEqual([200, true])
      expect([drafted.status, drafted.text.includes(`Turn ${turn}.`)], `draft, after ${ms} ms`).toEqual([200, true])
    }
  })

  test('has a new post, page, tag, category, series, author, picture and old address at the first request', async () => {
    for (const name of ['one', 'two', 'three']) {
      const [section, more] = [`section-${name}`, `series: { name: Series ${name}, part: 1 }\nauthors: [${name}]\n`]
      const front = `tags: [tag-${name}]\naliases: [/old/${name}]\n${more}`
      const file = `posts/${section}/${name}.md`
      const body = `In post ${name}. ![A dot](./${name}.svg)`
      const holds = (text: string) => ({ status: 200, text: expect.stringContaining(text) })
      save(`posts/${section}/${name}.svg`, dot(40 + name.length))
      save(file, post(`Post ${name}`, body, `${front}draft: true\n`))
      const proof = await first(`/drafts/${section}/${name}`)
      expect(proof).toMatchObject(holds(`In post ${name}.`))
      expect(await first(pictureIn(proof.text)[0] ?? '')).toMatchObject(holds(`width="${40 + name.length}"`))
      expect((await first('/drafts')).text).toContain(`Post ${name}`)
      for (const address of [`/blog/${section}/${name}`, `/tags/tag-${name}`, `/old/${name}`])
        expect((await first(address)).status, address).toBe(404)

      save(`authors/${name}.md`, `---\nname: Author ${name}\n---\n`)
      save(file, post(`Post ${name}`, body, front))
      expect(await first(`/old/${name}`)).toMatchObject({ status: 308, to: `/blog/${section}/${name}` })
      const shown = await first(`/blog/${section}/${name}`)
      expect(shown).toMatchObject(holds(`In post ${name}.`))
      expect(await first(pictureIn(shown.text)[0] ?? '')).toMatchObject(holds(`width="${40 + name.length}"`))
      save(`pages/page-${name}.md`, `---\ntitle: Page ${name}\n---\n\nOn page ${name}.\n`)
      expect(await first(`/page-${name}`)).toMatchObject(holds(`On page ${name}.`))
      for (const list of [
        `/tags/tag-${name}`,
        `/blog/${section}`,
        `/series/series-${name}`,
        `/authors/${name}`,
        '/blog',
      ])
        expect(await first(list), list).toMatchObject(holds(`Post ${name}`))
      expect((await first(`/blog/no-${name}`)).status).toBe(404)
    }
  })

  test('has a renamed post under its new address alone, and a removed one nowhere, at the first request', async () => {
    for (const name of ['four', 'five', 'six']) {
      save(`posts/${name}.md`, post(`Post ${name}`, 'Words.', `tags: [tag-${name}]\naliases: [/old/${name}]\n`))
      expect((await first(`/blog/${name}`)).status).toBe(200)
      rename(`posts/${name}.md`, `posts/new-${name}.md`)
      expect((await first(`/blog/${name}`)).status).toBe(404)
      expect((await first(`/blog/new-${name}`)).status).toBe(200)
      expect(await first(`/old/${name}`)).toMatchObject({ status: 308, to: `/blog/new-${name}` })
      remove(`posts/new-${name}.md`)
      for (const address of [`/blog/new-${name}`, `/tags/tag-${name}`, `/old/${name}`])
        expect((await first(address)).status, address).toBe(404)
      save(`posts/${name}.md`, post(`Post ${name}`, 'Words.', 'draft: true\n'))
      expect((await first(`/drafts/${name}`)).status).toBe(200)
      remove(`posts/${name}.md`)
      expect((await first(`/drafts/${name}`)).status).toBe(404)
    }
  })

  test('shows a post in the open page that said it was not there, and says so when it has gone', async ({ page }) => {
    expect((await page.goto(`${site}/blog/later`))?.status()).toBe(404)
    await expect(page.getByRole('heading', { level: 1 })).toHaveText('Nothing is printed here.')
    save('posts/later.md', post('Later', 'Here at last.'))
    await expect(page.getByText('Here at last.')).toBeVisible(soon)
    remove('posts/later.md')
    await expect(page.getByRole('heading', { level: 1 })).toHaveText('Nothing is printed here.', soon)
    save('posts/later.md', post('Later', 'Here again.'))
    await expect(page.getByText('Here again.')).toBeVisible(soon)
  })

  test('says on the page and in the list what is wrong with a published post, and gives no false date', async ({
    page,
  }) => {
    save('posts/write-a-post.md', '---\ntitle: Tea: a story\n---\n\nA body.\n')
    for (const address of ['/blog/write-a-post', '/blog']) {
      await page.goto(`${site}${address}`)
      await expect(page.getByRole('heading', { name: 'Tea: a story' })).toBeVisible()
      await expect(page.getByRole('list', { name: 'To mend' })).toContainText(
        'content/posts/write-a-post.md:2: the front matter is not YAML',
      )
      await expect(page.getByText('1970')).toHaveCount(0)
    }
    remove('posts/write-a-post.md')
  })

  /**
   * Files that the compiler reads only when it starts: the file, the old text, the new text, and the HTML that it
   * gives.
   */
  const once: [string, string, string, string][] = [
    ['contentlayer.config.ts', 'post.summary ??', "post.summary ?? 'An excerpt anew.' ??", 'An excerpt anew.'],
    ['site.config.ts', "'Europe/Lisbon'", "'Asia/Tokyo'", '2026-01-02T12:00:00+09:00'],
    ['site.config.ts', "'codepen.io',", '', '>https://codepen.io/ada/pen/abc123</a>'],
    ['mdx-components.tsx', 'components = {', 'components = { Added: () => <b>Added.</b>,', '<b>Added.</b>'],
    ['components/mdx/figure.tsx', '<figcaption>', '<figcaption title="anew">', '<figcaption title="anew">'],
    ['lib/markdown/plugins/typography.ts', "en: '“”‘’'", "en: '«»‘’'", '«so»'],
  ]

  test('takes up at the first request what the compiler reads once', async () => {
    const body =
      '<Figure src="./live/dot.svg" alt="A dot" caption="Words" />\n\nhttps://codepen.io/ada/pen/abc123\n\nHe said "so".\n'
    save('posts/anew.mdx', post('Anew', body).replace('-01-01', '-01-02T12:00:00'))
    let before = (await first('/blog/anew')).text
    expect(before).toContain('2026-01-02T12:00:00+00:00')
    for (const [file, from, to, shown] of once) {
      expect(before, file).not.toContain(shown)
      const text = readFileSync(path.join(copy, file), 'utf8')
      expect(text).toContain(from)
      writeFileSync(path.join(copy, file), text.replace(from, to))
      if (file.startsWith('mdx')) save('posts/anew.mdx', post('Anew', `${body}\n<Added />\n`))
      const after = (await first('/blog/anew')).text
      expect(after, file).toContain(shown)
      before = after
    }
  })

  test('says at the first request that the compiler does not start, and comes back by itself', async ({ page }) => {
    save('posts/back.mdx', post('Back', '<Figure src="./live/dot.svg" alt="A dot" caption="Here." />'))
    for (const file of new Set(once.map(([file]) => file))) {
      const text = readFileSync(path.join(copy, file), 'utf8')
      writeFileSync(path.join(copy, file), `${text}\nconst = <\n`)
      expect((await page.goto(`${site}/blog/back`))?.status(), file).toBe(503)
      await expect(page.getByText('The content compiler does not start.')).toBeVisible(soon)
      writeFileSync(path.join(copy, file), text)
      await expect(page.getByText('Here.')).toBeVisible({ timeout: 120_000 })
    }
    // A file in place of the folder of compiled bodies makes every compilation fail.
    const bodies = path.join(folder, 'store/bodies')
    renameSync(bodies, `${bodies}-aside`)
    writeFileSync(bodies, 'in the way')
    save('posts/back.mdx', post('Back', 'Back again.'))
    expect(await first('/blog/back')).toMatchObject({
      status: 503,
      text: expect.stringContaining('The content could not be compiled'),
    })
    rmSync(bodies)
    renameSync(`${bodies}-aside`, bodies)
    expect((await first('/blog/back')).text).toContain('Back again.')
    // The configuration imports a file that is written only afterwards.
    const config = readFileSync(path.join(copy, 'contentlayer.config.ts'), 'utf8')
    writeFileSync(path.join(copy, 'contentlayer.config.ts'), `import './more'\n${config}`)
    expect((await first('/blog/back')).status).toBe(503)
    writeFileSync(path.join(copy, 'more.ts'), 'export {}\n')
    await expect.poll(async () => (await first('/blog/back')).status, { timeout: 120_000 }).toBe(200)
  })
})

/** Runs the compiler in watch mode on a folder with one post. `html` reads the HTML of this post from the store. */
async function watching(
  run: (blog: {
    write: (name: string, text: string) => void
    folder: string
    html: () => string
    said: () => string
  }) => Promise<void>,
) {
  const folder = mkdtempSync(path.join(tmpdir(), 'galley-'))
  const write = (name: string, text: string) => {
    mkdirSync(path.dirname(path.join(folder, name)), { recursive: true })
    writeFileSync(path.join(folder, name), text)
  }
  write('content/authors/default.md', '---\nname: Ada\n---\n')
  write('content/posts/live.mdx', '---\ntitle: Live\ndate: 2026-01-01\n---\n\nBefore.\n')
  const env = { ...process.env, CONTENT_DIR: path.join(folder, 'content'), STORE_DIR: path.join(folder, 'store') }
  const compiler = spawn(process.execPath, ['scripts/run.mjs', 'scripts/content.ts', 'watch'], {
    env,
    stdio: ['ignore', 'ignore', 'pipe', 'ipc'],
  })
  let said = ''
  compiler.stderr?.on('data', (data) => {
    said += data
  })
  const html = () => {
    const { posts } = JSON.parse(readFileSync(path.join(folder, 'store/manifest.json'), 'utf8'))
    const body = path.join(folder, 'store/bodies', `${posts[0].body}.json`)
    return existsSync(body) ? JSON.parse(readFileSync(body, 'utf8')).html : ''
  }
  try {
    await new Promise((resolve) => compiler.once('message', resolve))
    await run({ write, folder, html, said: () => said })
    expect(compiler.exitCode, said).toBe(null)
  } finally {
    if (compiler.exitCode === null) await ended(compiler)
    rmSync(folder, { recursive: true })
  }
}

/** On a busy machine Next.js may take a while to refresh a page. */
const soon = { timeout: 120_000 }
/** The address of the picture in a page. */
const pictureIn = (html: string) => /\/(?:media|api\/draft-media)\/[\w-]+\/[\w-]+\.svg/.exec(html) ?? []
const dot = (width: number) => `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="30"/>`
const live = (body: string) => `---\ntitle: Live\ndate: 2026-01-01\n---\n\n${body}\n`

test('a picture saved again and again, and an error in one save, do not end the watcher', async () => {
  await watching(async ({ write, folder, html, said }) => {
    write('content/posts/live.mdx', live('![A dot](./dot.svg)'))
    for (const width of [41, 42, 43]) {
      write('content/posts/dot.svg', dot(width))
      await expect.poll(html).toContain(`width="${width}"`)
    }
    rmSync(path.join(folder, 'store/bodies'), { recursive: true })
    write('store/bodies', 'in the way')
    write('content/posts/dot.svg', dot(44))
    write('content/posts/live.mdx', live('After. ![A dot](./dot.svg)'))
    await expect.poll(said).toContain('bodies')
    rmSync(path.join(folder, 'store/bodies'))
    write('content/posts/live.mdx', live('At last. ![A dot](./dot.svg)'))
    write('content/posts/other.md', live('Another.').replace('2026', '2025'))
    await expect.poll(() => html().includes('At last.') && html().includes('width="44"')).toBe(true)
  })
})

test('what a post shows or imports from outside of the content folder is watched too', async () => {
  const name = `watched-${process.pid}`
  try {
    await watching(async ({ write, html }) => {
      write('data.json', '"one"')
      write(
        'content/posts/live.mdx',
        live(`import word from '../../data.json'\n\n{word}\n\n![A dot](/${name}/dot.svg)`),
      )
      await expect.poll(html).toContain('one')
      write('data.json', '"two"')
      await expect.poll(html).toContain('two')
      mkdirSync(`public/${name}`)
      writeFileSync(`public/${name}/dot.svg`, dot(45))
      await expect.poll(html).toContain('width="45"')
      writeFileSync(`public/${name}/dot.svg`, dot(46))
      await expect.poll(html).toContain('width="46"')
    })
  } finally {
    rmSync(`public/${name}`, { recursive: true, force: true })
  }
})

function ended(child: ChildProcess): Promise<unknown> {
  const end = new Promise((resolve) => child.once('exit', resolve))
  child.kill('SIGINT')
  return end
}
