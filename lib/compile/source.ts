import path from 'node:path'
import type { FieldDef, ListFieldDef } from 'contentlayer2/core'
import { categoryTitle } from '../site/address'
import type { Problem } from '../store/types'

/** A field of a document type, from Contentlayer's schema. */
export type Field = FieldDef
/** The type of a field, or of the items in its list. */
export type ValueType = Field | ListFieldDef['of']
export type Schema = { name: string; fields: Field[]; nested: (type: ValueType) => Field[] }

/** One file of content, read and checked. `fields` holds only values of the right type; dates are ISO 8601 in UTC. */
export type Source = {
  file: string
  type: string
  fields: Record<string, unknown>
  /** The line of each field, for problems that other files reveal. */
  lines: Record<string, number>
  body: string
  bodyLine: number
  problems: Problem[]
}

/** A source in place of a file that cannot be read, with its one problem. */
export function unreadSource(file: string, schema?: Schema): Source {
  const message = 'this file cannot be read. Correct its link or its permissions, or remove it.'
  const problems: Problem[] = [{ file, line: 1, message, severity: 'error' }]
  const source: Source = { file, type: schema?.name ?? '', fields: {}, lines: {}, body: '', bodyLine: 1, problems }
  return schema ? fillGaps(markDraft(source, schema), schema) : source
}

/** What the fields of other systems and the place of the file say about its readers. */
export type Foreign = { isDraft: boolean; isUnclear: boolean; isUnlisted: boolean; starts: Date[]; ends: Date[] }

/** Adds the problems of missing fields, and makes a draft of a file that must be one. */
export function finish(
  source: Source,
  schema: Schema,
  wrong: (line: number, message: string) => void,
  foreign: Foreign,
): Source {
  const isDraft = foreign.isDraft || (source.lines.draft !== undefined && source.fields.draft !== false)
  for (const field of schema.fields) {
    if (field.isSystemField || !field.isRequired || source.fields[field.name] !== undefined) continue
    if (fillDefault(source, field)) continue
    if (source.problems.some((problem) => problem.line === source.lines[field.name])) continue
    const meaning = field.description ? ` (${field.description})` : ''
    const example = field.type === 'date' ? '2026-11-21' : '…'
    wrong(source.lines[field.name] ?? 1, `there is no "${field.name}"${meaning}. Write ${field.name}: ${example}.`)
  }
  if (isDraft) return asDraft(source, schema)
  return fillGaps(foreign.isUnclear ? markDraft(source, schema) : source, schema)
}

/** Makes a draft of a source. Its problems become warnings, so that they stop no build. */
export function asDraft(source: Source, schema: Schema): Source {
  source.problems = source.problems.map((problem) => ({ ...problem, severity: 'warning' }))
  return fillGaps(markDraft(source, schema), schema)
}

/** Sets `draft`, where the document type has it. Problems stay errors. */
export function markDraft(source: Source, schema: Schema): Source {
  if (schema.fields.some((field) => field.name === 'draft')) source.fields.draft = true
  return source
}

/** Gives every required field a value, so that a file with a problem can still be compiled and its other problems found. */
export function fillGaps(source: Source, schema: Schema): Source {
  for (const field of schema.fields) {
    if (!field.isRequired || field.isSystemField || fillDefault(source, field)) continue
    source.fields[field.name] ??= field.type === 'date' ? new Date(0).toISOString() : nameOfFile(source.file)
  }
  return source
}

/** `posts/write-a-post.md` and `posts/write-a-post/index.md` are called `Write a post`. */
const nameOfFile = (file: string) => categoryTitle(path.posix.basename(file.replace(/(\/index)?\.mdx?$/, '')))

/** Contentlayer wants a list to be there even when it has a default. */
function fillDefault(source: Source, field: Field): boolean {
  if (!('default' in field) || field.default === undefined) return false
  source.fields[field.name] ??= field.default
  return true
}
