import 'server-only'
import { existsSync, readFileSync, statSync } from 'node:fs'
import { readFile } from 'node:fs/promises'
import { cache } from 'react'
// Written with every manifest: in development Next.js sees it change and refreshes the pages that are open.
import compiled from '../../.contentlayer/compiled.json'
import type { Manifest } from './manifest'
import { bodyFile, headingsFile, manifestFile, searchFile } from './paths'
import type { Body, Headings, SearchPart } from './types'

let loaded: { mtimeMs: number; manifest: Manifest } | undefined

/**
 * The manifest, read again when its file has been replaced.
 *
 * @throws when nothing has been compiled, or the file is not what the compiler writes.
 */
export function readManifest(): Manifest {
  const stat = statSync(/*turbopackIgnore: true*/ manifestFile(), { throwIfNoEntry: false })
  if (!stat)
    throw new Error(`There is no compiled content at ${manifestFile()}. Run "npm run build" (${compiled.revision}).`)
  if (loaded?.mtimeMs !== stat.mtimeMs) {
    loaded = {
      mtimeMs: stat.mtimeMs,
      manifest: JSON.parse(readFileSync(/*turbopackIgnore: true*/ manifestFile(), 'utf8')),
    }
  }
  return loaded.manifest
}

/** When the content was compiled: what is published was decided then, and the public pages are of that moment. */
export function compiledAt(): Date {
  return new Date(readManifest().compiledAt)
}

/** The compiled body that an entry of the manifest names; read once for each page. */
export const readBody = cache(async (key: string): Promise<Body> => {
  return JSON.parse(await readFile(/*turbopackIgnore: true*/ bodyFile(key), 'utf8'))
})

/** The headings of published posts. They are written with the manifest, by every compilation. */
export const readHeadings = (): Headings => JSON.parse(readFileSync(/*turbopackIgnore: true*/ headingsFile(), 'utf8'))

/** The parts of the index for the search in the browser, the newest posts first. It is empty in development, which makes none. */
export function readSearchIndex(): SearchPart[] {
  if (process.env.NODE_ENV === 'development' || !existsSync(/*turbopackIgnore: true*/ searchFile())) return []
  return JSON.parse(readFileSync(/*turbopackIgnore: true*/ searchFile(), 'utf8'))
}
