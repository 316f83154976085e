import { type Dirent, readdirSync } from 'node:fs'
import { readFile, realpath } from 'node:fs/promises'
import path from 'node:path'
import type { SchemaDef } from '@contentlayer2/core'
import type { Author, Page, Post } from 'contentlayer/generated'
import { site } from '@/site.config'
import { ifRefused, statOf } from '../markdown/media/media'
import type { Facts } from '../store/manifest'
import { contentDir } from '../store/paths'
import { isHidden, refusedInContent } from '../store/symlinks'
import type { Problem } from '../store/types'
import type { Known } from './bodies'
import { readSource } from './front-matter'
import { keptBackFromAbove } from './kept-back'
import { type Schema, type Source, unreadSource } from './source'

/** A compiled document: its front matter with the computed fields, typed by contentlayer/generated, and its body. */
export type Document = { file: string; source: Source; body: Known } & (
  | { type: 'Post'; fields: Facts<Post> }
  | { type: 'Author'; fields: Facts<Author> }
  | { type: 'Page'; fields: Facts<Page> }
)

const SECTIONS = ['posts', 'authors', 'pages']

/** The documents of a content folder, relative to it and by name; the folders they are in, absolute; and files that cannot be documents. */
export type Listing = { files: string[]; folders: string[]; problems: Problem[] }

/**
 * Lists the documents of the content folder. Hidden files are not content, a symbolic link is followed unless `refusedInContent`
 * names it, and other files with the name of a document (a pipe, an author in a folder) are problems.
 *
 * @throws when a folder cannot be read.
 */
export function listDocuments(): Listing {
  const refused = new Set(refusedInContent().map(({ link }) => link))
  const listing: Listing = { files: [], folders: [contentDir], problems: [] }
  const walk = (place: string) => {
    const folder = path.join(contentDir, place)
    listing.folders.push(folder)
    for (const entry of entriesOf(folder)) {
      const file = path.posix.join(place, entry.name)
      if (entry.name.startsWith('.') || refused.has(path.join(folder, entry.name))) continue
      if (isFolder(entry, folder)) walk(file)
      else if (/\.mdx?$/.test(entry.name)) take(file, entry)
    }
  }
  const take = (file: string, entry: Dirent) => {
    const stat = entry.isFile() ? undefined : statOf(path.join(contentDir, file))
    if (!entry.isFile() && !stat) return
    if (stat && !stat.isFile()) listing.problems.push(...unreadSource(file).problems)
    else if (/^authors\/.*\//.test(file)) {
      const message = `an author is a file of content/authors itself. Move this to content/authors/${entry.name}.`
      listing.problems.push({ file, line: 1, severity: 'error', message })
    } else listing.files.push(file)
  }
  for (const section of SECTIONS) {
    const folder = path.join(contentDir, section)
    if (!refused.has(folder) && statOf(folder)?.isDirectory()) walk(section)
  }
  listing.files.sort()
  return listing
}

function entriesOf(folder: string): Dirent[] {
  try {
    return readdirSync(folder, { withFileTypes: true })
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException
    // The folder has been removed since the one above it was listed.
    if (code === 'ENOENT' || code === 'ENOTDIR') return []
    throw new Error(`${folder} cannot be read (${code}). Correct its permissions, or remove it.`, { cause: error })
  }
}

const isFolder = (entry: Dirent, folder: string) =>
  entry.isDirectory() || (entry.isSymbolicLink() && statOf(path.join(folder, entry.name))?.isDirectory() === true)

/**
 * Reads documents of one compilation, and what the files above them say about their readers.
 *
 * @param now the moment of the compilation.
 */
export function makeReader(schema: SchemaDef, now: Date) {
  const clock = { now, timeZone: site.timeZone }
  const said = new Map<string, string | undefined>()
  const root = realpath(contentDir)

  /** Why a file is kept back by a file above it. All files of a folder share the reason, but for `_index.md`, which may be that file. */
  const above = (file: string): string | undefined => {
    const place = path.posix.basename(file) === '_index.md' ? file : path.posix.dirname(file)
    if (!said.has(place)) said.set(place, keptBackFromAbove(file, contentDir, clock))
    return said.get(place)
  }

  /** Reads a document. A link to a file outside the content folder is not followed, and a link to a draft is a draft. */
  const read = async (relative: string): Promise<Source> => {
    const file = path.join(contentDir, relative)
    if (!statOf(file)?.isFile()) return readChecked(relative, undefined)
    const place = path.relative(await root, await realpath(file))
    if (place.startsWith('..') || path.isAbsolute(place) || (isHidden(place) && !isHidden(relative))) {
      const source = readChecked(relative, '---\n---\n')
      // `refusedLinks` says what is wrong with the link.
      return { ...source, fields: { ...source.fields, draft: true }, problems: [] }
    }
    const text = await readFile(file, 'utf8').catch(ifRefused)
    const source = readChecked(relative, text)
    const real = place.split(path.sep).join('/')
    if (real === relative) return source
    const there = readChecked(real, text)
    return there.fields.draft === true ? { ...source, fields: { ...source.fields, draft: true } } : source
  }

  function readChecked(file: string, text: string | undefined): Source {
    const type = schemaOf(file, schema)
    const source = text === undefined ? unreadSource(file, type) : readSource(file, text, type, clock, above(file))
    if (source.type === 'Post') {
      const named = source.fields.slug as string | undefined
      source.fields.slug = (named || file.replace(/^posts\//, '').replace(/(\/index)?\.mdx?$/, ''))
        .normalize('NFC')
        .replace(/^\/+|\/+$/g, '')
    }
    return source
  }

  return { above, read }
}

/** Posts, authors and pages are told apart by their folder. */
function schemaOf(file: string, schema: SchemaDef): Schema {
  const name = file.startsWith('authors/') ? 'Author' : file.startsWith('pages/') ? 'Page' : 'Post'
  const nested: Schema['nested'] = (type) =>
    type.type === 'nested' ? (schema.nestedTypeDefMap[type.nestedTypeName]?.fieldDefs ?? []) : []
  return { name, fields: typeOf(name, schema).fieldDefs, nested }
}

function typeOf(name: string, schema: SchemaDef) {
  const type = schema.documentTypeDefMap[name]
  if (!type) throw new Error(`contentlayer.config.ts has no document type ${name}.`)
  return type
}

/**
 * Makes a document of its front matter and body: adds the computed fields, and checks every field against its type.
 *
 * @throws when a field is not what contentlayer.config.ts says it is, which only a mistake in code can cause.
 */
export async function makeDocument(file: string, source: Source, body: Known, schema: SchemaDef): Promise<Document> {
  const type = typeOf(source.type, schema)
  const fields: Record<string, unknown> = {}
  for (const field of type.fieldDefs) {
    const value = source.fields[field.name]
    if (field.isSystemField || value === undefined) continue
    fields[field.name] =
      field.type === 'nested' ? { ...(value as object), type: field.nestedTypeName, _raw: {} } : value
  }
  const sourceFileDir = path.posix.dirname(file)
  const flattenedPath = file.replace(/\.mdx?$/, '').replace(/(^|\/)index$/, '')
  const raw = { sourceFilePath: file, sourceFileName: path.posix.basename(file), sourceFileDir, flattenedPath }
  const { firstParagraph, words } = body
  const whole = {
    ...fields,
    _id: file,
    _raw: { ...raw, contentType: 'markdown' },
    type: source.type,
    body: { firstParagraph, words },
  }
  for (const computed of type.computedFields) fields[computed.name] = await computed.resolve(whole)

  const common = { file, source, body }
  const wrong = (name: string) =>
    new Error(`${file}: "${name}" is not what contentlayer.config.ts says. Mend its type there, or how it is computed.`)
  const check: <Type>(value: object) => asserts value is Facts<Type> = (value) => {
    for (const { name, type: kind, isRequired, isSystemField } of type.fieldDefs)
      if (!isSystemField && !fits(kind, (value as typeof fields)[name], isRequired)) throw wrong(name)
    for (const { name, type: kind } of type.computedFields)
      if (!fits(String(kind), (value as typeof fields)[name], false)) throw wrong(name)
  }
  if (source.type === 'Author') {
    check<Author>(fields)
    return { ...common, type: 'Author', fields }
  }
  if (source.type === 'Page') {
    check<Page>(fields)
    return { ...common, type: 'Page', fields }
  }
  check<Post>(fields)
  return { ...common, type: 'Post', fields }
}

/** Whether a value is of one of Contentlayer's types, as far as this blog uses them. */
function fits(type: string, value: unknown, isRequired: boolean): boolean {
  if (value === undefined) return !isRequired
  switch (type) {
    case 'string':
    case 'number':
    case 'boolean':
      return typeof value === type && !Number.isNaN(value)
    case 'date':
      return typeof value === 'string' && !Number.isNaN(Date.parse(value))
    case 'list':
      return Array.isArray(value)
    case 'nested':
      return typeof value === 'object' && value !== null
    default:
      return true
  }
}
