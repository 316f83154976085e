import { expect, type Page, test } from '@playwright/test'
import { complaintsOn, violations } from './in-browser'
import { elementsIn } from './pages'
import { ask } from './server'
import { site } from './site.config'

// The search as a reader meets it: without script from the server, and in a dialog on any page.

const dialogOf = (page: Page) => page.getByRole('dialog', { name: 'Search' })
const fieldOf = (page: Page) => dialogOf(page).getByRole('textbox')

async function openDialog(page: Page, address = '/blog') {
  await page.goto(address)
  await page.getByRole('link', { name: 'Search', exact: true }).click()
  await expect(fieldOf(page)).toBeFocused()
}

test.describe('without script', () => {
  test.use({ javaScriptEnabled: false })

  test('the form in the header’s page finds posts, marks the words and links to the heading', async ({ page }) => {
    await page.goto('/')
    await page.getByRole('link', { name: 'Search', exact: true }).click()
    await page.getByRole('searchbox').fill('summary 07')
    await page.getByRole('button', { name: 'Search' }).click()
    await expect(page).toHaveURL('/search?q=summary+07')
    await expect(page.getByRole('status')).toHaveText('1 post')
    await expect(page.getByRole('searchbox')).toHaveValue('summary 07')
    await expect(page.locator('mark')).toHaveText(['07', 'summary', '07'])
    await page.goto('/search?q=heading+with+code')
    await expect(page.getByRole('link', { name: 'A heading with code' }).first()).toHaveAttribute(
      'href',
      /kitchen-sink#a-heading/,
    )
  })

  test('a page that is not there has the form too', async ({ page }) => {
    await page.goto('/no/such/page')
    await page.getByRole('searchbox').fill('kitchen')
    await page.getByRole('button', { name: 'Search' }).click()
    await expect(page.getByRole('link', { name: 'The kitchen sink' })).toBeVisible()
  })
})

test('the answer of the server is kept by no cache, indexed by nobody, and has the policy of a stored page', async ({
  baseURL,
}) => {
  const { status, headers, body } = await ask(String(baseURL), '/search?q=kitchen')
  expect(status).toBe(200)
  expect(headers).toMatchObject({ 'cache-control': 'private, no-cache', 'x-robots-tag': 'noindex' })
  const policy = String(headers['content-security-policy'])
  expect(policy).toContain("default-src 'none'")
  expect(policy).toContain("require-trusted-types-for 'script'; trusted-types galley-search")
  expect(policy).not.toMatch(/unsafe|blob:/)
  expect(body).not.toContain('/_next/static/chunks/')
})

test('no query breaks the answer, and none of it becomes markup', async ({ baseURL }) => {
  const before = elementsIn((await ask(String(baseURL), '/search?q=zzzz')).body).map(({ tagName }) => tagName)
  for (const query of [
    '%3Cscript%3Ealert(1)%3C/script%3E',
    '%22%3E%3Cimg%20src=x%20onerror=alert(1)%3E',
    '%00zzzz',
    '%ff',
    '%',
    '%ED%A0%80',
    'zzzz&q=2',
    'z'.repeat(4000),
    '%F0%9F%98%80',
    '%E2%80%AEzzzz',
  ]) {
    const { status, body } = await ask(String(baseURL), `/search?q=${query}`)
    expect(status, query).toBe(200)
    expect(
      elementsIn(body).map(({ tagName }) => tagName),
      query,
    ).toEqual(before)
    expect(body.length).toBeLessThan(30_000)
  }
})

test('the worker has a policy of its own, and no page may run WebAssembly', async ({ page, baseURL }) => {
  await openDialog(page)
  const worker = page.workers()[0] ?? (await page.waitForEvent('worker'))
  const { headers } = await ask(String(baseURL), new URL(worker.url()).pathname)
  expect(headers['content-security-policy']).toBe(
    "default-src 'none'; script-src 'self' 'wasm-unsafe-eval'; connect-src 'self'",
  )
  // Eight bytes are the smallest module.
  const compiled = await page.evaluate(() =>
    WebAssembly.compile(new Uint8Array([0, 97, 115, 109, 1, 0, 0, 0])).then(
      () => 'compiled',
      () => 'refused',
    ),
  )
  expect(compiled).toBe('refused')
})

test('with Trusted Types, nothing but the worker of the search becomes a script, and searching breaks no policy', async ({
  page,
}) => {
  const complaints = await complaintsOn(page)
  await openDialog(page)
  await fieldOf(page).fill('milliseconds')
  // A word of the code, which only Pagefind knows.
  await expect(dialogOf(page).getByRole('link', { name: 'The kitchen sink' })).toBeVisible()
  expect(complaints).toEqual([])
  const made = await page.evaluate(() => {
    const tried = (work: () => unknown) => {
      try {
        return String(work())
      } catch {
        return 'refused'
      }
    }
    const types = (window as unknown as { trustedTypes: { createPolicy(name: string, rules: object): unknown } })
      .trustedTypes
    return [
      tried(() => new Worker('/assets/other.js')),
      tried(() => types.createPolicy('galley-search', { createScriptURL: (url: string) => url })),
      tried(() => types.createPolicy('default', { createScriptURL: (url: string) => url })),
    ]
  })
  expect(made).toEqual(['refused', 'refused', 'refused'])
})

test('"/" and Ctrl K open the search, "/" not in a field, and a reader can switch it off', async ({ page }) => {
  test.skip(!site.shortcuts)
  await page.goto('/blog')
  await page.keyboard.press('/')
  await expect(fieldOf(page)).toBeFocused()
  await expect(fieldOf(page)).toHaveValue('')
  await page.keyboard.type('a/b')
  await expect(fieldOf(page)).toHaveValue('a/b')
  await page.getByRole('checkbox', { name: /opens the search/ }).uncheck()
  await page.keyboard.press('Escape')
  await expect(dialogOf(page)).toBeHidden()
  await page.keyboard.press('/')
  await page.keyboard.press('Control+k')
  await expect(fieldOf(page)).toBeFocused()
})

test('the arrows go through the results, Enter opens one at the heading that has the word, and Esc goes back', async ({
  page,
}) => {
  await openDialog(page)
  await fieldOf(page).fill('kitchen emphasis')
  const results = dialogOf(page).locator('.search-answer a')
  await expect(results.first()).toHaveText('The kitchen sink')
  await expect(results.first().locator('mark')).toHaveText('kitchen')
  await expect(dialogOf(page).locator('.search-excerpt mark').first()).toBeVisible()
  await page.keyboard.press('ArrowDown')
  await expect(results.first()).toBeFocused()
  await page.keyboard.press('ArrowUp')
  await expect(fieldOf(page)).toBeFocused()
  await page.keyboard.press('ArrowDown')
  await page.keyboard.press('ArrowDown')
  await page.keyboard.press('Enter')
  await expect(page).toHaveURL(/\/blog\/backend\/kitchen-sink#a-heading/)
  await page.waitForLoadState()
  await page.keyboard.press('Control+k')
  await expect(fieldOf(page)).toBeFocused()
  await page.keyboard.press('Escape')
  await expect(dialogOf(page)).toBeHidden()
})

test('the number of results is said, and without any the archive is offered', async ({ page }) => {
  await openDialog(page)
  const status = dialogOf(page).getByRole('status')
  await fieldOf(page).fill('note')
  await expect(status).toHaveText(/^\d+ posts$/)
  await fieldOf(page).fill('xqzxqz')
  await expect(status).toHaveText('No post has “xqzxqz”.')
  await expect(dialogOf(page).getByRole('link', { name: 'the archive' })).toHaveAttribute('href', '/archive')
  await fieldOf(page).fill('')
  await expect(status).toHaveText('')
})

test('filters leave the posts of a tag or of a year, without any word too', async ({ page }) => {
  await openDialog(page)
  await dialogOf(page).getByText('Filter').click()
  await dialogOf(page).getByLabel('Tag').selectOption('Notes')
  const links = dialogOf(page).locator('.search-result')
  await expect(links.first()).toContainText('Note')
  await dialogOf(page).getByLabel('Tag').selectOption('')
  await dialogOf(page).getByLabel('Year').selectOption('2026')
  await expect(links.locator('time').first()).toHaveText(/2026/)
  for (const time of await links.locator('time').all()) await expect(time).toHaveText(/2026/)
})

test('a Japanese post is found from an English page by words as they are typed, and an English one from a Japanese page', async ({
  page,
}) => {
  await openDialog(page)
  await fieldOf(page).fill('本文')
  await expect(dialogOf(page).getByRole('link', { name: '日本語の題' })).toBeVisible()
  await openDialog(page, '/blog/frontend/%E6%97%A5%E6%9C%AC%E8%AA%9E')
  await fieldOf(page).fill('milliseconds')
  await expect(dialogOf(page).getByRole('link', { name: 'The kitchen sink' })).toBeVisible()
})

test('without its index, the dialog shows what the server finds', async ({ page }) => {
  await page.route('**/search/index.json', (route) => route.abort())
  await openDialog(page)
  await fieldOf(page).fill('summary 07')
  await expect(dialogOf(page).getByRole('link', { name: 'Note 07' })).toBeVisible()
})

test('the page of the search searches the whole text while somebody types, and its address can be given on', async ({
  page,
}) => {
  await page.goto('/search')
  await page.getByRole('searchbox').fill('milliseconds')
  await expect(page.getByRole('link', { name: 'The kitchen sink' })).toBeVisible()
  await page.getByRole('searchbox').press('Enter')
  await expect(page).toHaveURL('/search?q=milliseconds')
  await page.reload()
  await expect(page.getByRole('link', { name: 'The kitchen sink' })).toBeVisible()
})

test('axe finds nothing in the dialog, in either theme, and it fits a phone', async ({ page }) => {
  await page.emulateMedia({ colorScheme: 'light', reducedMotion: 'reduce' })
  await openDialog(page)
  await fieldOf(page).fill('note')
  await dialogOf(page).getByText('Filter').click()
  await expect(dialogOf(page).getByLabel('Tag')).toBeVisible()
  expect(await violations(page)).toEqual([])
  await page.emulateMedia({ colorScheme: 'dark' })
  expect(await violations(page, 'color-contrast')).toEqual([])
  await page.setViewportSize({ width: 320, height: 640 })
  const width = await dialogOf(page).evaluate((dialog) => [dialog.scrollWidth, dialog.clientWidth])
  expect(width[0]).toBeLessThanOrEqual(width[1] as number)
})

test('a page asks for nothing of the search before it is opened', async ({ page }) => {
  const asked: string[] = []
  page.on('request', (request) => asked.push(new URL(request.url()).pathname))
  await page.goto('/blog/backend/kitchen-sink')
  await page.getByRole('link', { name: 'Search', exact: true }).hover()
  const ofSearch = () => asked.filter((address) => address.includes('search'))
  expect(ofSearch()).toEqual([])
  await page.getByRole('link', { name: 'Search', exact: true }).click()
  await expect(fieldOf(page)).toBeFocused()
  expect(ofSearch()).not.toEqual([])
})
