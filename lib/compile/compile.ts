import { createHash } from 'node:crypto'
import { existsSync, readdirSync, statSync } from 'node:fs'
import path from 'node:path'
import { site } from '@/site.config'
import { ifRefused } from '../markdown/media/media'
import { contentDir, headingsFile, manifestFile } from '../store/paths'
import { refusedInContent, refusedInPublic } from '../store/symlinks'
import type { Change, Headings, Problem } from '../store/types'
import { replaceFile } from '../store/write'
import { keepAsked } from './asked'
import { makeAssets } from './assets'
import { compileBody, isFresh } from './bodies'
import { makeCards, noCards } from './cards'
import { type Document, type Listing, listDocuments, makeDocument, makeReader } from './documents'
import { forEach } from './for-each'
import { headOf, lastChanges } from './git-history'
import { isListed } from './listed'
import { coloursOfLook, sheetOfLook } from './look'
import { checkDocuments, isPending, manifestOf } from './manifest-of'
import { prune } from './prune'
import { readSchema } from './schema'
import type { Source } from './source'
import { watchFolders } from './watch'

/** The result of a compilation: every problem, by file and line, and the number of documents. */
export type Compiled = { problems: Problem[]; documents: number }

type Options = { watch?: (error: unknown) => void; strict?: boolean; cards?: boolean; found?: Problem[] }

/**
 * Compiles `content/` into the store: reads each document, checks it, renders its body, and writes the manifest. What has not changed
 * since the last time is not rendered again.
 *
 * @param onCompiled is told of the first compilation and, when watching, of each later one.
 * @param options.watch goes on until the process ends, and is told what goes wrong with a save; without it, one compilation is all.
 * @param options.strict writes nothing when there is an error.
 * @param options.cards makes the cards of public pages too. A writer does not wait for them.
 * @param options.found problems that are known already: those of the facts about the site.
 * @returns when watching, a function that waits until everything saved before its call is compiled. It gives the error when that fails.
 * @throws the error of the first compilation.
 */
export async function compile(
  onCompiled: (compiled: Compiled) => void,
  options: Options = {},
): Promise<(() => Promise<unknown>) | undefined> {
  if (!existsSync(contentDir)) throw new Error(`There is no folder ${contentDir}. Posts belong in its "posts" folder.`)
  const next = await makeCompiler(options)
  const { watch } = options
  const takeUp = async (look?: (folders: Iterable<string>) => void) => {
    const compiled = await next(look)
    if (compiled) onCompiled(compiled)
  }
  if (!watch) {
    await takeUp()
    return undefined
  }
  let isFirst = true
  const compileAgain = (): Promise<Error | undefined> =>
    takeUp(look).catch((error) => {
      if (!isFirst) watch(error)
      return error
    })
  const { look, takenUp } = watchFolders(compileAgain)
  // The first compilation is a run of the watcher too, so that no other one runs beside it.
  const wrong = await takenUp()
  if (wrong) throw wrong
  isFirst = false
  return takenUp
}

/** A document, with the stamp of its file, when that was saved, and what the files above it said when it was read. */
type Held = { stamp: string; saved: number; above: string | undefined; document: Document }

/**
 * Makes a function that compiles once. It keeps its documents, so that the next call compiles only those that have changed.
 *
 * @returns takes a function that watches folders; gives undefined when nothing has changed.
 */
async function makeCompiler(options: Options) {
  const schema = await readSchema()
  const held = new Map<string, Held>()
  /** The last change of each file. Git is asked again when a file has been saved or another commit is checked out. */
  const changes = new Map<string, Change | undefined>()
  let head: string | undefined
  let surroundings: string | undefined
  let isWritten = false

  return async (look?: (folders: Iterable<string>) => void): Promise<Compiled | undefined> => {
    // It decides what is public, for everything that is read and written from here on.
    const now = new Date()
    const listing = listDocuments()
    // They are watched before they are read, so that no change falls between.
    look?.(foldersOf(listing))
    const files = new Set(listing.files)
    for (const file of held.keys()) {
      if (files.has(file)) continue
      held.delete(file)
      isWritten = false
    }
    const reader = makeReader(schema, now)
    await forEach(listing.files, async (file) => {
      const before = held.get(file)
      const { stamp, saved } = stampOf(file)
      const above = reader.above(file)
      const isRead = before !== undefined && before.stamp === stamp && before.above === above
      if (isRead && isFresh(before.document.body)) return
      const source = isRead ? before.document.source : await reader.read(file)
      const body = await compileBody(file, ingredientsOf(source))
      const document = await makeDocument(file, source, body, schema)
      held.set(file, { stamp, saved, above, document })
      // A draft that is saved again without a change has been edited later all the same.
      const isSame = before?.saved === saved && JSON.stringify(before.document) === JSON.stringify(document)
      if (isSame) return
      changes.delete(file)
      isWritten = false
    })
    if (look) {
      look(foldersOf(listing))
      const commit = await headOf(contentDir)
      if (commit !== head) changes.clear()
      head = commit
      const found = commit + surroundingsOf(listing)
      if (found !== surroundings) isWritten = false
      surroundings = found
    }
    if (isWritten) return undefined
    const documents = listing.files.flatMap((file) => held.get(file)?.document ?? [])
    const compiled = await store(documents, listing.problems, now)
    isWritten = true
    return compiled
  }

  /** The folders of documents, of `public/`, and of all that documents show or import. */
  function* foldersOf({ folders }: Listing) {
    yield* folders
    yield* foldersOfPublic()
    for (const { document } of held.values()) {
      const { pictures, imports } = document.body
      for (const part of [...pictures, ...imports]) yield path.dirname(path.resolve(contentDir, part.file))
    }
  }

  /** Writes the manifest of a compilation, unless it is strict and something is wrong. */
  async function store(documents: Document[], found: Problem[], now: Date): Promise<Compiled> {
    const { strict, watch } = options
    const checked = checkDocuments(documents, [...(options.found ?? []), ...found], now)
    const compiled = { problems: checked.problems, documents: documents.length }
    if (strict && compiled.problems.some(({ severity }) => severity === 'error')) return compiled
    await askGit(documents, now)
    const { reader, search, nearest, comments, ...assets } = await makeAssets(
      new Set(documents.flatMap(({ body }) => body.needs)),
    )
    const manifest = manifestOf(documents, checked, changes, assets, now)
    const { cards, kept, problems } = options.cards ? await makeCards(manifest, documents, now) : noCards
    manifest.cards = cards
    compiled.problems.push(...problems)
    if (strict && problems.some(({ severity }) => severity === 'error')) return compiled
    const asked = await keepAsked(manifest)
    const { compiledAt: _compiledAt, nextChange: _nextChange, ...content } = manifest
    const same = createHash('sha256').update(JSON.stringify(content)).digest('hex').slice(0, 16)
    await replaceFile(manifestFile(), JSON.stringify(manifest))
    await replaceFile(headingsFile(), JSON.stringify(headingsOf(documents, now)))
    const { paper } = coloursOfLook(site.look)
    await replaceFile('.contentlayer/look.css', sheetOfLook(site.look))
    await replaceFile(
      '.contentlayer/compiled.json',
      JSON.stringify({ revision: watch ? String(Date.now()) : same, reader, search, nearest, comments, paper }),
    )
    if (!watch) await prune(documents, asked, kept)
    return compiled
  }

  /** Asks git for the last changes of posts that are not published, or will not always be. */
  async function askGit(documents: Document[], now: Date) {
    const pending = documents.flatMap(({ file, type, fields }) =>
      type === 'Post' && isPending(fields, now) ? [file] : [],
    )
    const unasked = pending.filter((file) => !changes.has(file))
    const found = await lastChanges(contentDir, unasked)
    for (const file of unasked) changes.set(file, found.get(file))
  }
}

/** The headings of the posts that are listed, by the key of the body. */
function headingsOf(documents: Document[], now: Date): Headings {
  const listed = documents.flatMap(({ type, fields, body }) => (type === 'Post' && isListed(fields, now) ? [body] : []))
  return Object.fromEntries(listed.map(({ key, headings }) => [key, headings.map(({ id, text }) => ({ id, text }))]))
}

const ingredientsOf = ({ body, bodyLine, fields: { lang, images } }: Source) => ({
  body,
  bodyLine,
  lang: typeof lang === 'string' ? lang : undefined,
  cover: Array.isArray(images) && typeof images[0] === 'string' ? images[0] : undefined,
})

/** A text that differs once a file has been written. A file of this moment may be written again in the same tick of the clock, so its text differs at each call. */
function stampOf(file: string): { stamp: string; saved: number } {
  try {
    const { ino, size, mtimeMs, ctimeMs } = statSync(path.join(contentDir, file))
    const parts = [ino, size, mtimeMs, ctimeMs, ...(Date.now() - ctimeMs < 50 ? [performance.now()] : [])]
    return { stamp: parts.join(' '), saved: mtimeMs }
  } catch (error) {
    return { stamp: String(ifRefused(error)), saved: 0 }
  }
}

/** The folders of `public/`, but for the one that the compiler itself writes into. */
function foldersOfPublic(): string[] {
  const root = path.resolve('public')
  const below = (folder: string): string[] => [
    folder,
    ...readdirSync(folder, { withFileTypes: true })
      .filter((entry) => entry.isDirectory() && path.join(folder, entry.name) !== path.join(root, 'assets'))
      .flatMap((entry) => below(path.join(folder, entry.name))),
  ]
  return existsSync(root) ? below(root) : []
}

/** Everything but the documents on which their problems and links depend, as a text to compare. */
function surroundingsOf({ problems }: Listing): string {
  const names = foldersOfPublic().map((folder) => [folder, ...readdirSync(folder)])
  return JSON.stringify([problems, refusedInContent(), refusedInPublic(), names])
}
