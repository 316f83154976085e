import { expect, test } from '@playwright/test'
import { kinds } from './pages'
import { site } from './site.config'

test('a reader goes from the front page to a post, and from there to its tag, its author and the next post', async ({
  page,
}) => {
  await page.goto('/')
  await page.getByRole('navigation', { name: 'Main' }).getByRole('link', { name: 'Blog' }).click()
  await page.getByRole('link', { name: 'The kitchen sink' }).click()
  await expect(page).toHaveTitle(`The kitchen sink · ${site.title}`)
  await expect(page.getByRole('heading', { level: 1 })).toHaveText('The kitchen sink')
  await page.getByRole('list', { name: 'Tags' }).getByRole('link', { name: 'c++' }).click()
  await expect(page).toHaveURL('/tags/c%2B%2B')
  await page.getByRole('link', { name: 'The kitchen sink' }).click()
  await page.getByRole('article').getByRole('link', { name: 'Ada Marsh' }).click()
  await expect(page.getByText('Printer, The Small Press')).toBeVisible()
  await page.goBack()
  await page
    .getByRole('navigation', { name: 'Newer and older posts' })
    .getByRole('link', { name: 'Pictures beside the post' })
    .click()
  await expect(page.getByRole('heading', { level: 1 })).toHaveText('Pictures beside the post')
})

test('a post says where it stands, who wrote it, when, and when it changed', async ({ page }) => {
  await page.goto(kinds.post)
  const steps = page.getByRole('navigation', { name: 'Breadcrumb' }).getByRole('listitem')
  await expect(steps).toHaveText(['Blog', '›Backend'])
  await expect(page.getByRole('article').getByRole('link', { name: 'René Ōno' })).toHaveAttribute(
    'href',
    '/authors/ren%C3%A9',
  )
  // 01:30 on the night clocks go forward in Lisbon is 02:30 there.
  await expect(page.locator('time').first()).toHaveAttribute('datetime', '2026-03-29T02:30:00+01:00')
  await expect(page.getByText('Updated 2 April 2026')).toBeVisible()
  await expect(page.getByText('1 min read')).toBeVisible()
})

test('a post links to its source and to a new issue about it', async ({ page }) => {
  await page.goto(kinds.post)
  const { url, branch } = site.repository
  await expect(page.getByRole('link', { name: 'View source' })).toHaveAttribute(
    'href',
    `${url}/blob/${branch}/content/posts/backend/kitchen-sink.md`,
  )
  const report = await page.getByRole('link', { name: 'Report a problem' }).getAttribute('href')
  expect(new URL(report ?? '').searchParams.get('title')).toBe('Problem with “The kitchen sink”')
})

test('a series shows its parts in each of them, in order', async ({ page }) => {
  await page.goto('/blog/frontend/pictures')
  const series = page.getByRole('navigation', { name: 'Series: Three Parts' })
  await expect(page.getByText('Part 2 of 3 of Three Parts')).toBeVisible()
  await expect(series.getByRole('listitem')).toHaveText(['Part one', 'Pictures beside the post', 'Part three'])
  await series.getByRole('link', { name: 'Part three' }).click()
  await expect(page.getByText('Part 3 of 3')).toBeVisible()
  await page.getByRole('link', { name: 'Three Parts', exact: true }).click()
  await expect(page).toHaveURL('/series/three-parts')
  await expect(page.getByRole('main').getByRole('heading', { level: 2 })).toHaveText([
    'Part one',
    'Pictures beside the post',
    'Part three',
  ])
})

test('related posts are those that share tags and category, never the post itself or the one before and after', async ({
  page,
}) => {
  await page.goto('/blog/frontend/part-one')
  const related = page.getByRole('region', { name: 'Read on' }).getByRole('link')
  await expect(related.first()).toHaveText('The kitchen sink')
  expect(await related.count()).toBeLessThanOrEqual(3)
  await expect(related.filter({ hasText: 'Part one' })).toHaveCount(0)
  const beside = await page
    .getByRole('navigation', { name: 'Newer and older posts' })
    .getByRole('link')
    .allTextContents()
  expect(beside).toContain('Pictures beside the post')
  for (const title of beside) await expect(related.filter({ hasText: title })).toHaveCount(0)
})

test('markdown comes out as it should', async ({ page }) => {
  await page.setViewportSize({ width: 1000, height: 800 })
  await page.goto(kinds.post)
  const prose = page.locator('.prose')
  await expect(prose.locator('p').first()).toHaveText(
    'The first paragraph is “quoted” – and it’s short… "code" -- stays.',
  )
  await expect(prose.getByRole('note', { name: 'Warning' })).toContainText('Mind the gap.')
  await expect(prose.locator('figcaption').first()).toHaveText('lib/clock.ts')
  await expect(prose.locator('.marked')).toHaveText('  return new Date() // the clock')
  await expect(prose.locator('.k').first()).toHaveText('export function')
  await expect(prose.locator('th').first()).toHaveAttribute('scope', 'col')
  await expect(prose.getByRole('checkbox')).toHaveCount(2)
  await expect(prose.getByRole('link', { name: 'https://example.com/auto' })).toHaveAttribute(
    'rel',
    'noopener noreferrer external',
  )
  await prose.locator('[data-footnote-ref]:visible').first().click()
  await expect(prose.locator('.note-card')).toContainText('The note.')
})

test('headings have stable, unique anchors in any script, and the contents lead to them', async ({ page }) => {
  await page.setViewportSize({ width: 1440, height: 900 })
  await page.goto(kinds.post)
  const contents = page.locator('.toc')
  await contents.getByText('Contents').click()
  await expect(contents.getByRole('link')).toHaveText([
    'A heading with code',
    '見出し',
    'A third level',
    'A heading with code',
  ])
  await contents.getByRole('link', { name: '見出し' }).click()
  await expect(page.getByRole('heading', { name: '見出し' })).toBeInViewport()
  await expect(page.locator('[id="a-heading-with-code-1"]')).toHaveCount(1)
})

test('what could run in a post does not', async ({ page }) => {
  await page.goto(kinds.post)
  expect(await page.evaluate(() => (window as { executed?: boolean }).executed)).toBeUndefined()
  const html = await page.locator('.prose').innerHTML()
  expect(html).not.toContain('javascript:')
  expect(html).not.toContain('<script')
})

test('mdx is rendered at build time', async ({ page }) => {
  await page.goto(kinds['mdx post'])
  await expect(page.locator('.prose p').first()).toHaveText('Sum: 3')
  await expect(page.locator('.prose b')).toHaveText(['a', 'b'])
})

test('a picture beside a post keeps its size, its caption and its cache', async ({ page, request }) => {
  await page.goto(kinds['post with pictures'])
  const picture = page.getByRole('img', { name: 'A red dot' })
  await expect(picture).toHaveAttribute('width', '320')
  await expect(picture).toHaveAttribute('height', '180')
  await expect(page.getByRole('figure').filter({ has: picture })).toContainText('The dot')
  const answer = await request.get((await picture.getAttribute('src')) ?? '')
  expect(answer.headers()).toMatchObject({
    'content-type': 'image/png',
    'cache-control': 'public, max-age=600, s-maxage=60, must-revalidate',
  })
})

test('a post in another language says so', async ({ page }) => {
  await page.goto(kinds['post in Japanese'])
  await expect(page.getByRole('article')).toHaveAttribute('lang', 'ja')
  await expect(page.locator('html')).toHaveAttribute('lang', site.language)
})
