import { readFileSync } from 'node:fs'
import { expect, test } from '@playwright/test'
import { site } from './site.config'

const listed = 48

test('the list is cut into pages, and the edges are links or nothing', async ({ page }) => {
  const last = Math.ceil(listed / site.postsPerPage)
  await page.goto('/blog')
  const pages = page.getByRole('navigation', { name: 'Pages' })
  await expect(pages).toContainText(`Page 1 of ${last}`)
  await expect(pages.getByRole('link', { name: 'Newer posts' })).toHaveCount(0)
  await pages.getByRole('link', { name: 'Older posts' }).click()
  await expect(page).toHaveURL('/blog/page/2')
  await pages.getByRole('link', { name: 'Newer posts' }).click()
  await expect(page).toHaveURL('/blog')
  await page.goto(`/blog/page/${last}`)
  await expect(pages.getByRole('link', { name: 'Older posts' })).toHaveCount(0)
})

test('every published post is in the list once, newest first', async ({ request }) => {
  const seen: string[] = []
  const dates: string[] = []
  for (let number = 1; number <= Math.ceil(listed / site.postsPerPage); number++) {
    const html = await (await request.get(number === 1 ? '/blog' : `/blog/page/${number}`)).text()
    const main = /<main[\s\S]*<\/main>/.exec(html)?.[0] ?? ''
    seen.push(...[...main.matchAll(/<h2[^>]*><a href="([^"]+)"/g)].map((match) => match[1] ?? ''))
    dates.push(...[...main.matchAll(/dateTime="([^"]+)"/gi)].map((match) => match[1] ?? ''))
  }
  expect(seen).toHaveLength(listed)
  expect(new Set(seen).size).toBe(listed)
  expect(dates).toEqual([...dates].sort().reverse())
})

for (const address of [
  '/blog/page/0',
  '/blog/page/02',
  '/blog/page/99',
  '/blog/page/-1',
  '/blog/page/two',
  '/tags/notes/page/99',
  '/blog/backend/page/99',
  '/archive/1999',
]) {
  test(`${address} does not exist`, async ({ request }) => {
    expect((await request.get(address)).status()).toBe(404)
  })
}

for (const [address, target] of [
  ['/blog/page/1', '/blog'],
  ['/tags/notes/page/1', '/tags/notes'],
  ['/blog/backend/page/1', '/blog/backend'],
  ['/authors/default/page/1', '/authors/default'],
  ['/blog/', '/blog'],
]) {
  test(`${address} leads to ${target}`, async ({ request }) => {
    const answer = await request.get(address ?? '', { maxRedirects: 0 })
    expect(answer.status()).toBe(308)
    expect(answer.headers().location).toBe(target)
  })
}

test('a category, a tag and an author have pages of their own', async ({ page }) => {
  for (const base of ['/blog/backend', '/tags/notes', '/authors/default']) {
    await page.goto(`${base}/page/2`)
    await expect(page.getByRole('navigation', { name: 'Pages' })).toContainText('Page 2 of')
    await page.getByRole('link', { name: 'Newer posts' }).click()
    await expect(page).toHaveURL(base)
  }
})

test('tags of any script and punctuation work as links, lists and pages', async ({ page }) => {
  await page.goto('/tags')
  for (const tag of ['日本語', 'c++', 'C&C', '100%', 'CSS', 'Self Hosting', 'Notes']) {
    await page.getByRole('main').getByRole('link', { name: tag, exact: true }).click()
    await expect(page.getByRole('heading', { level: 1 })).toHaveText(tag)
    await expect(page.getByRole('heading', { level: 2 }).first()).toBeVisible()
    await page.goBack()
  }
})

for (const [spelled, key] of [
  ['CSS', 'css'],
  ['Self%20Hosting', 'self-hosting'],
  ['self_hosting', 'self-hosting'],
  ['C%26C', 'c%26c'],
]) {
  test(`the tag ${spelled} is the tag ${key}`, async ({ request }) => {
    const answer = await request.get(`/tags/${spelled}`, { maxRedirects: 0 })
    expect([answer.status(), answer.headers().location]).toEqual([308, `/tags/${key}`])
  })
}

test('slugs with signs and in any script are addresses', async ({ page }) => {
  for (const [address, title] of [
    ['/blog/100%25%20%26%20more', 'One hundred per cent'],
    ['/blog/frontend/%E6%97%A5%E6%9C%AC%E8%AA%9E', '日本語の題'],
    ['/authors/ren%C3%A9', 'René Ōno'],
    ['/legal/imprint', 'Imprint'],
  ]) {
    expect((await page.goto(address ?? ''))?.status()).toBe(200)
    await expect(page.getByRole('heading', { level: 1 })).toHaveText(title ?? '')
  }
})

for (const alias of ['/2019/05/sink.html', '/blog/old-sink', '/blog/%C3%A9t%C3%A9']) {
  test(`the alias ${alias} is a permanent redirect`, async ({ request }) => {
    const answer = await request.get(alias, { maxRedirects: 0 })
    expect([answer.status(), answer.headers().location]).toEqual([308, '/blog/backend/kitchen-sink'])
  })
}

test('the archive has every year, and each year its posts', async ({ page }) => {
  await page.goto('/archive')
  await expect(page.getByRole('heading', { level: 1 })).toHaveText('2026')
  await page.getByRole('navigation', { name: 'Years' }).getByRole('link', { name: '2025' }).click()
  await expect(page.getByRole('heading', { level: 1 })).toHaveText('2025')
  await expect(page.getByRole('main').getByRole('listitem').filter({ hasText: 'Note' })).toHaveCount(40)
})

test('two thousand aliases are one lookup', async ({ request }) => {
  for (const number of [1, 999, 2000]) {
    const answer = await request.get(`/old/${number}`, { maxRedirects: 0 })
    expect([answer.status(), answer.headers().location]).toEqual([308, '/blog/backend/note-40'])
  }
  expect((await request.get('/old/2001')).status()).toBe(404)
  const { redirects } = JSON.parse(readFileSync('.next-e2e/routes-manifest.json', 'utf8')) as {
    redirects: { internal?: boolean }[]
  }
  expect(redirects.filter((one) => !one.internal)).toEqual([])
})
