import { type ChildProcess, spawn } from 'node:child_process'
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { expect, test } from '@playwright/test'
import { environment, signIn } from './server'

// Each compiles, and what they all write into .contentlayer is what the open page listens to.
test.describe.configure({ mode: 'default' })

test('in development a saved post, a new picture and a saved draft show in the open page without a reload', async ({
  page,
}) => {
  test.setTimeout(120_000)
  const folder = mkdtempSync(path.join(tmpdir(), 'galley-'))
  const post = path.join(folder, 'content/posts/live/index.md')
  for (const sub of ['authors', 'posts/live']) mkdirSync(path.join(folder, 'content', sub), { recursive: true })
  writeFileSync(path.join(folder, 'content/authors/default.md'), '---\nname: Ada\n---\n')
  writeFileSync(post, '---\ntitle: Live\ndate: 2026-01-01\n---\n\nBefore.\n')
  const port = Number(process.env.TEST_PORT ?? 4300) + 7
  const env = {
    ...environment,
    CONTENT_DIR: path.join(folder, 'content'),
    STORE_DIR: path.join(folder, 'store'),
    DIST_DIR: '.next-e2e',
    PORT: String(port),
  }
  const dev = spawn(process.execPath, ['scripts/dev.mjs'], { env: { ...process.env, ...env }, stdio: 'ignore' })
  try {
    const address = `http://localhost:${port}/blog/live`
    await expect
      .poll(
        () =>
          fetch(address).then(
            (answer) => answer.status,
            () => 0,
          ),
        { timeout: 60_000 },
      )
      .toBe(200)
    await page.goto(address)
    await expect(page.getByText('Before.')).toBeVisible()
    await page.evaluate(() => Object.assign(window, { stayed: true }))
    writeFileSync(post, '---\ntitle: Live\ndate: 2026-01-01\n---\n\nAfter.\n\n![A dot](./dot.svg)\n')
    await expect(page.getByText('After.')).toBeVisible()
    writeFileSync(
      path.join(folder, 'content/posts/live/dot.svg'),
      '<svg xmlns="http://www.w3.org/2000/svg" width="40" height="30"/>',
    )
    await expect(page.getByRole('img', { name: 'A dot' })).toHaveAttribute('src', /^\/media\/\w+\/dot\.svg$/)
    expect(await page.evaluate('window.stayed')).toBe(true)

    expect((await page.goto(`http://localhost:${port}/blog/nowhere`))?.status()).toBe(404)
    await expect(page.getByRole('heading', { level: 1 })).toHaveText('Nothing is printed here.')

    const draft = path.join(folder, 'content/posts/proof.md')
    writeFileSync(draft, '---\ntitle: Proof\ndate: 2026-01-01\ndraft: true\n---\n\nFirst pull.\n')
    const site = `http://localhost:${port}`
    const [name = '', value = ''] = (await signIn(site)).split('=')
    await page.context().addCookies([{ name, value, url: site }])
    await page.goto(`${site}/drafts/proof`)
    await expect(page.getByText('First pull.')).toBeVisible()
    await page.evaluate(() => Object.assign(window, { stayed: true }))
    writeFileSync(draft, '---\ntitle: Proof\ndate: 2026-01-01\nauthors: [nobody]\ndraft: true\n---\n\nSecond pull.\n')
    await expect(page.getByText('Second pull.')).toBeVisible()
    await expect(page.getByText('there is no author "nobody"')).toBeVisible()
    expect(await page.evaluate('window.stayed')).toBe(true)
  } finally {
    await ended(dev)
    rmSync(folder, { recursive: true })
  }
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
