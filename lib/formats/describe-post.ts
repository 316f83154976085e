import type { Metadata } from 'next'
import { cardOf } from '../posts/cards'
import type { Author, PostSummary } from '../posts/published'
import { authorAddress, categoryTitle, distinctTags, markdownAddress, postAddress, wholeAddress } from '../site/address'
import { machineDate } from '../site/dates'
import { describePage, type Picture } from './describe-page'

/**
 * What a post says about itself: what a page does, with its dates, authors, category and tags. An unlisted post asks search engines to
 * leave it out.
 *
 * @param authors those that have a page.
 */
export function describePost(post: PostSummary, authors: Pick<Author, 'slug' | 'fediverse'>[]): Metadata {
  const { title, excerpt, slug, date, lastmod, category, tags, canonicalUrl, lang, unlisted } = post
  const address = postAddress(slug)
  const page = describePage({
    title,
    description: excerpt,
    address,
    canonical: canonicalUrl,
    language: lang,
    picture: pictureOf(post),
    markdown: markdownAddress(slug),
  })
  const accounts = authors.flatMap(({ fediverse }) => fediverse ?? [])
  return {
    ...page,
    openGraph: {
      ...page.openGraph,
      type: 'article',
      publishedTime: machineDate(date),
      modifiedTime: machineDate(lastmod ?? date),
      authors: authors.map((author) => wholeAddress(authorAddress(author.slug))),
      section: category && categoryTitle(category),
      tags: distinctTags(tags),
    },
    // Mastodon shows these accounts under a link to the post, when their owners have named this site in their settings.
    ...(accounts.length > 0 ? { other: { 'fediverse:creator': accounts } } : {}),
    ...(unlisted ? { robots: { index: false } } : {}),
  }
}

/** The picture that other sites show beside a link to a post: the first of its `images`, of which the title says most, or else its card. */
export const pictureOf = ({
  cover,
  title,
  slug,
}: Pick<PostSummary, 'cover' | 'title' | 'slug'>): Picture | undefined =>
  cover ? { src: cover.src, width: cover.width, height: cover.height, alt: title } : cardOf(postAddress(slug))
