import 'server-only'
import { readManifest } from '../store/read'
import type { Problem } from '../store/types'

/**
 * What the checks found in a file that is published, for its writer: nothing outside of a development server.
 *
 * @param file relative to the content folder.
 */
export function getProblems(file: string): Problem[] {
  if (process.env.NODE_ENV !== 'development') return []
  const { posts, authors, pages } = readManifest()
  return [...posts, ...authors, ...pages].find((entry) => entry.file === file)?.problems ?? []
}
