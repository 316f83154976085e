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

/** What is known of a local file before anything is made of it. */
export type Original = Pick<Media, 'file' | 'stamp'> & {
  /** In its address. Changes with its bytes, and with what we make of them. */
  hash: string
  /** Begins the names of its files in the store. Does not tell the hash. */
  key: string
  /** Its name without the ending. */
  stem: string
}

/**
 * Stands for how files are made (variants.ts, svg.ts, `attach`). Raise it with any change there: addresses are kept for good. A file
 * that is both shown and offered is two files of the store, at two addresses.
 */
const EDITIONS = { shown: 'pictures 1', offered: 'attachments 1' }

/** Films and sounds, by the endings of their names: what is asked for in parts, which a stored page cannot answer. */
export const isVideo = (name: string) => /\.(mp4|webm|mov|m4v|ogv)$/i.test(pathOf(name))
export const isAudio = (name: string) => /\.(mp3|m4a|ogg|wav)$/i.test(pathOf(name))

const pathOf = (source: string) => source.replace(/[?#].*$/, '')
/** What stands after the path and is kept: `#t=20` of a film, `#part` of a drawing. */
export const fragmentOf = (source: string) => /#.*$/.exec(source)?.[0] ?? ''

/** What Next.js serves out of `app/` as it is: icons, pictures for who shares an address, and files for machines. */
export const METADATA =
  /^(favicon\.ico|(icon|apple-icon)\d*\.(ico|jpe?g|png|svg)|(opengraph|twitter)-image\d*\.(jpe?g|png|gif)|robots\.txt|sitemap\.xml|manifest\.(json|webmanifest))$/

const isMetadata = (file: string) => isInside(file, path.resolve('app')) && METADATA.test(path.basename(file))

/** What the system says of a path that leads nowhere, which is the author's to mend; of a full disk it says something else. */
const REFUSED = /^(ENOENT|ENAMETOOLONG|EINVAL|EILSEQ|ERR_INVALID_ARG_VALUE|ELOOP|ENOTDIR|EISDIR|EACCES|EPERM|ENXIO)$/

/** @returns what is at a path, or nothing where the system refuses it, whatever for. */
export function statOf(file: string): Stats | undefined {
  try {
    return statSync(file, { throwIfNoEntry: false })
  } catch (error) {
    return ifRefused(error)
  }
}

/**
 * @returns nothing, for an error that says of a file that it is not there or not to be read.
 * @throws any other.
 */
export function ifRefused(error: unknown): undefined {
  if (!REFUSED.test((error as NodeJS.ErrnoException).code ?? '')) throw error
}

/** @returns something that differs when the file does; empty when there is no such file: a folder, a pipe or a device is none. */
export function stamp(file: string): string {
  const stat = statOf(file)
  return stat?.isFile() ? `${stat.size}-${Math.round(stat.mtimeMs)}` : ''
}

/** Why a path can have no file, or not one that can be read, as the end of a sentence; nothing where there just is none. */
export function whyNoFile(file: string): string | undefined {
  if (file.includes('\0')) return 'has a character that no file has in its name'
  if (Buffer.byteLength(path.basename(file)) > 255 || Buffer.byteLength(file) > 4000)
    return 'is longer than the name of a file can be'
  const stat = statOf(file)
  if (stat?.isFile()) return 'may not be read'
  return stat && `is ${stat.isDirectory() ? 'a folder' : 'no file'}`
}

/** Whether a file of a stored body is what it was when the document was compiled, and the store has all that was made of it. */
export const isCurrent = ({ file, stamp: before, kept }: Media) =>
  ownStamp(path.resolve(contentDir, file)) === before && kept.every((one) => existsSync(pictureFile(one.file)))

/**
 * @param source as it is written: `./shot.png`, `shot.png`, or `/images/shot.png` for one in `public/` (`/icon.svg` is in `app/`).
 * @param folder the folder of the document.
 * @returns the file, absolute, whether or not it is there; nothing for what is elsewhere on the web.
 */
export function locate(source: string, folder: string): string | undefined {
  if (/^([a-z][a-z0-9+.-]*:|\/\/|#|$)/i.test(source)) return undefined
  const name = safelyDecoded(pathOf(source))
  const inApp = path.resolve('app', `.${name}`)
  if (name.startsWith('/') && isMetadata(inApp) && existsSync(inApp)) return inApp
  return path.resolve(name.startsWith('/') ? path.join('public', name) : path.join(folder, name))
}

/** Whether a document may show or offer a file: one in the content folder or in `public/`, wherever links of the file system lead. */
export const isOwn = (file: string) => whyNotOwn(file) === undefined

/** @returns why a document may not show or offer a file, after the file's name; what a link of the file system leads to decides. */
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

/** @returns nothing when there is no such file, or it is not to be shown. */
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
    stem: shortened(path.parse(file).name),
  }
}

/** What is left of a name where endings (`-1280.avif`, `.body`) have to be added to it, in 255 bytes. */
function shortened(name: string): string {
  let short = ''
  for (const letter of name) if (Buffer.byteLength(short + letter) <= 200) short += letter
  return short
}

/** @returns how a file of the store is listed and served; `ending` is that of its name in both places. */
export function served({ hash, key, stem }: Original, ending: string, section = 'media') {
  return { file: `${key}${ending}`, src: `/${section}/${hash}/${encodeURIComponent(`${stem}${ending}`)}` }
}

/**
 * A file beside a document, as it is: a film, a sound, or what a link offers (`[slides](./slides.pdf)`). A drawing is made safe.
 *
 * @param source as it is written. `folder` is that of the document.
 * @returns nothing for an address elsewhere, for a file in `public/`, which has an address already, for a document, and for
 * what is hidden or outside the content folder; without a stamp when the file is not there. Whoever calls this adds
 * the result to `Found.pictures`, or it is not served.
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
  // What cannot be made safe is shown as its text.
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
/** Runs one piece of work after the other for each key: two documents may show the same picture. */
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
