/** RSS 2.0, Atom (RFC 4287) and JSON Feed 1.1, written from the same items. */
import { rfc822, rfc3339 } from './feed-dates'
import { allowed, documentOf, htmlOfText, type Markup, tag, tagOfHtml } from './xml'

/** A file that a post shows: its absolute address, its media type and its length in bytes. */
export type Enclosure = { address: string; type: string; length: number }

/** A post in a feed. All addresses are absolute. */
export type Item = {
  /** Its permanent address. Readers know a post by it, so it changes only when the author gives the post another address. */
  id: string
  /** Where a reader is sent: the original, when this is a copy. */
  link: string
  title: string
  /** Plain text; may be empty. */
  summary: string
  /** The whole text, unless the feed has summaries only. */
  html?: string | undefined
  /** BCP 47, when it differs from the feed's. */
  language?: string | undefined
  published: Date
  updated: Date
  authors: { name: string; address: string }[]
  tags: string[]
  /** The address of its cover. */
  cover?: string | undefined
  /** The cover first, then pictures, films and sounds in the order of the text. */
  enclosures: Enclosure[]
}

/** A feed; items newest first. All addresses are absolute. */
export type Feed = {
  title: string
  description: string
  language: string
  /** Its own address. */
  address: string
  /** The page with the same posts. */
  page: string
  /** The address of the site, without a slash at the end. */
  site: string
  /** Who speaks for a post without authors. */
  owner: string
  hub: string
  items: Item[]
}

const GENERATOR = 'Galley'

/** The newest change of an item; the beginning of Unix time for a feed without items. */
const updatedOf = ({ items }: Feed) => new Date(Math.max(0, ...items.map(({ updated }) => updated.getTime())))

/** An RSS 2.0 feed, with the whole text in `content:encoded`. It has one enclosure for each item: a sound if there is one, else the first. */
export function rss(feed: Feed): string {
  const items = feed.items.map((item) => {
    const { id, link, title, summary, html, language, published, authors, tags, enclosures } = item
    const enclosure = enclosures.find(({ type }) => type.startsWith('audio/')) ?? enclosures[0]
    return tag('item', {}, [
      tag('title', {}, title),
      tag('link', {}, link),
      tag('guid', { isPermaLink: link === id ? 'true' : 'false' }, id),
      tag('pubDate', {}, rfc822(published)),
      ...authors.map(({ name }) => tag('dc:creator', {}, name)),
      ...tags.map((name) => tag('category', {}, name)),
      language ? tag('dc:language', {}, language) : undefined,
      // Readers take it for HTML (RSS 2.0, element description).
      summary ? tagOfHtml('description', {}, htmlOfText(summary)) : undefined,
      html === undefined ? undefined : tagOfHtml('content:encoded', { 'xml:base': id }, html),
      enclosure && tag('enclosure', { url: enclosure.address, length: enclosure.length, type: enclosure.type }),
    ])
  })
  const channel = tag('channel', {}, [
    tag('title', {}, feed.title),
    tag('link', {}, feed.page),
    tag('description', {}, feed.description || feed.title),
    tag('language', {}, feed.language),
    tag('generator', {}, GENERATOR),
    feed.items.length > 0 ? tag('lastBuildDate', {}, rfc822(updatedOf(feed))) : undefined,
    tag('atom:link', { rel: 'self', type: 'application/rss+xml', href: feed.address }),
    ...hub(feed, 'atom:link'),
    ...items,
  ])
  const spaces = {
    'xmlns:atom': 'http://www.w3.org/2005/Atom',
    'xmlns:content': 'http://purl.org/rss/1.0/modules/content/',
    'xmlns:dc': 'http://purl.org/dc/elements/1.1/',
  }
  return documentOf(tag('rss', { version: '2.0', ...spaces, 'xml:base': `${feed.site}/` }, [channel]))
}

/** An Atom feed (RFC 4287), with every file of an item as an enclosure. */
export function atom(feed: Feed): string {
  const author = (name: string, address: string) => tag('author', {}, [tag('name', {}, name), tag('uri', {}, address)])
  const entries = feed.items.map((item) => {
    const { id, link, title, summary, html, language, published, updated, authors, tags, enclosures } = item
    return tag('entry', { 'xml:lang': language, 'xml:base': id }, [
      tag('id', {}, id),
      tag('title', {}, title),
      tag('link', { rel: 'alternate', type: 'text/html', href: link }),
      tag('published', {}, rfc3339(published)),
      tag('updated', {}, rfc3339(updated)),
      ...authors.map(({ name, address }) => author(name, address)),
      ...tags.map((term) => tag('category', { term })),
      summary || html === undefined ? tag('summary', {}, summary || title) : undefined,
      html === undefined ? undefined : tagOfHtml('content', { type: 'html' }, html),
      ...enclosures.map(({ address, type, length }) => tag('link', { rel: 'enclosure', type, length, href: address })),
    ])
  })
  const root = { xmlns: 'http://www.w3.org/2005/Atom', 'xml:lang': feed.language, 'xml:base': `${feed.site}/` }
  return documentOf(
    tag('feed', root, [
      tag('id', {}, feed.address),
      tag('title', {}, feed.title),
      feed.description ? tag('subtitle', {}, feed.description) : undefined,
      tag('link', { rel: 'self', type: 'application/atom+xml', href: feed.address }),
      tag('link', { rel: 'alternate', type: 'text/html', href: feed.page }),
      ...hub(feed, 'link'),
      tag('updated', {}, rfc3339(updatedOf(feed))),
      tag('generator', {}, GENERATOR),
      author(feed.owner, feed.site),
      ...entries,
    ]),
  )
}

/** A JSON Feed 1.1, with every file of an item as an attachment. */
export function jsonFeed(feed: Feed): string {
  const items = feed.items.map(({ html, link, id, cover, ...item }) => ({
    id,
    url: id,
    ...(link === id ? {} : { external_url: link }),
    title: item.title,
    // An item has to have one of the two.
    ...(html === undefined ? { content_text: item.summary || item.title } : { content_html: html }),
    ...(item.summary ? { summary: item.summary } : {}),
    ...(cover ? { image: cover } : {}),
    date_published: rfc3339(item.published),
    date_modified: rfc3339(item.updated),
    ...(item.authors.length > 0 ? { authors: item.authors.map(({ name, address: url }) => ({ name, url })) } : {}),
    ...(item.tags.length > 0 ? { tags: item.tags } : {}),
    ...(item.language ? { language: item.language } : {}),
    ...(item.enclosures.length > 0
      ? {
          attachments: item.enclosures.map(({ address: url, type: mime_type, length: size_in_bytes }) => ({
            url,
            mime_type,
            size_in_bytes,
          })),
        }
      : {}),
  }))
  const whole = {
    version: 'https://jsonfeed.org/version/1.1',
    title: feed.title,
    home_page_url: feed.page,
    feed_url: feed.address,
    ...(feed.description ? { description: feed.description } : {}),
    language: feed.language,
    authors: [{ name: feed.owner, url: feed.site }],
    ...(feed.hub ? { hubs: [{ type: 'WebSub', url: feed.hub }] } : {}),
    items,
  }
  return JSON.stringify(whole, (_key, value) => (typeof value === 'string' ? allowed(value) : value))
}

/** Where a reader may ask to be told of changes (WebSub §4). */
const hub = (feed: Feed, name: string): Markup[] => (feed.hub ? [tag(name, { rel: 'hub', href: feed.hub })] : [])
