/** What the look promises of pages: the margin, covers, the header, the running head. */
import { expect, type Page, test } from '@playwright/test'
import { complaintsOn } from './in-browser'
import { kinds } from './pages'
import { site } from './site.config'

test('the front page has the first words of the newest post, who writes here, and the posts before it by year', async ({
  page,
}) => {
  await page.goto('/')
  const newest = page.locator('.newest')
  const title = (await newest.getByRole('heading', { level: 1 }).textContent()) ?? ''
  const opening = (await newest.locator('.text-lg p').allTextContents()).join(' ')
  expect(opening.split(/\s+/).length).toBeLessThanOrEqual(90)
  await expect(page.getByRole('complementary', { name: 'Who writes here' })).toContainText(site.intro)
  await expect(page.getByRole('complementary', { name: 'Who writes here' }).getByRole('img')).toHaveCount(0)
  await expect(page.locator('.post-row')).toHaveCount(8)
  await expect(page.locator('.year-head').first()).toHaveText(/^\d{4}$/)
  await newest.getByRole('link', { name: 'Read on' }).click()
  await expect(page.getByRole('heading', { level: 1 })).toHaveText(title)
  for (const paragraph of opening.split('. '))
    await expect(page.locator('.prose')).toContainText(paragraph.slice(0, 30))
})

test('the header marks the section of a page, and no other', async ({ page }) => {
  const marks: Record<string, string[]> = {
    [kinds.list]: ['Blog page'],
    [kinds['later page']]: ['Blog true'],
    [kinds.post]: ['Blog true'],
    [kinds.tag]: ['Tags true'],
    [kinds.year]: ['Archive true'],
    [kinds.page]: ['About page'],
    [kinds.search]: ['Search page'],
    [kinds.feeds]: ['Feeds page'],
    [kinds.author]: [],
    '/no/such/page': [],
  }
  for (const [address, expected] of Object.entries(marks)) {
    await page.goto(address)
    const marked = await page
      .locator('.masthead nav [aria-current]')
      .evaluateAll((links) => links.map((link) => `${link.textContent} ${link.getAttribute('aria-current')}`))
    expect(marked, address).toEqual(expected)
  }
})

test('a cover is at the head of its post and small in lists, and a post without one has none', async ({ page }) => {
  await page.goto(kinds['post with pictures'])
  const large = page.locator('.post-cover')
  await expect(large).toHaveJSProperty('complete', true)
  expect(await large.evaluate((image: HTMLImageElement) => image.naturalWidth)).toBeGreaterThan(0)
  await page.goto(kinds.category)
  const rows = page.locator('.post-row')
  const withCover = rows.filter({ has: page.locator('.cover') })
  await expect(withCover).toHaveCount(1)
  await expect(withCover).toContainText('Pictures beside the post')
  const small = withCover.locator('.cover')
  expect(await small.getAttribute('src')).toMatch(/^\/media\/\w{12}\/dot-240\.webp$/)
  await small.scrollIntoViewIfNeeded()
  await expect.poll(() => small.evaluate((image: HTMLImageElement) => image.naturalWidth)).toBeGreaterThan(0)
  await page.goto(kinds.post)
  await expect(page.locator('.post-cover')).toHaveCount(0)
})

/** The section that the running head names, and the one that is marked in the contents. */
const named = (page: Page) =>
  page.evaluate(() => [
    document.querySelector('[data-section]')?.textContent,
    document.querySelector('.toc [aria-current]')?.textContent,
  ])

test('the running head names the section after each of 30 jumps, after going back, and at a reload', async ({
  page,
}) => {
  await page.goto(kinds.post)
  const contents = page.locator('.toc')
  const links = contents.getByRole('link')
  const summary = contents.locator('summary')
  for (let jump = 0; jump < 30; jump++) {
    await summary.click()
    const link = links.nth((jump * 7) % (await links.count()))
    const [words = '', hash = ''] = await link.evaluate((one: HTMLAnchorElement) => [one.textContent ?? '', one.hash])
    await link.click()
    await expect.poll(() => named(page), `jump ${jump}`).toEqual([words, words])
    expect(new URL(page.url()).hash).toBe(hash)
    await expect(contents).not.toHaveAttribute('open')
  }
  const [before] = await named(page)
  await page.reload()
  await expect.poll(() => named(page)).toEqual([before, before])
  await page.mouse.wheel(0, -100_000)
  await expect.poll(() => named(page)).toEqual(['', undefined])
  await page.goBack()
  await expect.poll(async () => (await named(page))[0]).not.toBe('')
})

test('a hash that cannot be decoded stops no script', async ({ page }) => {
  const complaints = await complaintsOn(page)
  await page.goto(`${kinds.post}#%`)
  await expect(page.getByRole('button', { name: 'Theme: as the system' })).toBeVisible()
  await expect(page.getByRole('button', { name: 'Copy' }).first()).toBeAttached()
  await expect(page.locator('[data-minutes]')).toHaveText(/^\d+ of \d+ min$/)
  expect(complaints).toEqual([])
})

test('seven stops of the keyboard come before a text, besides the contents, the owner’s navigation and the authors', async ({
  page,
}) => {
  for (const address of [kinds.post, '/blog/frontend/part-one']) {
    await page.goto(address)
    let stops = 0
    const isInText = () => page.evaluate(() => document.activeElement?.closest('.prose, .running-head ~ *') !== null)
    for (await page.keyboard.press('Tab'); !(await isInText()) && stops < 30; stops++) await page.keyboard.press('Tab')
    const authors = await page.locator('.byline [rel=author]').count()
    const contents = await page.locator('.toc').count()
    expect(stops, address).toBe(7 + contents + site.navigation.length + authors)
  }
})

test('text, header and footer have one left edge, and header, margin and footer one right edge', async ({ page }) => {
  const edges = (selector: string) =>
    page
      .locator(selector)
      .first()
      .evaluate((one) => {
        const { left, right } = one.getBoundingClientRect()
        return { left, right }
      })
  for (const width of [390, 820, 1024, 1440]) {
    await page.setViewportSize({ width, height: 900 })
    await page.goto(kinds.post)
    const [header, footer, text, head] = await Promise.all(
      ['.masthead', 'footer.site', '.prose', '.running-head'].map(edges),
    )
    expect([header?.left, footer?.left], `${width}`).toEqual([text?.left, text?.left])
    expect([header?.right, head?.right], `${width}`).toEqual([footer?.right, footer?.right])
  }
  await page.setViewportSize({ width: 1280, height: 900 })
  const [note, footer] = [await edges('.side-note'), await edges('footer.site')]
  expect(Math.abs(note.right - footer.right)).toBeLessThan(1)
})
