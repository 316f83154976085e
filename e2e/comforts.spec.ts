import { expect, test } from '@playwright/test'
import { complaintsOn, violations } from './in-browser'
import { elementsIn, kinds } from './pages'
import { ask } from './server'
import { site } from './site.config'

const own = `${site.address}${kinds.post}`

test('the end of a post opens the sheet of the browser, and without one copies the canonical address and says so', async ({
  page,
}) => {
  const complaints = await complaintsOn(page)
  await page.addInitScript(() => {
    const told = (name: string) => async (value: unknown) => {
      document.documentElement.dataset[name] = JSON.stringify(value)
    }
    const has = new URLSearchParams(location.search).has('sheet')
    Object.defineProperty(navigator, 'share', { value: has ? told('shared') : undefined, configurable: true })
    Object.defineProperty(navigator, 'clipboard', { value: { writeText: told('copied') }, configurable: true })
  })
  await page.goto(kinds.post)
  const button = page.getByRole('button', { name: 'Share' })
  await button.click()
  await expect(page.getByRole('status')).toHaveText('Copied')
  await expect(page.locator('html')).toHaveAttribute('data-copied', JSON.stringify(own))
  await expect(button).toHaveText('Share')

  await page.goto(`${kinds.post}?sheet`)
  await button.click()
  await expect(page.locator('html')).toHaveAttribute('data-shared', /press\.example/)
  await expect(page.locator('html')).not.toHaveAttribute('data-copied')
  expect(complaints).toEqual([])
})

test('without scripts there is no button to share, and a page that is not there is as good', async ({ browser }) => {
  const context = await browser.newContext({ javaScriptEnabled: false })
  const page = await context.newPage()
  await page.goto(String(test.info().project.use.baseURL) + kinds.post)
  await expect(page.locator('[data-share]')).toBeHidden()
  await page.goto(`${test.info().project.use.baseURL}/no/such/page`)
  await expect(page.getByRole('link', { name: 'Archive' }).last()).toBeVisible()
  await expect(page.getByRole('searchbox')).toBeVisible()
  await context.close()
})

test('a page that is not there offers the nearest addresses and the search, or nothing', async ({ page }) => {
  const complaints = await complaintsOn(page)
  await page.goto(`${kinds.post.replace('kitchen', 'kichen')}.html`)
  const near = page.locator('[data-nearest]')
  await expect(near.getByRole('link')).toHaveAttribute('href', kinds.post)
  expect(await violations(page)).toEqual([])
  await near.getByRole('link').click()
  await expect(page).toHaveURL(kinds.post)

  const asked = page.waitForResponse(/\/api\/nearest/)
  await page.goto('/qqqqqqqq')
  expect(await (await asked).json()).toEqual([])
  await expect(near).toBeEmpty()
  await expect(page.getByRole('searchbox')).toBeVisible()
  expect(complaints).toEqual([])
})

test('the nearest addresses are asked for with any address, and are public ones', async ({ baseURL }) => {
  const nearest = async (query: string) => {
    const { status, headers, body } = await ask(String(baseURL), `/api/nearest${query}`)
    expect([status, headers['cache-control']], query).toEqual([200, 'no-store'])
    return JSON.parse(body)
  }
  expect(await nearest('?address=/kitchen-sink')).toEqual([expect.objectContaining({ href: kinds.post })])
  for (const query of ['', '?address=', '?address=%25%', '?address=%00', `?address=/${'a'.repeat(5000)}`])
    expect(await nearest(query), query).toEqual([])
})

test('a site without services has nothing of them in its pages and policies', async ({ baseURL }) => {
  for (const address of [...Object.values(kinds), '/no/such/page']) {
    const { body, headers } = await ask(String(baseURL), address)
    const elements = elementsIn(body)
    expect(
      elements.filter(({ tagName }) => tagName === 'post-comments'),
      address,
    ).toEqual([])
    expect(
      elements.filter(({ properties }) => properties.method === 'post'),
      address,
    ).toEqual([])
    expect(`${body} ${headers['content-security-policy']}`, address).not.toMatch(
      /giscus|plausible|umami|goatcounter|buttondown|listmonk|mailchimp/i,
    )
  }
})

test('links to the owner elsewhere say once that they are the same person, in the foot of every page and on the page of an author', async ({
  baseURL,
}) => {
  for (const address of Object.values(kinds)) {
    const { body } = await ask(String(baseURL), address)
    const mine = elementsIn(body).flatMap(({ properties: { rel, href } }) =>
      [rel].flat().includes('me') ? [String(href)] : [],
    )
    expect(mine, address).toEqual([...new Set(mine)])
    expect(mine, address).toEqual(expect.arrayContaining(site.social.map(({ href }) => href)))
    if (address === kinds.author) expect(mine.length).toBeGreaterThan(site.social.length)
  }
})
