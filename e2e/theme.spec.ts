import { expect, type Page, test } from '@playwright/test'
import { colourOf, compareColours } from './colours'
import { chooseTheme } from './in-browser'
import { site } from './site.config'

const background = (page: Page) => page.evaluate(() => getComputedStyle(document.documentElement).backgroundColor)

test.use({ colorScheme: 'light' })

test('without a choice the page follows the system, at once', async ({ page }) => {
  await page.goto('/')
  expect(await background(page)).toBe(await colourOf(page, 'paper', 'light'))
  await page.emulateMedia({ colorScheme: 'dark' })
  expect(await background(page)).toBe(await colourOf(page, 'paper', 'dark'))
})

test('a chosen theme holds on the next page and is there before the first paint', async ({ page }) => {
  await page.goto('/')
  const [light, dark] = [await colourOf(page, 'paper', 'light'), await colourOf(page, 'paper', 'dark')]
  await chooseTheme(page, 'dark')
  expect(await background(page)).toBe(dark)
  await page.addInitScript(() => {
    new PerformanceObserver((list) => {
      for (const entry of list.getEntries()) {
        Object.assign(window, { [entry.name]: getComputedStyle(document.documentElement).colorScheme })
      }
    }).observe({ type: 'paint', buffered: true })
  })
  await page.goto('/blog')
  await expect.poll(() => page.evaluate('window["first-paint"]')).toBe('dark')
  await expect(page.getByRole('button', { name: 'Theme: dark' })).toBeVisible()
  await chooseTheme(page, 'as the system')
  expect(await background(page)).toBe(light)
  await page.reload()
  expect(await background(page)).toBe(light)
})

test('the switch is worked with the keyboard', async ({ page }) => {
  await page.goto('/')
  await page.getByRole('button', { name: 'Theme: as the system' }).focus()
  await page.keyboard.press('Enter')
  await page.keyboard.press('Enter')
  await expect(page.getByRole('button', { name: 'Theme: dark' })).toBeVisible()
  expect(await background(page)).toBe(await colourOf(page, 'paper', 'dark'))
})

test('the colour for the browser’s own bars is that of the chosen theme, from the first paint, and else that of the system', async ({
  page,
}) => {
  /** Of the two colours the one that holds, by its place: the light one is first. */
  const holding = () =>
    page.evaluate(() =>
      [...document.querySelectorAll<HTMLMetaElement>('meta[name="theme-color"]')].flatMap(({ media }, index) =>
        matchMedia(media).matches ? [index === 0 ? 'light' : 'dark'] : [],
      ),
    )
  await page.goto('/')
  expect(await holding()).toEqual(['light'])
  await chooseTheme(page, 'dark')
  expect(await holding()).toEqual(['dark'])
  // Our module is not loaded, so only the script in the head has run.
  await page.route('**/assets/reader-*', (route) => route.abort())
  await page.goto('/blog')
  expect(await holding()).toEqual(['dark'])
  await page.unroute('**/assets/reader-*')
  await page.emulateMedia({ colorScheme: 'dark' })
  await page.goto('/')
  await chooseTheme(page, 'light')
  expect(await holding()).toEqual(['light'])
  await chooseTheme(page, 'as the system')
  expect(await holding()).toEqual(['dark'])
  await page.emulateMedia({ colorScheme: 'light' })
  expect(await holding()).toEqual(['light'])
})

test('print is always ink on white', async ({ page }) => {
  await page.goto('/blog/backend/kitchen-sink')
  await page.emulateMedia({ media: 'print', colorScheme: 'dark' })
  expect(await page.evaluate(() => getComputedStyle(document.body).color)).toBe(await colourOf(page, 'ink', 'light'))
  await expect(page.getByRole('banner')).toBeHidden()
})

test('the colours for the browser’s own bars in app/layout.tsx are those of your paper', { tag: '@long' }, async ({
  page,
}) => {
  await page.goto('/')
  const colours = await page.evaluate(() =>
    [...document.querySelectorAll<HTMLMetaElement>('meta[name="theme-color"]')].map(({ content }) => {
      const probe = document.body.appendChild(document.createElement('i'))
      probe.style.color = content
      const { color } = getComputedStyle(probe)
      probe.remove()
      return color
    }),
  )
  expect(colours).toEqual([await colourOf(page, 'paper', 'light'), await colourOf(page, 'paper', 'dark')])
})

test('your colours in app/theme.css and app/article.css can be read on every ground, light and dark', {
  tag: '@long',
}, () => {
  for (const paper of ['white', 'cream', 'grey'] as const) {
    const { count, tooAlike } = compareColours({ ...site.look, paper })
    expect(tooAlike, `each pair of text and ground needs a contrast of 4.5 on ${paper} paper`).toEqual([])
    expect(count, 'only colours written as light-dark(#rrggbb, #rrggbb) can be compared here').toBeGreaterThan(100)
  }
})
