import { createHash } from 'node:crypto'
import path from 'node:path'

/** The content folder. `CONTENT_DIR` lets a test or a second site bring its own. */
export let contentDir = path.resolve(/*turbopackIgnore: true*/ process.env.CONTENT_DIR || 'content')

/**
 * The compiled store: `manifest.json`, `bodies/` with one file for each document, `pictures/` with their pictures in all sizes and
 * their other files, `cards/` with the cards of public pages, `search/` with the index for the search in the browser, and `media/` with
 * the files that a server reads at request time, which `asked.json` lists. `STORE_DIR` moves it.
 */
export let storeDir = path.resolve(/*turbopackIgnore: true*/ process.env.STORE_DIR || '.contentlayer/store')

/**
 * Does some work with other folders than those of this process, such as a compilation of another blog. The work is done alone: nothing
 * else of this process may use the folders meanwhile.
 *
 * @returns what the work returns.
 */
export async function inFolders<Result>(content: string, store: string, work: () => Promise<Result>): Promise<Result> {
  const [contentBefore, storeBefore] = [contentDir, storeDir]
  contentDir = path.resolve(/*turbopackIgnore: true*/ content)
  storeDir = path.resolve(/*turbopackIgnore: true*/ store)
  try {
    return await work()
  } finally {
    contentDir = contentBefore
    storeDir = storeBefore
  }
}

export const manifestFile = () => path.join(/*turbopackIgnore: true*/ storeDir, 'manifest.json')

/** Lists what is read of the store at request time besides the manifest: `bodies`, `pictures` and `films`, as paths in it. */
export const askedFile = () => path.join(/*turbopackIgnore: true*/ storeDir, 'asked.json')

/** The headings of published posts, by the key of their body. Only the search of the server reads it. */
export const headingsFile = () => path.join(/*turbopackIgnore: true*/ storeDir, 'headings.json')

/** Lists the parts of the index of today. */
export const searchFile = () => path.join(/*turbopackIgnore: true*/ storeDir, 'search.json')

/** @returns the folder of a part of the index for the search in the browser, by its key. */
export const searchDir = (key: string) => path.join(/*turbopackIgnore: true*/ storeDir, 'search', key)

/** @returns the file of a compiled body, by its key. */
export const bodyFile = (key: string) => path.join(/*turbopackIgnore: true*/ storeDir, 'bodies', `${key}.json`)

/** @returns a file that documents show, by its name in the store. */
export const pictureFile = (name: string) => path.join(/*turbopackIgnore: true*/ storeDir, 'pictures', name)

/** @returns the file of a card, by its name in the store. */
export const cardFile = (name: string) => path.join(/*turbopackIgnore: true*/ storeDir, 'cards', name)

/** The folder of `mediaFile`. */
export const mediaDir = () => path.join(/*turbopackIgnore: true*/ storeDir, 'media')

/**
 * @returns a file that a server reads at request time, because a draft shows it or it is a film, by the last two segments of its
 * address, decoded. The name of the file tells neither of them.
 */
export const mediaFile = (hash: string, name: string) =>
  path.join(
    /*turbopackIgnore: true*/ mediaDir(),
    createHash('sha256').update(`${hash}/${name}`).digest('base64url').slice(0, 27),
  )
