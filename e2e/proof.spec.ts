import { copyFileSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import path from 'node:path'
import { type Browser, expect, test } from '@playwright/test'
import { buildCopy, makeCopy, removeCopy, type Server, serveCopy } from '../scripts/verify/copy'
import { stopAll } from '../scripts/verify/processes'
import { editors, environment, signIn } from './server'

const views = [390, 1440].flatMap((width) =>
  (['light', 'dark'] as const).map((colorScheme) => ({ width, colorScheme })),
)

/** The article of a page as a picture, in each width and theme. */
async function pictures(browser: Browser, { self }: Server, address: string): Promise<Buffer[]> {
  const [name = '', value = ''] = (await signIn(self, editors.ines)).split('=')
  const taken: Buffer[] = []
  for (const { width, colorScheme } of views) {
    const context = await browser.newContext({ viewport: { width, height: 900 }, colorScheme })
    await context.addCookies([{ name, value, url: self }])
    const page = await context.newPage()
    await page.goto(`${self}${address}`, { waitUntil: 'networkidle' })
    // A browser does not show a font that loads late, so the page is reloaded until two screenshots are the same.
    let [before, now]: (Buffer | undefined)[] = []
    for (let visit = 0; visit < 6 && (!now || !before?.equals(now)); visit++) {
      await page.reload()
      await page.evaluate(async () => {
        for (const image of document.images) image.loading = 'eager'
        await Promise.all([...document.images].map((image) => image.decode()))
        await document.fonts.ready
      })
      await page.locator('.diagram').scrollIntoViewIfNeeded()
      await page.locator('.drawing svg').waitFor()
      await page.evaluate(() => scrollTo(0, 0))
      before = now
      now = await page.getByRole('article').screenshot({ animations: 'disabled' })
    }
    taken.push(now ?? Buffer.alloc(0))
    await context.close()
  }
  return taken
}

/** A page that Next.js renders again when it is older than a second, and a page that `revalidatePath` renders again. */
const madeAgain = {
  'app/fresh/page.tsx': `export const revalidate = 1
export default function Fresh() {
  return <p className="crop">{'Made at ' + Date.now()}</p>
}
`,
  'app/told/page.tsx': `export default function Told() {
  return <p className="crop">{'Made at ' + Date.now()}</p>
}
`,
  'app/api/tell/route.ts': `import { revalidatePath } from 'next/cache'
export async function POST() {
  revalidatePath('/told')
  return new Response('told')
}
`,
}

/**
 * Code that an owner may add: a client component on one page. The test also adds a script of another host to all pages.
 */
const ofTheOwner = {
  'components/counter.tsx': `'use client'
import { useState } from 'react'
export function Counter() {
  const [count, setCount] = useState(0)
  return (
    <button type="button" style={{ color: 'rgb(1, 2, 3)' }} onClick={() => setCount(count + 1)}>
      Counted to {count}
    </button>
  )
}
`,
  'app/counter/page.tsx': `import { Counter } from '@/components/counter'
export default function Page() {
  return <Counter />
}
`,
}

/** Serves a script that counts visits. `asked` has the requests for the script, and those that the script sends. */
async function serveStatistics() {
  const asked: string[] = []
  const server = createServer((request, response) => {
    asked.push(`${request.method} ${request.url}`)
    response.setHeader('Content-Type', 'text/javascript')
    response.setHeader('Access-Control-Allow-Origin', '*')
    response.end(
      request.url === '/x.js'
        ? "fetch(new URL('/hit', document.currentScript.src), { method: 'POST' }).then(() => { document.body.dataset.counted = 'yes' })"
        : '',
    )
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as AddressInfo
  return { asked, address: `http://127.0.0.1:${port}`, close: () => server.close() }
}

/**
 * Expects that the owner's component and script work under a policy that allows nothing else, and that pages without a
 * client component have no framework.
 */
async function expectOwnersCodeToWork(
  browser: Browser,
  { self }: Server,
  statistics: { asked: string[]; address: string },
) {
  const page = await browser.newPage()
  const complaints: string[] = []
  page.on('console', (message) => message.type() === 'error' && complaints.push(message.text()))
  page.on('pageerror', (error) => complaints.push(String(error)))
  for (const address of ['/counter', '/', '/blog/first']) {
    const scripts: string[] = []
    page.on('request', (request) => request.resourceType() === 'script' && scripts.push(request.url()))
    statistics.asked.length = 0
    const policy = (await page.goto(`${self}${address}`))?.headers()['content-security-policy'] ?? ''
    await expect(page.locator('body[data-counted="yes"]')).toBeAttached()
    expect(statistics.asked.sort()).toEqual(['GET /x.js', 'POST /hit'])
    expect(policy).toContain("default-src 'none'")
    expect(policy).toContain(`connect-src 'self' ${statistics.address}`)
    // Only the page with the framework allows inline styles, which libraries add.
    const styles = address === '/counter' ? /style-src 'self' 'unsafe-inline';/ : /style-src 'sha256-[^' ]+';/
    expect(policy).toMatch(styles)
    expect(policy.split('; ').find((rule) => rule.startsWith('script-src'))).not.toContain('unsafe')
    expect(scripts.some((script) => script.includes('/_next/'))).toBe(address === '/counter')
    if (address === '/counter') {
      const button = page.getByRole('button', { name: /Counted/ })
      await expect(async () => {
        await button.click()
        await expect(button).toHaveText('Counted to 2', { timeout: 500 })
      }).toPass({ timeout: 20_000 })
      await expect(button).toHaveCSS('color', 'rgb(1, 2, 3)')
    }
    page.removeAllListeners('request')
  }
  expect(complaints).toEqual([])
  await page.close()
}

/**
 * Expects that both pages are light as the build stored them, and are the same after Next.js has rendered them again.
 */
async function expectAsLight({ self }: Server) {
  for (const address of ['/fresh', '/told']) {
    const get = async () => {
      const answer = await fetch(`${self}${address}`)
      const html = await answer.text()
      const time = Number(/Made at (\d+)/.exec(html)?.[1])
      return { time, html: html.replace(String(time), ''), policy: answer.headers.get('content-security-policy') }
    }
    const before = await get()
    expect(before.html).not.toMatch(/_next\/static\/chunks|__next_f/)
    expect(before.html).toContain('.crop{')
    expect(before.policy).toContain("default-src 'none'")
    if (address === '/told') {
      expect((await get()).time).toBe(before.time)
      await fetch(`${self}/api/tell`, { method: 'POST' })
      await get()
    }
    await expect(async () => {
      const after = await get()
      expect(after.time).toBeGreaterThan(before.time)
      expect({ ...after, time: 0 }).toEqual({ ...before, time: 0 })
    }).toPass({ timeout: 20_000 })
  }
}

test('a draft and the same text published are the same, pixel by pixel; a page made again is as light, and what an owner adds works', async ({
  browser,
}, info) => {
  test.setTimeout(900_000)
  const copy = makeCopy(undefined)
  const settings = {
    NEXTAUTH_SECRET: environment.NEXTAUTH_SECRET ?? '',
    EDITORS: environment.EDITORS ?? '',
    EDITOR_PASSWORDS: environment.EDITOR_PASSWORDS ?? '',
  }
  const folder = path.join(copy, 'content/posts/backend/twin')
  const post = path.join(folder, 'index.md')
  const body = readFileSync('e2e/content/posts/backend/kitchen-sink.md', 'utf8').replace(/^---[\s\S]*?\n---\n/, '')
  const matter =
    'title: The same either way\nsummary: A text with everything in it.\ndate: 2026-03-04\nlastmod: 2026-03-09\ntags: [css, "C++"]\nauthors: [default, bob]\nseries: { name: Twins, part: 2 }\n'
  rmSync(path.join(copy, 'content'), { recursive: true, force: true })
  mkdirSync(folder, { recursive: true })
  mkdirSync(path.join(copy, 'content/authors'))
  writeFileSync(path.join(copy, 'content/authors/default.md'), '---\nname: Ada\navatar: /ada.svg\n---\n')
  writeFileSync(
    path.join(copy, 'public/ada.svg'),
    '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 8 8"><path d="M0 0h8v8H0z" fill="#845"/></svg>',
  )
  writeFileSync(path.join(copy, 'content/authors/bob.md'), '---\nname: Bob\n---\n')
  writeFileSync(
    path.join(copy, 'content/posts/first.md'),
    '---\ntitle: First\ndate: 2026-01-01\nseries: { name: Twins, part: 1 }\n---\n\nOne.\n',
  )
  copyFileSync('e2e/content/posts/frontend/pictures/dot.png', path.join(folder, 'dot.png'))
  const statistics = await serveStatistics()
  const layout = path.join(copy, 'app/layout.tsx')
  writeFileSync(
    layout,
    readFileSync(layout, 'utf8').replace('</head>', `<script defer src="${statistics.address}/x.js" /></head>`),
  )
  for (const [file, text] of Object.entries({ ...madeAgain, ...ofTheOwner })) {
    mkdirSync(path.dirname(path.join(copy, file)), { recursive: true })
    writeFileSync(path.join(copy, file), text)
  }
  const taken: Buffer[][] = []
  try {
    for (const [draft, address] of [
      ['draft: true\n', '/drafts/backend/twin'],
      ['', '/blog/backend/twin'],
    ] as const) {
      writeFileSync(post, `---\n${matter}${draft}---\n${body}\n![A dot, large](./dot.png "Its caption")\n`)
      await buildCopy(copy)
      const server = await serveCopy(copy, settings)
      taken.push(await pictures(browser, server, address))
      if (taken.length === 1) {
        await expectAsLight(server)
        await expectOwnersCodeToWork(browser, server, statistics)
      }
      await server.stop()
    }
  } finally {
    stopAll()
    statistics.close()
    removeCopy(copy)
  }
  for (const [at, { width, colorScheme }] of views.entries()) {
    const [proof, published] = taken.map((one) => one[at])
    writeFileSync(info.outputPath(`${width}-${colorScheme}-proof.png`), proof ?? '')
    writeFileSync(info.outputPath(`${width}-${colorScheme}-published.png`), published ?? '')
    expect(proof?.length, 'the size of the picture').toBeGreaterThan(50_000)
    expect.soft(proof?.equals(published ?? Buffer.alloc(0)), `${width} pixels wide, ${colorScheme}`).toBe(true)
  }
})
