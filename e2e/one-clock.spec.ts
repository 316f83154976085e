import { copyFileSync, rmSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { pathToFileURL } from 'node:url'
import { expect, test } from '@playwright/test'
import type { PostEntry } from '../lib/store/manifest'
import { bundleRooms, newRoomsFolder } from './rooms'

const hour = 3600 * 1000
const at = (offset: number) => new Date(Date.now() + offset).toISOString()

const post = (slug: string, fields: object): Partial<PostEntry> => ({
  slug,
  file: `posts/${slug}.md`,
  title: slug,
  draft: false,
  unlisted: false,
  tags: [`tag-${slug}`],
  authors: [],
  aliases: [`/old/${slug}`],
  pictures: [
    { file: `${slug}.png`, src: `/media/hash/${slug}.png` },
    { file: `${slug}.mp4`, src: `/video/hash/${slug}.mp4` },
  ],
  ...fields,
})

type Door = typeof import('../lib/posts/published') &
  typeof import('../lib/posts/hidden-names') &
  typeof import('../lib/posts/cards')

// These tests share one bundle of lib/posts, so they run in one process.
test.describe.configure({ mode: 'default' })

const folder = newRoomsFolder()
test.afterAll(() => rmSync(folder, { recursive: true, force: true }))
let built: Promise<string> | undefined
let opened = 0

/** Loads lib/posts with a store of these posts that was compiled at this time, whatever the real time is. */
async function openDoor(posts: Partial<PostEntry>[], compiledAt: string, cards = {}): Promise<Door> {
  built ??= bundleRooms(folder, ['posts/published', 'posts/hidden-names', 'posts/cards'])
  const file = await built
  const manifest = { compiledAt, nextChange: null, assets: {}, cards, posts, authors: [], pages: [] }
  writeFileSync(path.join(folder, 'manifest.json'), JSON.stringify(manifest))
  const before = process.env.STORE_DIR
  try {
    process.env.STORE_DIR = folder
    // A module reads STORE_DIR only once, so each store gets a copy of the module.
    const fresh = path.join(path.dirname(file), `door-${++opened}.mjs`)
    copyFileSync(file, fresh)
    const door: Door = await import(pathToFileURL(fresh).href)
    // The module reads the manifest here, before the next test writes another.
    door.getPosts()
    door.getCards()
    return door
  } finally {
    if (before === undefined) delete process.env.STORE_DIR
    else process.env.STORE_DIR = before
  }
}

test('a post whose date has come since the last build is nowhere: no alias, tag, picture, film or page', async () => {
  const door = await openDoor([post('later', { date: at(-hour) }), post('out', { date: at(-3 * hour) })], at(-2 * hour))
  expect(door.getRedirect('/old/out')).toBe('/blog/out')
  expect(door.getRedirect('/old/later')).toBeUndefined()
  expect(door.getSlugs()).toEqual(['out'])
  expect(door.getPosts().map(({ slug }) => slug)).toEqual(['out'])
  expect(door.getTags().map(({ key }) => key)).toEqual(['tag-out'])
  expect(door.getMedia().map(({ name }) => name)).toEqual(['out.png'])
  expect(door.getMediaFile('media', 'hash', 'later.png')).toBeUndefined()
  expect(door.getMediaFile('video', 'hash', 'later.mp4')).toBeUndefined()
  expect(door.isPublic('later')).toBe(false)
  // The log must still not have the name of this post.
  expect(door.namesHidden('/old/later')).toBe(true)
})

test('a post that has expired since the last build stays as its page does, alias and picture too', async () => {
  const door = await openDoor([post('leaving', { date: at(-3 * hour), expires: at(-hour) })], at(-2 * hour))
  expect(door.getSlugs()).toEqual(['leaving'])
  expect(door.getRedirect('/old/leaving')).toBe('/blog/leaving')
  expect(door.getMediaFile('video', 'hash', 'leaving.mp4')).toBeDefined()
})

test('the log has the addresses of the feed and the card of a public page, whose name has that of a draft in it', async () => {
  const door = await openDoor(
    [
      post('kittens', { date: at(-hour), draft: true }),
      post('kittens-grown', { date: at(-hour), tags: ['old-kittens'] }),
    ],
    at(0),
    { '/blog/kittens-grown': { file: 'a.png', alt: '' } },
  )
  for (const address of ['/blog/kittens-grown.md', '/tags/old-kittens/feed.xml', '/og/blog/kittens-grown.png'])
    expect(door.namesHidden(address), address).toBe(false)
  for (const address of ['/blog/kittens', '/blog/kittens.md', '/og/blog/kittens.png', '/tags/kittens/feed.xml'])
    expect(door.namesHidden(address), address).toBe(true)
})

test('a store without a readable moment of compilation publishes nothing', async () => {
  const door = await openDoor([post('out', { date: at(-hour) })], 'soon')
  expect(door.getSlugs()).toEqual([])
})

test('a card is given for a public page alone, even when the store has one of a draft', async () => {
  const hidden = ['draft', 'later', 'gone']
  const pages = ['/', ...['out', ...hidden].flatMap((slug) => [`/blog/${slug}`, `/tags/tag-${slug}`])]
  const door = await openDoor(
    [
      post('out', { date: at(-3 * hour) }),
      post('covered', { date: at(-3 * hour) }),
      post('draft', { date: at(-3 * hour), draft: true }),
      post('later', { date: at(-hour) }),
      post('gone', { date: at(-4 * hour), expires: at(-3 * hour) }),
    ],
    at(-2 * hour),
    Object.fromEntries(pages.map((page, at) => [page, { file: `${at}.png`, alt: page }])),
  )
  expect(door.getCards()).toEqual([['index.png'], ['blog', 'out.png'], ['tags', 'tag-out.png']])
  expect(door.getCard(['blog', 'out.png'])).toBe(path.join(folder, 'cards/1.png'))
  for (const slug of [...hidden, 'covered', 'invented']) expect(door.getCard(['blog', `${slug}.png`])).toBeUndefined()
  expect(door.cardOf('/blog/out')).toEqual({ src: '/og/blog/out.png', width: 1200, height: 630, alt: '/blog/out' })
  expect(door.cardOf('/tags/tag-out/page/2')?.src).toBe('/og/tags/tag-out.png')
  for (const page of ['/blog/draft', '/blog/covered', '/archive']) expect(door.cardOf(page)?.src).toBe('/og/index.png')
})
