import { type ChildProcess, spawn } from 'node:child_process'
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { expect, test } from '@playwright/test'
import { environment, signIn } from './server'

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
    await expect(page.getByText('After.')).toBeVisible({ timeout: 15_000 })
    writeFileSync(
      path.join(folder, 'content/posts/live/dot.svg'),
      '<svg xmlns="http://www.w3.org/2000/svg" width="40" height="30"/>',
    )
    await expect(page.getByRole('img', { name: 'A dot' })).toHaveAttribute('src', /^\/media\/\w+\/dot\.svg$/, {
      timeout: 15_000,
    })
    expect(await page.evaluate('window.stayed')).toBe(true)

    const draft = path.join(folder, 'content/posts/proof.md')
    writeFileSync(draft, '---\ntitle: Proof\ndate: 2026-01-01\ndraft: true\n---\n\nFirst pull.\n')
    const site = `http://localhost:${port}`
    const [name = '', value = ''] = (await signIn(site)).split('=')
    await page.context().addCookies([{ name, value, url: site }])
    await page.goto(`${site}/drafts/proof`)
    await expect(page.getByText('First pull.')).toBeVisible()
    await page.evaluate(() => Object.assign(window, { stayed: true }))
    writeFileSync(draft, '---\ntitle: Proof\ndate: 2026-01-01\nauthors: [nobody]\ndraft: true\n---\n\nSecond pull.\n')
    await expect(page.getByText('Second pull.')).toBeVisible({ timeout: 15_000 })
    await expect(page.getByText('there is no author "nobody"')).toBeVisible()
    expect(await page.evaluate('window.stayed')).toBe(true)
  } finally {
    await ended(dev)
    rmSync(folder, { recursive: true })
  }
})

function ended(child: ChildProcess): Promise<unknown> {
  const end = new Promise((resolve) => child.once('exit', resolve))
  child.kill('SIGINT')
  return end
}
