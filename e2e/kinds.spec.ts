import { expect, test } from '@playwright/test'
import { chooseTheme, complaintsOn, tryEverything, violations } from './in-browser'
import { kinds } from './pages'

// Each kind of page is loaded once, for all checks that need a browser.

/** Kinds with no element that the other kinds do not have too, so only `npm run test:all` loads them. */
const alike = ['later page', 'post in Japanese', 'mdx post', 'category', 'tag', 'year', 'missing post']
const places = { ...kinds, 'missing page': '/no/such/page', 'missing post': '/blog/no-such-post' }

for (const [kind, address] of Object.entries(places)) {
  const tag = alike.includes(kind) ? '@long' : []
  test(`a ${kind}: axe finds nothing in either theme, no screen is too narrow, and nothing on it is refused`, {
    tag,
  }, async ({ page }) => {
    const complaints = await complaintsOn(page)
    await page.emulateMedia({ colorScheme: 'light' })
    await page.goto(address)
    expect(await violations(page), 'light').toEqual([])
    await chooseTheme(page, 'dark')
    expect(await violations(page, 'color-contrast'), 'dark').toEqual([])

    for (const width of [320, 390, 820, 1440]) {
      await page.setViewportSize({ width, height: 800 })
      expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(width)
    }
    await tryEverything(page)
    expect(complaints).toEqual([])
  })
}
