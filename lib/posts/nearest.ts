import 'server-only'
import {
  authorAddress,
  categoryAddress,
  categoryTitle,
  encodePath,
  postAddress,
  seriesAddress,
  tagAddress,
} from '../site/address'
import { nearestIn, type Place } from '../site/nearest'
import { getAllSeries, getAuthors, getCategories, getPages, getPosts, getTags } from './published'

let current: { posts: object; find: (address: string) => Place[] } | undefined

/** @returns at most three public places whose address is like one that is not there; unlisted posts are not among them. */
export function getNearest(address: string): Place[] {
  const posts = getPosts()
  // The list of posts is another one after each compilation.
  if (current?.posts !== posts) current = { posts, find: nearestIn(allPlaces()) }
  return current.find(address)
}

const allPlaces = (): Place[] => [
  ...getPosts().map(({ title, slug, lang }) => ({ label: title, href: postAddress(slug), lang })),
  ...getPages().map(({ title, slug }) => ({ label: title, href: `/${encodePath(slug)}` })),
  ...getCategories().map(({ name }) => ({ label: categoryTitle(name), href: categoryAddress(name) })),
  ...getTags().map(({ key, label }) => ({ label, href: tagAddress(key) })),
  ...getAllSeries().map(({ name }) => ({ label: name, href: seriesAddress(name) })),
  ...getAuthors().map(({ name, slug }) => ({ label: name, href: authorAddress(slug) })),
]
