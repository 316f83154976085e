import { createHash } from 'node:crypto'
import { readFileSync, statSync } from 'node:fs'
import path from 'node:path'
import sharp from 'sharp'

/** A picture in a document. `file` is absolute; `stamp` tells whether it has changed; a missing file has no size. */
export type Picture = { file: string; stamp: string; src: string; width?: number; height?: number }

/** @returns something that differs when the file does; empty when there is no such file. */
export function stamp(file: string): string {
  const stat = statSync(file, { throwIfNoEntry: false })
  return stat?.isFile() ? `${stat.size}-${Math.round(stat.mtimeMs)}` : ''
}

/**
 * Finds a local picture and its size in pixels.
 *
 * @param source as it is written: `./shot.png`, `shot.png`, or `/images/shot.png` for one in `public/`.
 * @param folder the folder of the document.
 * @returns nothing for a picture elsewhere on the web. A picture beside a document is served at
 * `/media/<hash>/<name>`, so that it can be cached for good.
 */
export async function findPicture(source: string, folder: string): Promise<Picture | undefined> {
  if (/^([a-z][a-z0-9+.-]*:|\/\/)/i.test(source)) return undefined
  const name = safelyDecoded(source.replace(/[?#].*$/, ''))
  const isPublic = name.startsWith('/')
  const file = path.resolve(isPublic ? path.join('public', name) : path.join(folder, name))
  const found = stamp(file)
  if (!found) return { file, stamp: '', src: source }
  const bytes = readFileSync(file)
  const hash = createHash('sha256').update(bytes).digest('hex').slice(0, 12)
  const src = isPublic ? source : `/media/${hash}/${encodeURIComponent(path.basename(file))}`
  const { width, height, orientation } = await sharp(bytes)
    .metadata()
    .catch(() => ({ width: undefined, height: undefined, orientation: 1 }))
  if (!width || !height) return { file, stamp: found, src }
  return {
    file,
    stamp: found,
    src,
    ...((orientation ?? 1) >= 5 ? { width: height, height: width } : { width, height }),
  }
}

function safelyDecoded(text: string): string {
  try {
    return decodeURIComponent(text)
  } catch {
    return text
  }
}
