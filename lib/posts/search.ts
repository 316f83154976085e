import 'server-only'
import { site } from '@/site.config'
import { readHeadings, readSearchIndex } from '../store/read'
import type { SearchPart } from '../store/types'
import { type Found, makeFinder } from './find'
import { getAuthorsOf, getPosts, type PostSummary } from './published'

let current: { posts: PostSummary[]; find: typeof searchPosts } | undefined

/**
 * Searches the titles, tags, headings, authors and summaries of published posts that are listed.
 *
 * @returns the best `most` posts (`makeFinder` says in which order), and how many there are in all.
 */
export function searchPosts(query: string, most: number): { found: Found<PostSummary>[]; all: number } {
  const posts = getPosts()
  if (current?.posts !== posts) {
    const headings = readHeadings()
    const searched = posts.map((post) => ({
      ...post,
      authors: getAuthorsOf(post).map(({ name }) => name),
      headings: headings[post.body] ?? [],
    }))
    current = { posts, find: makeFinder(searched, site.language) }
  }
  return current.find(query, most)
}

/** The parts of the index for the search in the browser, the newest posts first. They hold nothing but published posts that are listed. */
export const getSearchIndex = (): SearchPart[] => readSearchIndex()
