/** Where things are on the site. Addresses are paths from the root, percent-encoded by the segment (RFC 3986 §2.1). */
import { site } from '@/site.config'
import { sections } from './sections.mjs'

/** `a/100% & more` is `a/100%25%20%26%20more`: each part between slashes is encoded. */
export const encodePath = (path: string) => path.split('/').map(encodeURIComponent).join('/')

/** `backend/c++` is `/blog/backend/c%2B%2B`. */
export const postAddress = (slug: string) => `${sections.blog}/${encodePath(slug)}`
export const categoryAddress = postAddress
/** The preview of a post that is not published, for editors. */
export const draftAddress = (slug: string) => `${sections.drafts}/${encodePath(slug)}`
export const tagAddress = (tag: string) => `${sections.tags}/${encodeURIComponent(tagKey(tag))}`
export const authorAddress = (name: string) => `${sections.authors}/${encodeURIComponent(name)}`
export const seriesAddress = (name: string) => `${sections.series}/${encodeURIComponent(tagKey(name))}`
export const yearAddress = (year: string) => `${sections.archive}/${year}`
/** Page 1 is the list itself. */
export const listAddress = (base: string, page: number) => (page === 1 ? base : `${base}/page/${page}`)

/** The RSS feed of a list: `/tags/css` has `/tags/css/feed.xml`, and the whole blog, at `/`, has `/feed.xml`. */
export const feedAddress = (list: string) => `${list === '/' ? '' : list}/feed.xml`
/** The feeds of the whole blog, by their form. */
export const blogFeeds = { rss: feedAddress('/'), atom: '/atom.xml', json: '/feed.json' }
/** Where the feeds of other blog systems are, and where ours is: WordPress and Ghost (`/feed`, `/rss`), Hugo (`/index.xml`), Docusaurus. */
export const oldFeeds = new Map([
  ...['/feed', '/rss', '/rss.xml', '/feed.rss', '/index.xml', '/blog/rss.xml', '/blog/index.xml'].map(
    (old) => [old, blogFeeds.rss] as const,
  ),
  ...['/atom', '/feed/atom', '/blog/atom.xml'].map((old) => [old, blogFeeds.atom] as const),
])
/** The markdown of a published post: `/blog/a.md`. */
export const markdownAddress = (slug: string) => `${postAddress(slug)}.md`
/** The sitemap, or its part, counted from 1. */
export const sitemapAddress = (part?: number) => (part === undefined ? '/sitemap.xml' : `/sitemap/${part}.xml`)
/** The card of a page: `/blog/a` has `/og/blog/a.png`, and the front page has `/og/index.png`. */
export const cardAddress = (page: string) => `${sections.cards}${page === '/' ? '/index' : page}.png`

/** @returns the section, hash and decoded name in the address of a file that documents show: `/media/<hash>/<name>`. */
export function readMedia(address: string): { section: string; hash: string; name: string } {
  const [, section = '', hash = '', name = ''] = address.split('/')
  return { section: `/${section}`, hash, name: decode(name) }
}

/** `/media/<hash>/<name>` of a file that a draft shows is locked at `/api/draft-media/<hash>/<name>`. */
export const lockedAddress = (address: string) => `${sections.draftMedia}/${address.split('/').slice(2).join('/')}`

/**
 * Routes of `app/` that answer only some of the addresses that fit them: the content decides which. Every other route is taken to
 * answer all of them.
 */
export const routesOfContent = new Set([
  '[...path]',
  'blog/[...slug]',
  'blog/page/[page]',
  'blog/[category]/feed.xml',
  'tags/[tag]',
  'tags/[tag]/page/[page]',
  'tags/[tag]/feed.xml',
  'authors/[name]',
  'authors/[name]/page/[page]',
  'authors/[name]/feed.xml',
  'series/[name]',
  'series/[name]/feed.xml',
  'archive/[year]',
  'drafts/[...slug]',
  'api/[...path]',
  'api/draft-media/[hash]/[name]',
  'media/[hash]/[name]',
  'og/[...path]',
  'video/[hash]/[name]',
  'moved/[...path]',
  'markdown/[...slug]',
  'sitemap/[part]',
  '.well-known/[file]',
])

const home = new URL(site.address)
/** No host has this name (RFC 6761 §6.4). */
const nowhere = new URL(`${home.protocol}//here.invalid/`)

/** The whole address of a path from the root; an address of another site as it is, as the URL Standard writes it. */
export const wholeAddress = (address: string) => new URL(address, home).href

/** @returns whether a link leaves the site: another host, or another port of the same. */
export function isExternal(href: string): boolean {
  if (!URL.canParse(href, home)) return false
  const url = new URL(href, home)
  return /^https?:$/.test(url.protocol) && url.host !== home.host
}

/** @returns the path of a link within the site; a relative link as it is written. Undefined for a link that leaves the site or opens no page (`mailto:`). */
export function ownPath(href: string): string | undefined {
  if (isExternal(href) || !URL.canParse(href, nowhere)) return undefined
  const url = new URL(href, nowhere)
  if (!/^https?:$/.test(url.protocol)) return undefined
  return url.host === nowhere.host ? href : url.pathname
}

/** A route parameter, decoded and in NFC. Next.js hands it over as it stands in the address. */
export const decode = (parameter: string): string => safelyDecoded(parameter).normalize('NFC')

/** A percent-decoded text, or the text itself where it cannot be decoded. */
export function safelyDecoded(text: string): string {
  try {
    return decodeURIComponent(text)
  } catch {
    return text
  }
}

/**
 * An address as it stands, decoded once, decoded twice, and so on: a name that is encoded several times is still that name.
 *
 * @returns the last of `texts` is the most decoded; `isWhole` says that nothing in it is still encoded.
 */
export function readings(address: string): { texts: string[]; isWhole: boolean } {
  const texts = [address]
  for (let text = address; texts.length < 10; texts.push(text)) {
    if (!text.includes('%')) return { texts, isWhole: true }
    try {
      text = decodeURIComponent(text)
    } catch {
      break
    }
  }
  return { texts, isWhole: false }
}

/**
 * @param address a path, or a whole address.
 * @returns what is before its query and fragment, its query with the `?`, and its fragment with the `#`; empty where there is none.
 */
export function partsOf(address: string): [string, string, string] {
  const hash = address.indexOf('#')
  const before = hash < 0 ? address : address.slice(0, hash)
  const mark = before.indexOf('?')
  return [
    mark < 0 ? before : before.slice(0, mark),
    mark < 0 ? '' : before.slice(mark),
    hash < 0 ? '' : address.slice(hash),
  ]
}

/**
 * What makes two spellings of a tag the same one: `Self Hosting`, `self_hosting` and `self-hosting` are
 * `self-hosting`. Script and punctuation stay (`c++` is not `c`).
 */
export const tagKey = (tag: string) =>
  tag
    .normalize('NFC')
    .trim()
    .toLowerCase()
    .replace(/[\s_/-]+/g, '-')

/** Tags, each once: of two spellings of the same tag the last. */
export const distinctTags = (tags: string[]) => [...new Map(tags.map((tag) => [tagKey(tag), tag])).values()]

/** `posts/backend/no-frameworks` is in `backend`; `posts/hello` is in no category. */
export function categoryOf(flattenedPath: string): string | undefined {
  const folders = flattenedPath.normalize('NFC').split('/').slice(1, -1)
  return folders[0]
}

/**
 * Why a path cannot be part of an address. The build writes a file for each address, with an ending; file systems allow names of up to
 * 255 bytes, and not `..`.
 *
 * @param path parts with `/` between them.
 * @returns the end of a sentence, or undefined for a path that can be part of an address.
 */
export function unfitAddress(path: string): string | undefined {
  const parts = path.split('/')
  if (parts.some((part) => part === '.' || part === '..' || part.trim() === '')) return 'cannot be an address'
  if (/[\p{Cc}\p{Cs}]/u.test(path)) return 'has a character that no address has'
  const isLong = bytes(path) > 1000 || parts.some((part) => bytes(part) > 240)
  return isLong ? 'is too long for an address, which has 240 bytes between two "/" and 1,000 in all' : undefined
}

const bytes = (text: string) => new TextEncoder().encode(text).length

/** `web-performance` is shown as `Web performance`. */
export const categoryTitle = (category: string) => {
  const words = category.replace(/[-_]+/g, ' ')
  return words.charAt(0).toUpperCase() + words.slice(1)
}

/** An address as it is compared: decoded, without a slash at the end. */
export const addressKey = (address: string) => `/${address.split('/').filter(Boolean).map(decode).join('/')}`
