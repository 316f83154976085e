import 'server-only'
import { readManifest } from '../store/read'
import type { Problem } from '../store/types'

/**
 * The problems of a published file, which a development server shows to its writer. Any other server gets an empty list.
 *
 * @param file relative to the content folder.
 */
export function getProblems(file: string): Problem[] {
  if (process.env.NODE_ENV !== 'development') return []
  const { posts, authors, pages } = readManifest()
  return [...posts, ...authors, ...pages].find((entry) => entry.file === file)?.problems ?? []
}
