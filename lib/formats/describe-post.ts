import type { Metadata } from 'next'
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
export function describePost(
  post: PostSummary,
  authors: Pick<Author, 'slug' | 'fediverse'>[],
  picture: Picture | undefined,
): Metadata {
  const { title, excerpt, slug, date, lastmod, category, tags, canonicalUrl, lang, unlisted } = post
  const address = postAddress(slug)
  const page = describePage({
    title,
    description: excerpt,
    address,
    canonical: canonicalUrl,
    language: lang,
    picture,
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

/** The first of a post's `images`, which other sites show beside a link to it. Nothing says more of it than the title. */
export const coverOf = ({ cover, title }: Pick<PostSummary, 'cover' | 'title'>): Picture | undefined =>
  cover && { ...cover, alt: title }
