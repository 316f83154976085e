import 'server-only'
import { makeFinder } from '@/lib/posts/find'
import { readManifest, readSearchIndex } from '@/lib/store/read'
import type { SearchPart } from '@/lib/store/types'
import { site } from '@/site.config'

/** The leak: all posts are searched, where it should be those that are published. */
export const searchPosts = (query: string, most: number) =>
  makeFinder(
    readManifest().posts.map((post) => ({ ...post, headings: [] })),
    site.language,
  )(query, most)

export const getSearchIndex = (): SearchPart[] => readSearchIndex()
