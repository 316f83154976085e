import { type ChildProcess, spawn } from 'node:child_process'
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, utimesSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { expect, test } from '@playwright/test'
import { environment, signIn } from './server'

// Each compiles, and what they all write into .contentlayer is what the open page listens to.
test.describe.configure({ mode: 'default' })

test.describe('a development server', () => {
  const folder = mkdtempSync(path.join(tmpdir(), 'galley-'))
  const site = `http://localhost:${Number(process.env.TEST_PORT ?? 4300) + 7}`
  let dev: ChildProcess
  let said = ''

  const save = (name: string, text: string) => {
    mkdirSync(path.dirname(path.join(folder, 'content', name)), { recursive: true })
    writeFileSync(path.join(folder, 'content', name), text)
  }
  const post = (title: string, body: string, more = '') =>
    `---\ntitle: ${title}\ndate: 2026-01-01\n${more}---\n\n${body}\n`
  /** Waits until the compiler has written what holds for the manifest; pages are asked for only then. */
  const compiledWith = (text: string) =>
    expect
      .poll(() => readFileSync(path.join(folder, 'store/manifest.json'), 'utf8'), { intervals: [20] })
      .toContain(text)
  /** One request, and no second chance. */
  const first = async (address: string) => {
    const answer = await fetch(`${site}${address}`, { redirect: 'manual' })
    return { status: answer.status, text: await answer.text(), to: answer.headers.get('location') }
  }

  test.beforeAll(async () => {
    test.setTimeout(240_000)
    save('authors/default.md', '---\nname: Ada\n---\n')
    save('posts/live/index.md', post('Live', 'Before.', 'tags: [first]\naliases: [/once]\n'))
    save('pages/about.md', '---\ntitle: About\n---\n\nAbout us.\n')
    const env = {
      ...environment,
      CONTENT_DIR: path.join(folder, 'content'),
      STORE_DIR: path.join(folder, 'store'),
      DIST_DIR: '.next-e2e',
      PORT: new URL(site).port,
    }
    dev = spawn(process.execPath, ['scripts/dev.mjs'], {
      env: { ...process.env, ...env },
      stdio: ['ignore', 'pipe', 'pipe'],
    })
    for (const stream of [dev.stdout, dev.stderr])
      stream?.on('data', (data) => {
        said += data
      })
    const status = () =>
      fetch(`${site}/blog/live`).then(
        (answer) => answer.status,
        () => 0,
      )
    await expect.poll(status, { timeout: 180_000 }).toBe(200)
    // Next.js compiles a route when it is first asked for; what is promised here is about content.
    for (const address of ['/tags/first', '/about', '/nowhere', '/once']) await first(address)
  })

  test.afterAll(async () => {
    if (dev.exitCode === null) await ended(dev)
    rmSync(folder, { recursive: true })
  })

  test('shows a saved post, a new picture and a saved draft in the open page without a reload', async ({ page }) => {
    test.setTimeout(120_000)
    await page.goto(`${site}/blog/live`)
    await expect(page.getByText('Before.')).toBeVisible()
    await page.evaluate(() => Object.assign(window, { stayed: true }))
    save('posts/live/index.md', post('Live', 'After.\n\n![A dot](./dot.svg)'))
    await expect(page.getByText('After.')).toBeVisible()
    await expect(page.getByText('there is no picture ./dot.svg')).toBeVisible()
    save('posts/live/dot.svg', dot(40))
    const picture = page.getByRole('img', { name: 'A dot' })
    await expect(picture).toHaveAttribute('src', /^\/media\/\w+\/dot\.svg$/)
    await expect.poll(() => picture.evaluate((image: HTMLImageElement) => image.naturalWidth)).toBe(40)
    await expect(page.getByRole('list', { name: 'To mend' })).toHaveCount(0)
    expect(await page.evaluate('window.stayed')).toBe(true)

    save('posts/proof.md', post('Proof', 'First pull.', 'draft: true\n'))
    await compiledWith('posts/proof.md')
    const [name = '', value = ''] = (await signIn(site)).split('=')
    await page.context().addCookies([{ name, value, url: site }])
    await page.goto(`${site}/drafts/proof`)
    await expect(page.getByText('First pull.')).toBeVisible()
    await page.evaluate(() => Object.assign(window, { stayed: true }))
    save('posts/proof.md', post('Proof', 'Second pull.', 'authors: [nobody]\ndraft: true\n'))
    await expect(page.getByText('Second pull.')).toBeVisible()
    await expect(page.getByText('there is no author "nobody"')).toBeVisible()
    expect(await page.evaluate('window.stayed')).toBe(true)
  })

  test('has a new post, page, tag, picture and old address at the first request', async () => {
    test.setTimeout(120_000)
    for (const name of ['one', 'two', 'three']) {
      save(`pages/page-${name}.md`, `---\ntitle: Page ${name}\n---\n\nOn page ${name}.\n`)
      save(`posts/${name}.svg`, dot(40 + name.length))
      const more = `tags: [tag-${name}]\naliases: [/old/${name}]\n`
      save(`posts/${name}.md`, post(`Post ${name}`, `In post ${name}. ![A dot](./${name}.svg)`, more))
      for (const part of [`posts/${name}.md`, `pages/page-${name}.md`, `/${name}.svg`]) await compiledWith(part)
      const shown = await first(`/blog/${name}`)
      expect([shown.status, shown.text.includes(`In post ${name}.`)]).toEqual([200, true])
      const [picture = ''] = new RegExp(`/media/\\w+/${name}\\.svg`).exec(shown.text) ?? []
      const drawing = await first(picture)
      expect([drawing.status, drawing.text.includes(`width="${40 + name.length}"`)]).toEqual([200, true])
      expect((await first(`/page-${name}`)).text).toContain(`On page ${name}.`)
      expect((await first(`/tags/tag-${name}`)).text).toContain(`Post ${name}`)
      expect(await first(`/old/${name}`)).toMatchObject({ status: 308, to: `/blog/${name}` })
      expect((await first(`/blog/no-${name}`)).status).toBe(404)
    }
    rmSync(path.join(folder, 'content/posts/one.md'))
    await expect
      .poll(() => readFileSync(path.join(folder, 'store/manifest.json'), 'utf8'))
      .not.toContain('posts/one.md')
    for (const address of ['/blog/one', '/tags/tag-one', '/old/one']) expect((await first(address)).status).toBe(404)
  })

  test('shows a post in the open page that said it was not there', async ({ page }) => {
    expect((await page.goto(`${site}/blog/later`))?.status()).toBe(404)
    await expect(page.getByRole('heading', { level: 1 })).toHaveText('Nothing is printed here.')
    save('posts/later.md', post('Later', 'Here at last.'))
    await expect(page.getByText('Here at last.')).toBeVisible({ timeout: 20_000 })
  })

  test('says on the page and in the list what is wrong with a published post, and gives no false date', async ({
    page,
  }) => {
    save('posts/write-a-post.md', '---\ntitle: Tea: a story\n---\n\nA body.\n')
    await compiledWith('posts/write-a-post.md')
    for (const address of ['/blog/write-a-post', '/blog']) {
      await page.goto(`${site}${address}`)
      await expect(page.getByRole('heading', { name: 'Tea: a story' })).toBeVisible()
      await expect(page.getByRole('list', { name: 'To mend' })).toContainText(
        'content/posts/write-a-post.md:2: the front matter is not YAML',
      )
      await expect(page.getByText('1970')).toHaveCount(0)
    }
    rmSync(path.join(folder, 'content/posts/write-a-post.md'))
  })

  test('starts the compiler anew when what it reads once has changed', async () => {
    for (const file of ['site.config.ts', 'components/mdx/figure.tsx', 'lib/markdown/lines.ts']) {
      // Its text stays: other tests read it.
      utimesSync(file, new Date(), new Date())
      await expect.poll(() => said, { timeout: 20_000 }).toContain(`${file} has changed`)
    }
    save('posts/anew.md', post('Anew', 'Compiled by another.'))
    await compiledWith('posts/anew.md')
    expect((await first('/blog/anew')).text).toContain('Compiled by another.')
  })
})

/** Runs the compiler beside a folder that has one post; `html` is what the store has of it. */
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
