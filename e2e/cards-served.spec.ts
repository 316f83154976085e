import { readFileSync } from 'node:fs'
import { expect, test } from '@playwright/test'
import { cardAddress } from '../lib/site/address'
import { fixture } from './every-address'

const { routes } = JSON.parse(readFileSync('.next-e2e/prerender-manifest.json', 'utf8')) as { routes: object }
const stored = Object.keys(routes)
const withCard = /^\/(?:(?:blog|tags|authors|series)\/(?!page\/).*(?<!\/feed\.xml))?$/
const pages = stored.filter((address) => withCard.test(address) && !/\/page\/\d+$/.test(address))

test('the build has a card for each public page, but for covers and letters that no font has, and no other card', () => {
  const cards = stored.filter((address) => address.startsWith('/og/'))
  expect(cards.length).toBeGreaterThan(40)
  const encoded = (address: string) => address.split('/').map(encodeURIComponent).join('/')
  const known = new Set(pages.flatMap((page) => [cardAddress(page), cardAddress(encoded(page))]))
  expect(cards.filter((card) => !known.has(card))).toEqual([])
  const covered = new Set(fixture.posts.flatMap(({ cover, slug }) => (cover ? [`/blog/${slug}`] : [])))
  const without = pages.filter(
    (page) => !cards.some((card) => [cardAddress(page), cardAddress(encoded(page))].includes(card)),
  )
  for (const page of without.filter((page) => !covered.has(page))) expect(page).toMatch(/[^\p{Script=Latin}\P{L}]/u)
})

test('a card is answered as a picture that caches keep for minutes', async ({ request }) => {
  for (const page of [
    '/',
    '/blog/backend/kitchen-sink',
    '/tags/css',
    '/series/three-parts',
    '/authors/default',
    '/blog/frontend',
    '/blog/unlisted',
  ]) {
    const answer = await request.get(cardAddress(page))
    expect([answer.status(), answer.headers()['content-type']], page).toEqual([200, 'image/png'])
    expect(answer.headers()['cache-control'], page).toBe('public, max-age=600, s-maxage=60, must-revalidate')
    const bytes = await answer.body()
    expect([bytes.readUInt32BE(16), bytes.readUInt32BE(20)], page).toEqual([1200, 630])
  }
})

test('the card of a draft, a scheduled or an expired post is not there, as that of an invented one', async ({
  request,
}) => {
  const invented = await request.get('/og/blog/nope.png')
  expect(invented.status()).toBe(404)
  for (const slug of ['backend/draft', 'scheduled', 'expired']) {
    const answer = await request.get(`/og/blog/${slug}.png`)
    expect([answer.status(), await answer.text()]).toEqual([404, await invented.text()])
  }
})
