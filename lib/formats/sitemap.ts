import { documentOf, type Markup, tag } from './xml'

/** A page for search engines. */
export type Place = {
  /** Whole, encoded. */
  address: string
  /** When its text last changed: a date or a moment (W3C Datetime). */
  changed?: string | undefined
  /** Whole addresses. */
  pictures?: string[]
}

/** The most that one sitemap may have (sitemaps.org, "Using Sitemap index files"); bytes before compression. */
export const most = { addresses: 50_000, bytes: 50 * 1024 * 1024 }
/** The most pictures of one page (Google's image sitemaps). */
const PICTURES = 1000

const namespace = 'http://www.sitemaps.org/schemas/sitemap/0.9'
const ofPictures = 'http://www.google.com/schemas/sitemap-image/1.1'

/**
 * Sitemaps (sitemaps.org 0.9) with pictures. There are no alternates by language, since no post says which other is its translation, and
 * neither `changefreq` nor `priority`, which search engines ignore.
 *
 * @returns one document, or several when one would be too long. At least one.
 */
export function sitemaps(places: Place[], { addresses, bytes } = most): string[] {
  const parts: Markup[][] = [[]]
  let room = bytes - head
  for (const place of places) {
    const entry = entryOf(place)
    const size = Buffer.byteLength(entry.xml) + 1
    if ((parts.at(-1)?.length ?? 0) >= addresses || size > room) {
      parts.push([])
      room = bytes - head
    }
    parts.at(-1)?.push(entry)
    room -= size
  }
  return parts.filter((part, at) => at === 0 || part.length > 0).map(documentWith)
}

/** An index of sitemaps, by their whole addresses. */
export const sitemapIndex = (addresses: string[]): string =>
  documentOf(
    tag(
      'sitemapindex',
      { xmlns: namespace },
      addresses.map((address) => tag('sitemap', {}, [tag('loc', {}, address)])),
    ),
  )

const entryOf = ({ address, changed, pictures = [] }: Place): Markup =>
  tag('url', {}, [
    tag('loc', {}, address),
    changed ? tag('lastmod', {}, changed) : undefined,
    ...pictures.slice(0, PICTURES).map((picture) => tag('image:image', {}, [tag('image:loc', {}, picture)])),
  ])

const documentWith = (entries: Markup[]): string =>
  documentOf(tag('urlset', { xmlns: namespace, 'xmlns:image': ofPictures }, entries))

/** The bytes around the entries of a document, and some more. */
const head = Buffer.byteLength(documentWith([])) + 100
