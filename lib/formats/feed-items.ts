import 'server-only'
import { statSync } from 'node:fs'
import { site } from '@/site.config'
import { getAuthorsOf, getMediaFile, getPost, getPosts, getTagsOf, type PostSummary } from '../posts/published'
import { typeOf } from '../server/file-types'
import { authorAddress, blogFeeds, feedAddress, postAddress, readMedia } from '../site/address'
import { sections } from '../site/sections.mjs'
import { textAnswer } from './answer'
import { momentOf, momentsOf } from './feed-dates'
import { feedText } from './feed-text'
import { atom, type Enclosure, type Feed, type Item, jsonFeed, rss } from './feeds'

/** A list of posts that has a feed. Without a name it is the whole blog. `page` is the address of its page. */
export type List = { name: string; description: string; page: string; posts: PostSummary[] }

const FORMS = {
  rss: { type: 'application/rss+xml', write: rss, addressOf: feedAddress },
  atom: { type: 'application/atom+xml', write: atom, addressOf: () => blogFeeds.atom },
  json: { type: 'application/feed+json', write: jsonFeed, addressOf: () => blogFeeds.json },
}

/** The feed of a list of published posts, as an answer. */
export async function feedAnswer(list: List, form: keyof typeof FORMS = 'rss'): Promise<Response> {
  const { type, write, addressOf } = FORMS[form]
  return textAnswer(write(await feedOf(list, addressOf(list.page))), type)
}

/** The posts of a list that its feed may have, newest first. */
export function inFeed(posts: PostSummary[]): PostSummary[] {
  const places = placesNow().places
  return posts.filter(({ feed }) => feed).sort((a, b) => (places.get(a) ?? 0) - (places.get(b) ?? 0))
}

async function feedOf({ name, description, page, posts }: List, address: string): Promise<Feed> {
  return {
    title: name ? `${site.title}: ${name}` : site.title,
    description,
    language: site.language,
    address: site.address + address,
    page: new URL(page, site.address).href,
    site: site.address,
    owner: site.title,
    hub: site.feeds.hub,
    items: await Promise.all(inFeed(posts).slice(0, site.feeds.limit).map(itemOf)),
  }
}

let known: { posts: PostSummary[]; places: Map<PostSummary, number>; moments: Map<string, Date> } | undefined

/** The place and the moment of every published post, counted again when the content has been compiled. */
function placesNow() {
  const posts = getPosts()
  if (known?.posts !== posts)
    known = { posts, places: new Map(posts.map((post, at) => [post, at])), moments: momentsOf(posts) }
  return known
}

/** A post is in many feeds, and is made once. The open door makes new summaries when the content has been compiled. */
const made = new WeakMap<PostSummary, Promise<Item>>()

function itemOf(post: PostSummary): Promise<Item> {
  const before = made.get(post)
  if (before) return before
  const item = makeItem(post)
  made.set(post, item)
  return item
}

async function makeItem(post: PostSummary): Promise<Item> {
  const id = site.address + postAddress(post.slug)
  const cover = post.cover && new URL(post.cover.src, id).href
  const whole = site.feeds.content === 'full' ? await getPost(post.slug) : undefined
  const text = whole && feedText(whole.html, id)
  const published = placesNow().moments.get(post.slug) ?? momentOf(post.date)
  const changed = post.lastmod ? momentOf(post.lastmod) : published
  const files = new Set([...(cover ? [cover] : []), ...(text?.files ?? [])])
  return {
    id,
    link: post.canonicalUrl ? new URL(post.canonicalUrl).href : id,
    title: post.title,
    summary: post.excerpt,
    html: text?.html,
    language: post.lang === site.language ? undefined : post.lang,
    published,
    updated: new Date(Math.max(changed.getTime(), published.getTime())),
    authors: getAuthorsOf(post).map(({ slug, name }) => ({ name, address: site.address + authorAddress(slug) })),
    // An author may write a tag twice, in two spellings.
    tags: [...new Map(getTagsOf(post).map(({ label, href }) => [href, label])).values()],
    cover,
    enclosures: [...files].flatMap(enclosureAt),
  }
}

/** A file of ours; nothing for one of another site, whose length only that site knows. */
function enclosureAt(address: string): Enclosure[] {
  const { origin, pathname } = new URL(address)
  const { section, hash, name } = readMedia(pathname)
  const isOurs = origin === new URL(site.address).origin
  const kind = section === sections.media ? 'media' : section === sections.video ? 'video' : undefined
  const file = isOurs && kind ? getMediaFile(kind, hash, name) : undefined
  const stat = file && statSync(/*turbopackIgnore: true*/ file, { throwIfNoEntry: false })
  return stat ? [{ address, type: typeOf(name) ?? 'application/octet-stream', length: stat.size }] : []
}
