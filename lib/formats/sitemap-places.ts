import 'server-only'
import { site } from '@/site.config'
import {
  getAllSeries,
  getAuthors,
  getCategories,
  getPages,
  getPosts,
  getTags,
  getYears,
  type PostSummary,
} from '../posts/published'
import { typeOf } from '../server/file-types'
import {
  authorAddress,
  categoryAddress,
  encodePath,
  listAddress,
  postAddress,
  readMedia,
  seriesAddress,
  sitemapAddress,
  tagAddress,
  yearAddress,
} from '../site/address'
import { machineDate, yearOf } from '../site/dates'
import { listPage, pageCount } from '../site/pagination'
import { sections } from '../site/sections.mjs'
import { type Place, sitemapIndex, sitemaps } from './sitemap'

/** Pages of `app/` that are always there. The first three show posts, and change with them. */
const ALWAYS = ['/', sections.tags, sections.archive]
const OTHERS = [sections.feeds]

let known: { posts: PostSummary[]; documents: string[] } | undefined

/** The sitemaps of the site, each a whole document, made again when the content has been compiled. */
export function sitemapParts(): string[] {
  const posts = getPosts()
  if (known?.posts !== posts) known = { posts, documents: sitemaps(places()) }
  return known.documents
}

/** The addresses of the sitemaps, for robots.txt: the first has an index where there are several. */
export const sitemapAddresses = (): string[] => {
  const { length } = sitemapParts()
  const parts = length > 1 ? Array.from({ length }, (_, at) => sitemapAddress(at + 1)) : []
  return [sitemapAddress(), ...parts].map((address) => site.address + address)
}

/** What is at /sitemap.xml: the only sitemap, or an index of them. */
export const firstSitemap = (): string => {
  const [only = '', ...more] = sitemapParts()
  return more.length === 0 ? only : sitemapIndex(sitemapAddresses().slice(1))
}

/** Every public page that may be in a search, once: not unlisted posts, and no copy of a text of another site. */
function places(): Place[] {
  const posts = getPosts()
  const place = (address: string, changed?: string): Place => ({
    address: site.address + address,
    ...(changed ? { changed: machineDate(changed) } : {}),
  })
  return [
    ...ALWAYS.map((address) => place(address, newest(posts.map(changeOf)))),
    ...OTHERS.map((address) => place(address)),
    ...list(sections.blog, posts),
    ...getPages().map(({ slug, lastmod }) => place(`/${encodePath(slug)}`, lastmod)),
    ...posts.filter(isOurs).map((post) => ({
      ...place(postAddress(post.slug), changeOf(post)),
      pictures: picturesOf(post).map((src) => new URL(src, site.address).href),
    })),
    ...getCategories().flatMap(({ name, posts }) => list(categoryAddress(name), posts)),
    ...getTags().flatMap(({ key, posts }) => list(tagAddress(key), posts)),
    ...getAuthors().flatMap(({ slug, posts }) => list(authorAddress(slug), posts)),
    ...getAllSeries().map(({ name, posts }) => place(seriesAddress(name), newest(posts.map(changeOf)))),
    ...getYears(yearOf).map(({ year, posts }) => place(yearAddress(year), newest(posts.map(changeOf)))),
  ]

  /** The pages of a list. Each changes with its posts, and when there is a new one: that moves all others. */
  function list(base: string, inList: PostSummary[]): Place[] {
    const added = newest(inList.map(({ date }) => date))
    return Array.from({ length: pageCount(inList) }, (_, at) => {
      const items = listPage(inList, at + 1)?.items ?? []
      return place(listAddress(base, at + 1), newest([...items.map(changeOf), ...(added ? [added] : [])]))
    })
  }
}

/** When the text of a post last changed, as far as its author says; never before it was published. */
const changeOf = ({ date, lastmod }: PostSummary) => newest([date, ...(lastmod ? [lastmod] : [])]) ?? date

/** The last of some moments (ISO 8601, UTC). */
const newest = (moments: string[]): string | undefined => moments.reduce<string | undefined>(later, undefined)
const later = (one: string | undefined, other: string) =>
  one === undefined || Date.parse(other) > Date.parse(one) ? other : one

/** Whether a post is not a copy: search engines want the original alone. */
const isOurs = ({ slug, canonicalUrl }: PostSummary) =>
  !canonicalUrl || new URL(canonicalUrl).href === new URL(postAddress(slug), site.address).href

/** The pictures of a post, each in the size that a page shows when it can show no other. Films and attachments are left out. */
function picturesOf({ pictures, cover }: PostSummary): string[] {
  const byFile = new Map<string, string>()
  for (const { src } of pictures) {
    const { section, hash, name } = readMedia(src)
    const isPicture = section === sections.media && typeOf(name)?.startsWith('image/')
    if (isPicture && !byFile.has(hash)) byFile.set(hash, src)
  }
  return [...new Set([...(cover ? [cover.src] : []), ...byFile.values()])]
}
