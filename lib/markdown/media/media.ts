import { createHash } from 'node:crypto'
import { createReadStream, existsSync, realpathSync, type Stats, statSync } from 'node:fs'
import { readFile } from 'node:fs/promises'
import path from 'node:path'
import { safelyDecoded } from '../../site/address'
import { contentDir, pictureFile } from '../../store/paths'
import { isHidden, isInside, isSource } from '../../store/symlinks'
import type { Media } from '../../store/types'
import { copyWhole, replaceFile } from '../../store/write'
import { safeSvg } from './svg'

/** A local file, before anything is made from it. */
export type Original = Pick<Media, 'file' | 'stamp'> & {
  /** Part of its address. It changes with the bytes of the file, and with `EDITIONS`. */
  hash: string
  /** The beginning of the names of its files in the store. The hash cannot be computed from it. */
  key: string
  /** The file name without its ending. */
  stem: string
}

/**
 * The version of the code that makes files (variants.ts, svg.ts, `attach`). Raise the number with any change there, because browsers keep
 * the old file for an old address. A file that is shown and also offered for download has two addresses, and two files in the store.
 */
const EDITIONS = { shown: 'pictures 2', offered: 'attachments 1' }

/** Whether a file is a film, by the ending of its name. Films and sounds have a route of their own, which answers requests for parts. */
export const isVideo = (name: string) => /\.(mp4|webm|mov|m4v|ogv)$/i.test(pathOf(name))
/** Whether a file is a sound, by the ending of its name. */
export const isAudio = (name: string) => /\.(mp3|m4a|ogg|wav)$/i.test(pathOf(name))

const pathOf = (source: string) => source.replace(/[?#].*$/, '')
/** The fragment of an address, which is kept: `#t=20` of a film, `#part` of a drawing. */
export const fragmentOf = (source: string) => /#.*$/.exec(source)?.[0] ?? ''

/** Files in `app/` that Next.js serves as they are: icons, pictures for social cards, robots.txt and the like. */
export const METADATA =
  /^(favicon\.ico|(icon|apple-icon)\d*\.(ico|jpe?g|png|svg)|(opengraph|twitter)-image\d*\.(jpe?g|png|gif)|robots\.txt|sitemap\.xml|manifest\.(json|webmanifest))$/

const isMetadata = (file: string) => isInside(file, path.resolve('app')) && METADATA.test(path.basename(file))

/** Error codes for a path that cannot be read, which the author can mend. A full disk has another code. */
const REFUSED = /^(ENOENT|ENAMETOOLONG|EINVAL|EILSEQ|ERR_INVALID_ARG_VALUE|ELOOP|ENOTDIR|EISDIR|EACCES|EPERM|ENXIO)$/

/** @returns the state of a file, or undefined when it is missing or cannot be read. */
export function statOf(file: string): Stats | undefined {
  try {
    return statSync(file, { throwIfNoEntry: false })
  } catch (error) {
    return ifRefused(error)
  }
}

/**
 * @returns undefined, for an error that means that a file is missing or cannot be read.
 * @throws any other error.
 */
export function ifRefused(error: unknown): undefined {
  if (!REFUSED.test((error as NodeJS.ErrnoException).code ?? '')) throw error
}

/** @returns a text that changes with the file; empty when there is no regular file at the path. */
export function stamp(file: string): string {
  const stat = statOf(file)
  return stat?.isFile() ? `${stat.size}-${Math.round(stat.mtimeMs)}` : ''
}

/** @returns why there can be no readable file at a path, as the end of a sentence; undefined when the file is only missing. */
export function whyNoFile(file: string): string | undefined {
  if (file.includes('\0')) return 'has a character that no file has in its name'
  if (Buffer.byteLength(path.basename(file)) > 255 || Buffer.byteLength(file) > 4000)
    return 'is longer than the name of a file can be'
  const stat = statOf(file)
  if (stat?.isFile()) return 'may not be read'
  return stat && `is ${stat.isDirectory() ? 'a folder' : 'no file'}`
}

/** Whether a file of a stored body has not changed since the document was compiled, and the store still has all files made from it. */
export const isCurrent = ({ file, stamp: before, kept }: Media) =>
  ownStamp(path.resolve(contentDir, file)) === before && kept.every((one) => existsSync(pictureFile(one.file)))

/**
 * Finds the file that an address in a document means.
 *
 * @param source as the author wrote it: `./shot.png`, `shot.png`, or `/images/shot.png` for a file in `public/` (`/icon.svg` is in `app/`).
 * @param folder the folder of the document.
 * @returns the absolute path, even if no file is there; undefined for an address on another site.
 */
export function locate(source: string, folder: string): string | undefined {
  if (/^([a-z][a-z0-9+.-]*:|\/\/|#|$)/i.test(source)) return undefined
  const name = safelyDecoded(pathOf(source))
  const inApp = path.resolve('app', `.${name}`)
  if (name.startsWith('/') && isMetadata(inApp) && existsSync(inApp)) return inApp
  return path.resolve(name.startsWith('/') ? path.join('public', name) : path.join(folder, name))
}

/** Whether a document may show or offer a file: it must be in the content folder or in `public/`, after following symlinks. */
export const isOwn = (file: string) => whyNotOwn(file) === undefined

/** @returns why a document may not show or offer a file, as the end of a sentence; undefined when it may. Symlinks are followed first. */
export function whyNotOwn(file: string): string | undefined {
  if (isMetadata(file)) return undefined
  const isThere = existsSync(file)
  const real = isThere ? realpathSync(file) : file
  const folder = ownFolders().find((one) => isInside(real, isThere && existsSync(one) ? realpathSync(one) : one))
  if (!folder)
    return 'is neither in the content folder nor in public/. Put the file itself into one of them, and write its path.'
  const place = path.relative(isThere ? realpathSync(folder) : folder, real)
  if (isSource(real)) return 'leads to the source of a document. Link to the document, or put the file itself there.'
  if (isHidden(place) && !isHidden(path.relative(folder, file)))
    return 'leads to what is hidden by a dot. Put the file itself there.'
  return undefined
}

const ownFolders = () => [contentDir, path.resolve('public')]

const ownStamp = (file: string) => (isOwn(file) ? stamp(file) : '')

/** @returns the file with its hash; undefined when there is no such file, or a document may not show it. */
export async function openOriginal(file: string, use: keyof typeof EDITIONS): Promise<Original | undefined> {
  const found = ownStamp(file)
  if (!found) return undefined
  const sum = createHash('sha256').update(`${EDITIONS[use]}\0`)
  try {
    for await (const chunk of createReadStream(file)) sum.update(chunk)
  } catch (error) {
    return ifRefused(error)
  }
  const digest = sum.digest('hex')
  return {
    file,
    stamp: found,
    hash: digest.slice(0, 12),
    key: createHash('sha256').update(digest).digest('hex').slice(0, 32),
    stem: shortened(path.parse(file).name.normalize('NFC')),
  }
}

/** Shortens a name so that endings (`-1280.avif`, `.body`) can be added: a file system allows 255 bytes. */
function shortened(name: string): string {
  let short = ''
  for (const letter of name) if (Buffer.byteLength(short + letter) <= 200) short += letter
  return short
}

/** @returns the name of a file in the store, and its address; both end with `ending`. */
export function served({ hash, key, stem }: Original, ending: string, section = 'media') {
  return { file: `${key}${ending}`, src: `/${section}/${hash}/${encodeURIComponent(`${stem}${ending}`)}` }
}

/**
 * Puts a file beside a document into the store unchanged: a film, a sound, or the target of a link (`[slides](./slides.pdf)`). Only SVG
 * is changed: scripts are removed.
 *
 * @param source as the author wrote it.
 * @param folder the folder of the document.
 * @returns undefined for an address on another site, a file in `public/` (it has an address already), a document, and a file that is
 * hidden or outside the content folder; without a stamp when the file is missing. The caller adds the result to `Found.pictures`,
 * otherwise the file is not served.
 */
export async function attach(source: string, folder: string): Promise<Media | undefined> {
  const file = source.startsWith('/') ? undefined : locate(source, folder)
  const place = file && path.relative(contentDir, file)
  if (!file || !place || !isInside(file, contentDir) || isHidden(place) || isSource(place)) return undefined
  const original = await openOriginal(file, 'offered')
  if (!original) return { file, stamp: '', src: source, kept: [] }
  const ending = path.extname(file)
  const isDrawing = /\.svg$/i.test(ending)
  const drawing = isDrawing ? await safeSvg(await readFile(file, 'utf8')).catch(() => undefined) : undefined
  // An SVG that cannot be made safe is served as plain text.
  const name = isDrawing && !drawing ? `${ending}.txt` : ending
  const one = served(original, name, isVideo(file) || isAudio(file) ? 'video' : 'media')
  await inTurn(original.key, () =>
    drawing ? replaceFile(pictureFile(one.file), drawing.bytes) : keepCopy(file, one.file),
  )
  return { file, stamp: original.stamp, src: `${one.src}${fragmentOf(source)}`, kept: [one] }
}

/** Copies a file into the store, unless it is there. */
export async function keepCopy(file: string, name: string) {
  const kept = pictureFile(name)
  if (!existsSync(kept)) await copyWhole(file, kept)
}

const turns = new Map<string, Promise<unknown>>()
/** Runs work with the same key one after the other, because two documents may show the same picture. */
export function inTurn<Result>(key: string, work: () => Promise<Result>): Promise<Result> {
  const before = turns.get(key)
  const result = before ? before.then(work, work) : work()
  turns.set(key, result)
  result
    .finally(() => {
      if (turns.get(key) === result) turns.delete(key)
    })
    .catch(() => {})
  return result
}
