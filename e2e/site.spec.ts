import { expect, test } from '@playwright/test'

/** The site as it is, with its own words: `npm run build` made it, and it is served beside the fixture. */
const site = `http://localhost:${Number(process.env.TEST_PORT ?? 4300) + 1}`

test('every address that the site links to answers, from the front page on', async ({ request }) => {
  test.slow()
  const seen = new Set<string>(['/'])
  const broken: string[] = []
  for (const address of seen) {
    const answer = await request.get(site + address)
    if (answer.status() !== 200) broken.push(`${address}: ${answer.status()}`)
    if (!answer.headers()['content-type']?.includes('text/html')) continue
    const html = (await answer.text()).replace(/<script[\s\S]*?<\/script>/g, '')
    for (const [, found] of html.matchAll(/\s(?:href|src)="([^"#]+)/g)) {
      const target = new URL((found ?? '').replaceAll('&amp;', '&'), site + address)
      if (target.origin === site) seen.add(target.pathname)
      if (seen.size > 3000) throw new Error('More than 3,000 addresses: raise the bound.')
    }
    for (const [, id] of html.matchAll(/\shref="#([^"]+)"/g)) {
      const target = decodeURIComponent(id ?? '')
      if (!html.includes(`id="${target.replaceAll('&', '&amp;')}"`)) broken.push(`${address}#${target}`)
    }
  }
  expect(broken).toEqual([])
  expect(seen.size).toBeGreaterThan(5)
})

test('the front page works at every width without an error in the console', async ({ page }) => {
  const said: string[] = []
  page.on('console', (message) => {
    if (message.type() === 'error') said.push(message.text())
  })
  page.on('pageerror', (error) => said.push(error.message))
  for (const width of [390, 820, 1440]) {
    await page.setViewportSize({ width, height: 900 })
    await page.goto(site)
    await expect(page.getByRole('heading', { level: 1 })).toBeVisible()
    expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(width)
  }
  expect(said).toEqual([])
})
