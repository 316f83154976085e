import { createHash } from 'node:crypto'
import path from 'node:path'

/** The folder of the words. `CONTENT_DIR` lets a test or a second site bring its own. */
export const contentDir = path.resolve(/*turbopackIgnore: true*/ process.env.CONTENT_DIR || 'content')

/** The compiled store: `manifest.json`, `bodies/` with one file for each document, and `media/` with the pictures of drafts. `STORE_DIR` moves it. */
export const storeDir = path.resolve(/*turbopackIgnore: true*/ process.env.STORE_DIR || '.contentlayer/store')

export const manifestFile = path.join(storeDir, 'manifest.json')

/** @returns the file of a compiled body, by its key. */
export const bodyFile = (key: string) => path.join(storeDir, 'bodies', `${key}.json`)

/** @returns the file of a picture beside a draft, by the hash in its address, which the name of the file does not tell. */
export const mediaFile = (hash: string) =>
  path.join(storeDir, 'media', hash && createHash('sha256').update(hash).digest('base64url').slice(0, 27))
