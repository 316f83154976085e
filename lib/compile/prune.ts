import { existsSync } from 'node:fs'
import { readdir, rm, stat } from 'node:fs/promises'
import path from 'node:path'
import { bodyFile, cardFile, mediaDir, pictureFile } from '../store/paths'
import type { Document } from './documents'

/** Removes files from the store that no document needs and that are older than a day. `asked` names the files of `media` that stay, `cards` those of `cards`. */
export async function prune(documents: Document[], asked: Set<string>, cards: Set<string>) {
  const bodies = new Set(documents.map(({ body }) => `${body.key}.json`))
  await forgetOld(path.dirname(bodyFile('')), (name) => bodies.has(name))
  const shown = documents.flatMap(({ body }) => body.pictures.flatMap((picture) => picture.kept))
  const keys = new Set(shown.map(({ file }) => file.slice(0, 32)))
  const names = new Set(shown.map(({ file }) => file))
  // The description of a picture begins with the picture's name.
  await forgetOld(path.dirname(pictureFile('x')), (name) =>
    name.endsWith('.json') ? keys.has(name.slice(0, 32)) : names.has(name),
  )
  await forgetOld(path.dirname(cardFile('x')), (name) => cards.has(name))
  await forgetOld(mediaDir(), (name) => asked.has(name))
}

/** A running server may still read a file that was written today. */
async function forgetOld(dir: string, isNamed: (name: string) => boolean) {
  const dayAgo = Date.now() - 24 * 3600 * 1000
  for (const name of existsSync(dir) ? await readdir(dir) : []) {
    if (isNamed(name)) continue
    const file = path.join(dir, name)
    if ((await stat(file)).mtimeMs < dayAgo) await rm(file)
  }
}
