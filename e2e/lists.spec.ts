import { readFileSync } from 'node:fs'

import { type APIRequestContext, expect, test } from '@playwright/test'
import { toString as textOf } from 'hast-util-to-string'
import { elementsIn } from './pages'

import { site } from './site.config'

const listed = 48

/**
 * @returns parts of a page: its status, its first headings, the text of its links to other pages, and a function that
 * finds a link by its words.
 */
async function read(request: APIRequestContext, address: string) {
  const answer = await request.get(address)
  const elements = elementsIn(await answer.text())
  const pages = elements.find(({ tagName, properties }) => tagName === 'nav' && properties.ariaLabel === 'Pages')
  const first = (name: string) => {
    const found = elements.find(({ tagName }) => tagName === name)
    return found && textOf(found)
  }
  return {
    status: answer.status(),
    heading: first('h1'),
    below: first('h2'),
    pages: pages && textOf(pages),
    link: (words: string) =>
      elements.find((element) => element.tagName === 'a' && textOf(element).trim() === words)?.properties.href,
    count: (name: string, words: string) =>
      elements.filter((element) => element.tagName === name && textOf(element).includes(words)).length,
  }
}

test('the list is cut into pages, and the edges are links or nothing', async ({ request }) => {
  const last = Math.ceil(listed / site.postsPerPage)
  const first = await read(request, '/blog')
  expect(first.pages).toContain(`Page 1 of ${last}`)
  expect([first.link('Newer posts'), first.link('Older posts')]).toEqual([undefined, '/blog/page/2'])
  expect((await read(request, '/blog/page/2')).link('Newer posts')).toBe('/blog')
  expect((await read(request, `/blog/page/${last}`)).link('Older posts')).toBeUndefined()
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

test('a category, a tag and an author have pages of their own', async ({ request }) => {
  for (const base of ['/blog/backend', '/tags/notes', '/authors/default']) {
    const second = await read(request, `${base}/page/2`)
    expect(second.pages).toContain('Page 2 of')
    expect(second.link('Newer posts')).toBe(base)
  }
})

test('tags of any script and punctuation work as links, lists and pages', async ({ request }) => {
  const tags = await read(request, '/tags')
  for (const tag of ['日本語', 'c++', 'C&C', '100%', 'CSS', 'Self Hosting', 'Notes']) {
    const page = await read(request, String(tags.link(tag)))
    expect([page.status, page.heading, page.below]).toEqual([200, tag, expect.stringMatching(/./)])
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

test('slugs with signs and in any script are addresses', async ({ request }) => {
  for (const [address, title] of [
    ['/blog/100%25%20%26%20more', 'One hundred per cent'],
    ['/blog/frontend/%E6%97%A5%E6%9C%AC%E8%AA%9E', '日本語の題'],
    ['/authors/ren%C3%A9', 'René Ōno'],
    ['/legal/imprint', 'Imprint'],
  ]) {
    const { status, heading } = await read(request, address ?? '')
    expect([status, heading]).toEqual([200, title])
  }
})

for (const alias of ['/2019/05/sink.html', '/blog/old-sink', '/blog/%C3%A9t%C3%A9']) {
  test(`the alias ${alias} is a permanent redirect`, async ({ request }) => {
    const answer = await request.get(alias, { maxRedirects: 0 })
    expect([answer.status(), answer.headers().location]).toEqual([308, '/blog/backend/kitchen-sink'])
  })
}

test('the archive has every year, and each year its posts', async ({ request }) => {
  const archive = await read(request, '/archive')
  expect(archive.heading).toBe('Archive')
  expect(archive.count('li', 'Note')).toBe(40)
  const year = await read(request, String(archive.link('2025')))
  expect([year.heading, year.count('li', 'Note')]).toEqual(['2025', 40])
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
  // The route of markdown has an address of its own, which nobody needs to know.
  expect(redirects.filter((one) => !one.internal)).toEqual([expect.objectContaining({ source: '/markdown/:path(.+)' })])
})
