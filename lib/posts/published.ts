import type { Body, Changes } from '../store/types'
import 'server-only'
import { cache } from 'react'
import {
  addressKey,
  authorAddress,
  categoryAddress,
  distinctTags,
  feedAddress,
  oldFeeds,
  postAddress,
  readMedia,
  tagAddress,
  tagKey,
} from '../site/address'
import { sections } from '../site/sections.mjs'
import type { AuthorEntry, Manifest, PageEntry, PostEntry } from '../store/manifest'
import { mediaFile, pictureFile } from '../store/paths'
import { compiledAt, readBody, readManifest } from '../store/read'
import { isOpen, statusOf } from '../store/status'
import { withLinks } from './set-links'

/** Fields of an entry that no public page gets. */
type Inner = 'problems' | 'hrefs' | 'previewHrefs'
/** A published post as lists know it. */
export type PostSummary = Omit<PostEntry, Inner | 'draft' | 'expires' | 'changed'>
/** A published post with its text. */
export type Post = PostSummary & Text
/** A body as a page shows it: safe HTML, its headings in order, and the style sheet and script that it needs. */
export type Text = {
  html: string
  headings: { id: string; text: string; depth: number }[]
  /** CSS rules for this text only. */
  css: string
  /** The address of KaTeX's style sheet, where there are formulas. */
  mathsSheet?: string | undefined
  /** The address of the module that draws, where there are diagrams. */
  diagramsScript?: string | undefined
}
/** A tag as its newest post spells it; `key` is what its address is made of. */
export type Tag = { key: string; label: string; posts: PostSummary[] }
export type Category = { name: string; posts: PostSummary[] }
export type Author = Omit<AuthorEntry, Inner> & { posts: PostSummary[] }
export type Page = Omit<PageEntry, Inner> & Text
/** The parts that are published, in the order of their numbers. */
export type Series = { name: string; key: string; posts: PostSummary[] }

type View = {
  manifest: Manifest
  /** Links that differ from what is written, by file. */
  hrefs: Map<string, Changes>
  /** Newest first. */
  posts: PostSummary[]
  /** Published and unlisted. */
  bySlug: Map<string, PostSummary>
  tags: Map<string, Tag>
  categories: Map<string, Category>
  authors: Map<string, Author>
  series: Map<string, Series>
}

let current: View | undefined

/** Everything the public may see, as it was decided when the content was compiled. This module returns nothing else. */
function published(): View {
  const manifest = readManifest()
  if (current?.manifest === manifest) return current
  const now = compiledAt()
  const view: View = {
    manifest,
    hrefs: new Map(),
    posts: [],
    bySlug: new Map(),
    tags: new Map(),
    categories: new Map(),
    authors: new Map(),
    series: new Map(),
  }
  for (const { file, hrefs } of [...manifest.posts, ...manifest.authors, ...manifest.pages])
    if (hrefs) view.hrefs.set(file, hrefs)
  for (const entry of manifest.posts) {
    const status = statusOf(entry, now)
    const { draft: _draft, expires: _expires, changed: _changed, ...post } = outer(entry)
    if (!isOpen(status)) continue
    if (!view.bySlug.has(post.slug)) view.bySlug.set(post.slug, post)
    if (status === 'unlisted') continue
    view.posts.push(post)
    for (const label of distinctTags(post.tags)) {
      gather(view.tags, tagKey(label), () => ({ key: tagKey(label), label, posts: [] })).posts.push(post)
    }
    if (post.category)
      gather(view.categories, post.category, () => ({ name: post.category as string, posts: [] })).posts.push(post)
    if (post.series) {
      const { name } = post.series
      gather(view.series, tagKey(name), () => ({ name, key: tagKey(name), posts: [] })).posts.push(post)
    }
    for (const name of new Set(post.authors)) {
      const author = manifest.authors.find((one) => one.slug === name)
      if (author) gather(view.authors, name, () => ({ ...outer(author), posts: [] })).posts.push(post)
    }
  }
  for (const series of view.series.values()) series.posts.sort((a, b) => (a.series?.part ?? 0) - (b.series?.part ?? 0))
  current = view
  return view
}

function outer<Entry extends { [name in Inner]?: unknown }>(entry: Entry): Omit<Entry, Inner> {
  const { problems: _problems, hrefs: _hrefs, previewHrefs: _previewHrefs, ...rest } = entry
  return rest
}

function gather<Value>(map: Map<string, Value>, key: string, make: () => Value): Value {
  const value = map.get(key) ?? make()
  map.set(key, value)
  return value
}

/** When the content was compiled: the public pages are of that moment. */
export const decidedAt = (): Date => compiledAt()

/** Every published post, newest first. */
export const getPosts = (): PostSummary[] => published().posts

/** The addresses below /blog that have a page: published and unlisted posts. */
export const getSlugs = (): string[] => [...published().bySlug.keys()]

/** Whether a post is published or unlisted. */
export const isPublic = (slug: string): boolean => published().bySlug.has(slug)

/** A published or unlisted post. */
export async function getPost(slug: string): Promise<Post | undefined> {
  const summary = published().bySlug.get(slug)
  return summary && { ...summary, ...(await text(summary)) }
}

/** A page and its metadata both ask for the text, and `cache` parses it once. */
const setText = cache(async (file: string, body: string): Promise<Text> => {
  const shown = textOf(await readBody(body))
  return { ...shown, html: withLinks(shown.html, published().hrefs.get(file)) }
})
const text = ({ file, body }: { file: string; body: string }) => setText(file, body)

/** The parts of a body that a page shows. Its links are still as they are written. */
export function textOf({ html, headings, css, needs }: Body): Text {
  const { assets } = readManifest()
  return {
    html,
    headings,
    css,
    ...(needs.includes('maths') ? { mathsSheet: assets.maths } : {}),
    ...(needs.includes('diagrams') ? { diagramsScript: assets.diagrams } : {}),
  }
}

/** All tags of published posts, by name. */
export const getTags = (): Tag[] => [...published().tags.values()].sort((a, b) => a.label.localeCompare(b.label))
export const getTag = (key: string): Tag | undefined => published().tags.get(key)

/** All categories with a published post, by name. */
export const getCategories = (): Category[] =>
  [...published().categories.values()].sort((a, b) => a.name.localeCompare(b.name))
export const getCategory = (name: string): Category | undefined => published().categories.get(name)

/** Authors with a published post, most posts first; each with their posts, newest first. */
export const getAuthors = (): Author[] =>
  [...published().authors.values()].sort((a, b) => b.posts.length - a.posts.length)
export async function getAuthor(name: string): Promise<(Author & Text) | undefined> {
  const author = published().authors.get(name)
  return author && { ...author, ...(await text(author)) }
}

/** The authors of a post who have a page. */
export const getAuthorsOf = (post: PostSummary): Author[] =>
  post.authors.flatMap((name) => published().authors.get(name) ?? [])

/** The tags of a post that have a page, as the post spells them. */
export const getTagsOf = (post: PostSummary) =>
  post.tags.filter((tag) => published().tags.has(tagKey(tag))).map((label) => ({ label, href: tagAddress(label) }))

/** Series with a published part. */
export const getAllSeries = (): Series[] => [...published().series.values()]
export const getSeries = (key: string): Series | undefined => published().series.get(key)

/** Pages such as /about, without the drafts among them. */
export const getPages = (): Omit<PageEntry, Inner>[] =>
  published()
    .manifest.pages.filter((page) => !page.draft)
    .map(outer)
export const getPageSlugs = (): string[] => getPages().map(({ slug }) => slug)
export async function getPage(slug: string): Promise<Page | undefined> {
  const page = published().manifest.pages.find((one) => one.slug === slug && !one.draft)
  return page && { ...outer(page), ...(await text(page)) }
}

/** The posts published just before and after this one; nothing for an unlisted post. */
export function getNeighbours(slug: string): { newer: PostSummary | undefined; older: PostSummary | undefined } {
  const { posts } = published()
  const at = posts.findIndex((post) => post.slug === slug)
  return at < 0 ? { newer: undefined, older: undefined } : { newer: posts[at - 1], older: posts[at + 1] }
}

/**
 * Up to three posts that share most with this one: two points a tag (rare tags a little more), one for the category; the newer first. The
 * posts just before and after it are left out, since a page shows them anyway.
 */
export function getRelated(post: PostSummary): PostSummary[] {
  const { tags, categories } = published()
  const { newer, older } = getNeighbours(post.slug)
  const shown = new Set([post.slug, newer?.slug, older?.slug])
  const points = new Map<PostSummary, number>()
  const add = (others: PostSummary[], worth: number) => {
    for (const other of others) if (!shown.has(other.slug)) points.set(other, (points.get(other) ?? 0) + worth)
  }
  for (const key of new Set(post.tags.map(tagKey))) {
    const others = tags.get(key)?.posts ?? []
    add(others, 2 + 1 / (1 + others.length))
  }
  if (post.category) add(categories.get(post.category)?.posts ?? [], 1)
  return [...points]
    .sort(([a, x], [b, y]) => y - x || (a.date < b.date ? 1 : -1))
    .slice(0, 3)
    .map(([other]) => other)
}

/** Posts of one year, newest first. */
export type Year = { year: string; posts: PostSummary[] }

/** Years with a published post, newest first. */
export const getYears = (year: (date: string) => string): Year[] => byYear(published().posts, year)

/** Posts by their years, both in the order that they come in. */
export function byYear(posts: PostSummary[], year: (date: string) => string): Year[] {
  const years = new Map<string, Year>()
  for (const post of posts)
    gather(years, year(post.date), () => ({ year: year(post.date), posts: [] })).posts.push(post)
  return [...years.values()]
}

/** A file that a public document shows: the last two segments of its address, decoded, and its name in the store. */
type PublicMedia = { hash: string; name: string; file: string }

let media: { view: View; byAddress: Map<string, PublicMedia> } | undefined

function allMedia(): Map<string, PublicMedia> {
  const view = published()
  if (media?.view !== view) {
    const byAddress = new Map<string, PublicMedia>()
    const pages = view.manifest.pages.filter((page) => !page.draft)
    for (const { pictures } of [...view.bySlug.values(), ...view.authors.values(), ...pages]) {
      for (const { file, src } of pictures) {
        const { section, hash, name } = readMedia(src)
        byAddress.set(`${section}/${hash}/${name}`, { hash, name, file })
      }
    }
    media = { view, byAddress }
  }
  return media.byAddress
}

/** What is served below /media: pictures in all their sizes, and files that links offer. */
export const getMedia = (): PublicMedia[] =>
  [...allMedia()].flatMap(([address, one]) => (address.startsWith(`${sections.media}/`) ? [one] : []))

/** The absolute path of a file that a public document shows. Films are read at request time. */
export function getMediaFile(section: 'media' | 'video', hash: string, name: string): string | undefined {
  const found = allMedia().get(`${sections[section]}/${hash}/${name}`)
  return found && (section === 'video' ? mediaFile(hash, name) : pictureFile(found.file))
}

let aliases: { view: View; to: Map<string, string> } | undefined

/**
 * Where an address that has no page leads now: an alias of a published post, the feed, another spelling of a tag, or the
 * first page of a list.
 */
export function getRedirect(address: string): string | undefined {
  const view = published()
  if (aliases?.view !== view) {
    const to = new Map<string, string>()
    for (const post of view.bySlug.values())
      for (const alias of post.aliases) to.set(addressKey(alias), postAddress(post.slug))
    aliases = { view, to }
  }
  const key = addressKey(address)
  const alias = aliases.to.get(key)
  if (alias) return alias
  const feed = oldFeeds.get(key)
  if (feed) return view.manifest.pages.some(({ slug, draft }) => !draft && `/${slug}` === key) ? undefined : feed
  const list = key.replace(/\/page\/1$/, '')
  const [, section = '', name = '', ...more] = list.split('/')
  if (section === 'tags' && more.length === 0 && view.tags.has(tagKey(name)) && (list !== key || tagKey(name) !== name))
    return tagAddress(name)
  if (section === 'tags' && more.join() === 'feed.xml' && view.tags.has(tagKey(name)) && tagKey(name) !== name)
    return feedAddress(tagAddress(name))
  if (list === key || more.length > 0) return undefined
  if (section === 'blog') return name === '' ? '/blog' : view.categories.has(name) ? categoryAddress(name) : undefined
  return section === 'authors' && view.authors.has(name) ? authorAddress(name) : undefined
}
