import path from 'node:path'

/** The folder of the words. `CONTENT_DIR` lets a test or a second site bring its own. */
export const contentDir = path.resolve(/*turbopackIgnore: true*/ process.env.CONTENT_DIR || 'content')

/** The compiled store: `manifest.json`, and `bodies/` with one file for each document. `STORE_DIR` moves it. */
export const storeDir = path.resolve(/*turbopackIgnore: true*/ process.env.STORE_DIR || '.contentlayer/store')

export const manifestFile = path.join(storeDir, 'manifest.json')

/** @returns the file of a compiled body, by its key. */
export const bodyFile = (key: string) => path.join(storeDir, 'bodies', `${key}.json`)
