import type { Metadata } from 'next'
import { site } from '@/site.config'
import { cardOf } from '../posts/cards'
import { typeOf } from '../server/file-types'
import { blogFeeds, feedAddress, listAddress } from '../site/address'

/** A picture that other sites show beside a link. `src` is a whole address or a path, sizes are in pixels. */
export type Picture = { src: string; width?: number; height?: number; alt: string }

/** What a page says about itself. Addresses are from the root, encoded. */
export type Description = {
  /** Without one, the title and description of the site. */
  title?: string
  description?: string | undefined
  address: string
  /** The whole address of the original, where the page is a copy. */
  canonical?: string | undefined
  /** BCP 47, where it differs from the site's. */
  language?: string | undefined
  /** Without one, the card of the page. */
  picture?: Picture | undefined
  /** The RSS feed of the list that the page shows. */
  feed?: { address: string; title: string }
  /** The same text as markdown. */
  markdown?: string
}

/**
 * What every public page says about itself: title, description, canonical address, feeds, and the same for previews on other sites
 * (ogp.me; https://developer.x.com/en/docs/x-for-websites/cards).
 *
 * Next.js replaces `alternates` and `openGraph` of a layout by those of a page, so all of them are here.
 */
export function describePage(page: Description) {
  const { title, address, canonical = address, picture = cardOf(address) } = page
  const description = page.description || site.description
  return {
    title: title ?? { absolute: `${site.title}: ${site.description}` },
    description,
    alternates: { canonical, types: alternatesOf(page) },
    openGraph: {
      type: 'website',
      title: title ?? site.title,
      description,
      url: canonical,
      siteName: site.title,
      locale: localeOf(page.language ?? site.language),
      ...(picture ? { images: [imageOf(picture)] } : {}),
    },
    twitter: { card: picture ? 'summary_large_image' : 'summary' },
  } satisfies Metadata
}

/**
 * What a page of a list with a feed of its own says about itself.
 *
 * @param list.address of its first page.
 * @param number of the page, from 1.
 */
export const describeList = (list: { title: string; description?: string; address: string }, number = 1) =>
  describePage({
    ...list,
    title: number > 1 ? `${list.title}, page ${number}` : list.title,
    address: listAddress(list.address, number),
    feed: { address: feedAddress(list.address), title: list.title },
  })

/** Feeds by their media type, the page's own first, and the markdown of a post. */
function alternatesOf({ feed, markdown }: Description) {
  const whole = { address: blogFeeds.rss, title: site.title }
  const link = ({ address, title }: { address: string; title: string }) => ({ url: address, title })
  return {
    'application/rss+xml': [...(feed ? [feed] : []), whole].map(link),
    'application/atom+xml': [{ url: blogFeeds.atom, title: `${site.title} (Atom)` }],
    'application/feed+json': [{ url: blogFeeds.json, title: `${site.title} (JSON Feed)` }],
    ...(markdown ? { 'text/markdown': markdown } : {}),
  }
}

function imageOf({ src, ...rest }: Picture) {
  const type = typeOf(new URL(src, site.address).pathname)
  return { url: src, ...rest, ...(type?.startsWith('image/') ? { type } : {}) }
}

/**
 * A language as Open Graph has it: language and territory. Without a territory, the one where most of its speakers live.
 *
 * @param tag BCP 47: `en-GB` is `en_GB`, and `ja` is `ja_JP`.
 */
export function localeOf(tag: string): string {
  const { language, region } = new Intl.Locale(tag).maximize()
  return region ? `${language}_${region}` : language
}
