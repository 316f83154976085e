import 'server-only'
import { site } from '@/site.config'
import {
  type Author,
  type Category,
  getAllSeries,
  getAuthors,
  getCategories,
  getPosts,
  getTags,
  type Series,
  type Tag,
} from '../posts/published'
import { authorAddress, categoryAddress, categoryTitle, feedAddress, seriesAddress, tagAddress } from '../site/address'
import { inFeed, type List } from './feed-items'

export const wholeBlog = (): List => ({ name: '', description: site.description, page: '/', posts: getPosts() })

export const ofTag = ({ key, label, posts }: Tag): List => ({
  name: label,
  description: `Posts about ${label}.`,
  page: tagAddress(key),
  posts,
})

export const ofCategory = ({ name, posts }: Category): List => ({
  name: categoryTitle(name),
  description: `Posts in ${categoryTitle(name)}.`,
  page: categoryAddress(name),
  posts,
})

export const ofAuthor = ({ slug, name, posts }: Author): List => ({
  name,
  description: `Posts by ${name}.`,
  page: authorAddress(slug),
  posts,
})

export const ofSeries = ({ key, name, posts }: Series): List => ({
  name,
  description: `${name}, a series.`,
  page: seriesAddress(key),
  posts,
})

/** A feed as the page of feeds lists it. */
export type FeedLink = { name: string; href: string; count: number }

/** The feeds of tags, categories, series and authors, by what they are of. A kind without any is left out. */
export function feedsByKind(): { kind: string; feeds: FeedLink[] }[] {
  const kinds = [
    { kind: 'Tags', lists: getTags().map(ofTag) },
    { kind: 'Categories', lists: getCategories().map(ofCategory) },
    { kind: 'Series', lists: getAllSeries().map(ofSeries) },
    { kind: 'Authors', lists: getAuthors().map(ofAuthor) },
  ]
  return kinds.flatMap(({ kind, lists }) => {
    const feeds = lists.map(({ name, page, posts }) => ({
      name,
      href: feedAddress(page),
      count: inFeed(posts).length,
    }))
    return feeds.length > 0 ? [{ kind, feeds }] : []
  })
}
