import { readdirSync, readFileSync } from 'node:fs'
import { gzipSync } from 'node:zlib'
import { expect, type Page, test } from '@playwright/test'
import { toString as textOf } from 'hast-util-to-string'
import { clientModulesIn } from '../lib/static/build.mjs'
import { lighten } from '../lib/static/strip-page.mjs'
import { chooseTheme } from './in-browser'

import { isOwnScript } from './own-files'
import { elementsIn, kinds } from './pages'

test('a reading page asks for one script, ours, of at most 6 kB gzip, and for none of the framework', async ({
  page,
}) => {
  const scripts: string[] = []
  page.on('request', (request) => {
    if (request.resourceType() === 'script' && !isOwnScript(request.url()))
      scripts.push(new URL(request.url()).pathname)
  })
  await page.goto(kinds['post with components'], { waitUntil: 'load' })
  expect(scripts).toEqual([expect.stringMatching(/^\/assets\/reader-\w+\.js$/)])
  expect(gzipSync(readFileSync(`public${scripts[0]}`)).length).toBeLessThan(6_000)
})

test('no stored page has a script of the framework', () => {
  const places = new Set([
    'index',
    '_not-found',
    'legal',
    ...Object.values(kinds).map((one) => one.split('/')[1] ?? ''),
  ])
  const pages = readdirSync('.next-e2e/server/app', { recursive: true, encoding: 'utf8' }).filter(
    // Pages of the owner are left out, because they may have client components. Next.js's own page for errors of the
    // layout is left out, because it has no layout.
    (name) => name.endsWith('.html') && places.has(name.split(/[./\\]/)[0] ?? ''),
  )
  expect(pages.length).toBeGreaterThan(50)
  for (const page of pages) {
    const all = elementsIn(readFileSync(`.next-e2e/server/app/${page}`, 'utf8'))
    const scripts = all.filter(({ tagName }) => tagName === 'script')
    const sources = scripts.flatMap(({ properties: { src } }) => (src === undefined ? [] : [String(src)]))
    const inline = scripts
      .filter(({ properties: { src, type } }) => src === undefined && type !== 'application/ld+json')
      .map((script) => textOf(script))
    expect(
      sources.filter((src) => !/^\/assets\/(reader|diagrams|nearest|search)-/.test(src) && !isOwnScript(src)),
      page,
    ).toEqual([])
    expect(inline, page).toEqual([
      expect.stringMatching(/^try\{let t=localStorage/),
      expect.stringMatching(/^\{"prefetch":/),
    ])
  }
  expect(pages.length).toBeGreaterThanOrEqual(Object.keys(kinds).length)
})

test('a build that has a name (NEXT_DEPLOYMENT_ID), which Next.js adds to addresses, has light pages as well', () => {
  const sheet = readdirSync('.next-e2e/static/chunks').find((name) => name.endsWith('.css'))
  const page = (name: string) =>
    `<html><head><link rel="stylesheet" href="/_next/static/chunks/${sheet}${name}"></head><body><p>x</p></body></html>`
  const { html } = lighten(page('?dpl=release-7'), { dist: '.next-e2e' })
  expect(html).toContain('<style>')
  expect(html).toBe(lighten(page(''), { dist: '.next-e2e' }).html)
})

/**
 * The computed properties of elements, ::before, ::after and ::marker that differ when the style of a page is replaced.
 */
function differences(page: Page, style: string): Promise<string[]> {
  return page.evaluate(async (style) => {
    for (const image of document.images) image.loading = 'eager'
    await Promise.allSettled([...document.images].map((image) => image.decode()))
    const settings = (element: Element, pseudo?: string) => {
      const style = getComputedStyle(element, pseudo)
      const isThere = pseudo === '::marker' ? element.tagName === 'LI' : !pseudo || style.content !== 'none'
      return {
        name: `${element.tagName} ${element.className} ${pseudo ?? ''}`,
        style: isThere ? [...style].map((name) => `${name}: ${style.getPropertyValue(name)}`) : [],
      }
    }
    const read = () =>
      [...document.querySelectorAll('body, body *')].flatMap((element) =>
        [undefined, '::before', '::after', '::marker'].map((pseudo) => settings(element, pseudo)),
      )
    // Fonts are left out, because they load at any time. Custom properties count only where they are used.
    const write = (style: string) => {
      for (const [index, sheet] of [...document.querySelectorAll('style')].entries())
        sheet.textContent = index === 0 ? style.replace(/@font-face\s*\{[^}]*\}/g, '') : ''
    }
    write([...document.querySelectorAll('style')].map((sheet) => sheet.textContent).join(''))
    const own = read()
    write(style)
    const whole = read()
    return own.flatMap(({ name, style }, at) =>
      style
        .filter((line) => !line.startsWith('--') && !whole[at]?.style.includes(line))
        .map((line) => `${name} ${line}`),
    )
  }, style)
}

const { home, list, post, author, archive } = kinds
const pictures = kinds['post with pictures']
const components = kinds['post with components']
const missing = '/no/such/page'
for (const [kind, address] of Object.entries({ home, list, post, pictures, components, author, archive, missing })) {
  // `npm test` checks one page: the style sheets of the others are split in the same way.
  const tag = kind === 'post' ? [] : ['@long']
  test(`the ${kind} page is set by its part of the style sheets as by all of them`, { tag }, async ({
    browser,
    baseURL,
  }) => {
    const sheets = readdirSync('.next-e2e/static/chunks').filter((name) => name.endsWith('.css'))
    const texts = sheets.map((name) => readFileSync(`.next-e2e/static/chunks/${name}`, 'utf8'))
    const reading = texts.filter((text) => !text.includes('.mend')).join('')
    const formulas = readdirSync('public/assets').find((name) => name.startsWith('katex-'))
    const katex = readFileSync(`public/assets/${formulas}/katex.css`, 'utf8')
    for (const [width, colorScheme] of [
      [390, 'light'],
      [1440, 'dark'],
    ] as const) {
      const context = await browser.newContext({
        viewport: { width, height: 900 },
        colorScheme,
        bypassCSP: true,
        baseURL,
      })
      const page = await context.newPage()
      await page.route(/woff2|^https:/, (route) => route.abort())
      await page.goto(address)
      const own = (await page.locator('style').allTextContents()).join('')
      const withFormulas = own.includes('.katex') ? katex : ''
      const ofDocument = own.match(/\.s[0-9a-f]{6}\{[^}]*\}/g) ?? []
      const found = await differences(page, [reading, withFormulas, ...ofDocument].join(''))
      expect(found.slice(0, 9), `${width} ${colorScheme}, ${found.length} in all`).toEqual([])
      await context.close()
    }
  })
}

test('a page has the style of formulas, and loads Mermaid, only where it has formulas or diagrams', async ({
  page,
  request,
}) => {
  const wanted: string[] = []
  page.on('request', (request) => wanted.push(new URL(request.url()).pathname))
  const ofText = () => wanted.filter((path) => /^\/assets\/(katex|diagrams)-/.test(path))
  const style = async () => (await page.locator('head style').allTextContents()).join('')
  expect(await (await request.get(kinds['mdx post'])).text()).not.toMatch(/katex|diagrams-/)
  await page.goto(kinds.post, { waitUntil: 'load' })
  expect(await style()).toContain('.katex')
  expect(ofText()).toEqual(expect.arrayContaining([expect.stringMatching(/\.woff2$/)]))
  expect(ofText().filter((path) => path.includes('/diagrams-'))).toEqual([])
  await page.locator('.diagram').scrollIntoViewIfNeeded()
  await expect(page.getByRole('img', { name: 'From a file to a page' })).toBeVisible()
  expect(ofText().filter((path) => path.includes('/diagrams-')).length).toBeGreaterThan(1)
})

test('of our client components a build has the error page and the print view of proofs, and none of development', () => {
  const own = [...clientModulesIn('.next-e2e').values()].filter((file) => /^(app|components|lib)\//.test(file))
  expect(own).toEqual(expect.arrayContaining(['app/error.tsx', 'components/editors/print-view.tsx']))
  expect(own.filter((file) => file.startsWith('components/dev/'))).toEqual([])
})

test('a reader downloads nothing of the style sheet of editors', async ({ request }) => {
  for (const [address, isThere] of [
    [kinds.post, false],
    ['/sign-in', true],
  ] as const) {
    const html = await (await request.get(address)).text()
    const sheets = elementsIn(html).flatMap(({ tagName, properties: { rel, href } }) =>
      tagName === 'link' && [rel].flat().includes('stylesheet') ? [String(href)] : [],
    )
    const texts = await Promise.all(sheets.map(async (sheet) => (await request.get(sheet)).text()))
    expect([html, ...texts].join('').includes('.mend'), address).toBe(isThere)
  }
})

test.describe('with JavaScript off', () => {
  test.use({ javaScriptEnabled: false })

  for (const [kind, address] of Object.entries(kinds)) {
    const tag = kind === 'home' ? [] : ['@long']
    test(`a ${kind} page is read and left by a link`, { tag }, async ({ page }) => {
      await page.goto(address)
      await expect(page.getByRole('heading', { level: 1 })).toBeVisible()
      await page.getByRole('navigation', { name: 'Main' }).getByRole('link', { name: 'Archive' }).click()
      await expect(page).toHaveURL('/archive')
    })
  }

  test('the contents open, the theme follows the system, and nothing dead is shown', async ({ page }) => {
    await page.setViewportSize({ width: 390, height: 800 })
    await page.emulateMedia({ colorScheme: 'dark' })
    await page.goto(kinds.post)
    await page.getByText('Contents', { exact: true }).click()
    await expect(page.locator('.toc').getByRole('link', { name: 'A third level' })).toBeVisible()
    await expect(page.locator('theme-switch button')).toBeHidden()
    await expect(page.getByRole('button', { name: 'Copy' })).toHaveCount(0)
  })
})

test('the next page is fetched before it is asked for, but never one of editors', async ({ page }) => {
  await page.goto(kinds.home)
  const rules = JSON.parse((await page.locator('script[type="speculationrules"]').textContent()) ?? '')
  const never = rules.prefetch[0].where.and[1].not.href_matches as string[]
  expect(rules.prerender[0].where).toEqual(rules.prefetch[0].where)
  const isNever = (address: string) =>
    page.evaluate(
      ([patterns, address]) =>
        patterns.some((pattern) => new URLPattern(pattern, location.href).test(new URL(address, location.href))),
      [never, address] as const,
    )
  for (const address of [
    '/drafts',
    '/drafts/a',
    '/drafts?by=x',
    '/sign-in',
    '/sign-in?return=%2F',
    '/api/auth/x',
    '/media/a/b.jpg',
    '/feed.xml',
  ])
    expect(await isNever(address), address).toBe(true)
  for (const address of ['/', '/blog', kinds.post, kinds.archive]) expect(await isNever(address), address).toBe(false)
  const early: string[] = []
  page.on('request', (request) => {
    if (request.headers()['sec-purpose']) early.push(new URL(request.url()).pathname)
  })
  await page.getByRole('navigation', { name: 'Main' }).getByRole('link', { name: 'Archive' }).hover()
  await expect.poll(() => early).toContain('/archive')
})

test('a theme chosen on one page is that of the others that are open', async ({ page, context }) => {
  await page.emulateMedia({ colorScheme: 'light' })
  await page.goto(kinds.post)
  const other = await context.newPage()
  await other.goto(kinds.home)
  await chooseTheme(other, 'dark')
  await expect(page.locator('html')).toHaveAttribute('data-theme', 'dark')
  await expect(page.getByRole('button', { name: 'Theme: dark' })).toBeVisible()
})

test('every public page is stored at build time, but for the answers of the search', () => {
  const { routes } = JSON.parse(readFileSync('.next-e2e/prerender-manifest.json', 'utf8')) as {
    routes: Record<string, unknown>
  }
  const { search: _search, ...stored } = kinds
  for (const address of Object.values(stored)) expect(Object.keys(routes)).toContain(decodeURIComponent(address))
})
