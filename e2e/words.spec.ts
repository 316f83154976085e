import { createHash } from 'node:crypto'
import { expect, type Page, test } from '@playwright/test'
import { themeScript } from '../lib/static/own-scripts.mjs'
import { isOwnScript } from './own-files'
import { editors, signIn } from './server'

// These tests open posts with words full of markup, as an editor whose session a script could steal.

let elsewhere: string[]
let complaints: string[]
test.beforeEach(async ({ page, baseURL }) => {
  elsewhere = []
  complaints = []
  page.on('console', (message) => message.type() === 'error' && complaints.push(message.text()))
  page.on('pageerror', (error) => complaints.push(String(error)))
  const [name = '', value = ''] = (await signIn(baseURL ?? '', editors.ines)).split('=')
  await page.context().addCookies([{ name, value, url: baseURL ?? '' }])
  await page.route(/^https?:\/\/(?!localhost[:/])/, (route) => {
    const url = route.request().url()
    // The owner's script is answered with an empty file, because the browser would report a failed request.
    if (isOwnScript(url)) return route.fulfill({ contentType: 'text/javascript', body: '' })
    elsewhere.push(url)
    return route.abort()
  })
})

/** The directives of a policy, each with its sources. */
const read = (policy = '') =>
  new Map(policy.split('; ').map((rule) => [rule.split(' ')[0] ?? '', rule.split(' ').slice(1)]))

async function open(page: Page, address: string) {
  const policy = read((await page.goto(address, { waitUntil: 'load' }))?.headers()['content-security-policy'])
  const plain = read((await page.request.get('/blog/unlisted')).headers()['content-security-policy'])
  expect([...policy.keys()]).toEqual([...plain.keys()])
  expect(policy.get('frame-ancestors')).toEqual(["'self'"])
  return { policy, plain }
}

test('words of a post that look like scripts, styles and directives do nothing, and cut nothing off', async ({
  page,
}) => {
  const { policy, plain } = await open(page, '/blog/hostile-words')
  const theme = `'sha256-${createHash('sha256').update(themeScript).digest('base64')}'`
  expect(policy.get('script-src')).toEqual(plain.get('script-src'))
  expect(policy.get('script-src')).toContain(theme)
  expect(policy.get('img-src')).toEqual(["'self'", 'data:'])
  await expect(page).toHaveTitle(/^Marks that <script>/)
  await expect(page.getByText('And this paragraph comes after it.')).toBeVisible()
  await expect(page.getByText('The last words are here.')).toBeVisible()
  await expect(page.getByRole('contentinfo')).toBeVisible()
  const scripts = await page.locator('script').evaluateAll((all) => all.map((one) => (one as HTMLScriptElement).src))
  expect(scripts.filter((src) => !isOwnScript(src))).toHaveLength(4)
  await expect(page.locator('style')).toHaveCount(1)
  await expect(page.locator('base, main link')).toHaveCount(0)
  await page.mouse.wheel(0, 5000)
  expect({ elsewhere, complaints }).toEqual({ elsewhere: [], complaints: [] })
})

test('an honest post about <script> and <style> is set like any other', async ({ page }) => {
  const { policy, plain } = await open(page, '/blog/honest-words')
  expect(policy.get('script-src')).toEqual(plain.get('script-src'))
  await expect(page).toHaveTitle(/^What the <script> tag does/)
  await expect(page.getByRole('heading', { level: 1 })).toHaveText('What the <script> tag does')
  await expect(page.getByRole('heading', { name: 'The <style> element, and </head>' })).toBeVisible()
  await expect(page.getByText('Where <style> belongs, and </style> ends')).toBeVisible()
  await expect(page.getByText('index.html: the <script> and <style> tags')).toBeVisible()
  await expect(page.locator('abbr').first()).toHaveAttribute('title', '<style> in CSS')
  const picture = page.getByRole('img', { name: 'A dot, beside a <script> tag and a </style> tag' })
  await expect.poll(() => picture.evaluate((image: HTMLImageElement) => image.naturalWidth)).toBeGreaterThan(0)
  // The page has the style sheet of the site.
  await expect(page.locator('.prose')).toHaveCSS('font-family', /literata/i)
  expect({ elsewhere, complaints }).toEqual({ elsewhere: [], complaints: [] })
})
