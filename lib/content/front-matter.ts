import type { FieldDef, NestedUnnamedFieldDef } from 'contentlayer2/core'
import { isMap, isScalar, isSeq, LineCounter, type Node, parseDocument, type YAMLMap } from 'yaml'
import { readDate } from './dates'

/** Something wrong in a file, and what to type. `file` is relative to the content folder; `line` counts from 1. */
export type Problem = { file: string; line: number; message: string; severity: 'error' | 'warning' }

/** What a document type says of its fields, as Contentlayer's schema has it. */
type Field = FieldDef
export type Schema = { name: string; fields: Field[]; nested: (field: Field) => Field[] }

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

const FENCE = /^\uFEFF?---[ \t]*\r?\n/
const CLOSE = /^(?:---|\.\.\.)[ \t]*(?:\r?\n|$)/m

/**
 * Reads the front matter of a file and checks every field against its document type.
 *
 * Only YAML 1.2 between `---` fences is read; `---js` and the like are refused unread, since the parser that
 * Contentlayer uses would run them. The problems of a draft are warnings, so that a half-written file never
 * stops a build; a refused fence is an error everywhere. Anything in `draft` but `false` makes a draft.
 */
export function readSource(file: string, text: string, schema: Schema, timeZone: string): Source {
  const source: Source = { file, type: schema.name, fields: {}, lines: {}, body: '', bodyLine: 1, problems: [] }
  const wrong = (line: number, message: string, severity: Problem['severity'] = 'error') =>
    source.problems.push({ file, line, message, severity })

  const open = FENCE.exec(text)
  if (!open) {
    const kind = /^\uFEFF?(---|\+\+\+|;;;)[ \t]*([^\s-][^\r\n]*)?/.exec(text)
    if (kind) {
      wrong(1, `front matter opens with "${kind[0].trim()}". Galley reads YAML only: write "---" alone on the line.`)
      return fillGaps(markDraft(source, schema), schema)
    }
    wrong(1, 'there is no front matter. Begin the file with "---", "title: …", "date: …" and "---", each on a line.')
    source.body = text
    return unread(false)
  }
  const rest = text.slice(open[0].length)
  const close = CLOSE.exec(rest)
  if (!close) {
    wrong(1, 'the front matter is never closed. Write "---" alone on the line after its last field.')
    return unread(/^draft:/m.test(rest))
  }
  const matter = rest.slice(0, close.index)
  source.body = rest.slice(close.index + close[0].length)
  source.bodyLine = 2 + matter.split('\n').length

  const counter = new LineCounter()
  const document = parseDocument(matter, { lineCounter: counter, prettyErrors: false })
  const lineAt = (offset: number) => counter.linePos(offset).line + 1
  for (const error of document.errors) {
    // A quote that is never closed is noticed at the end; what helps is where it opens.
    const start = error.code === 'MISSING_CHAR' ? lastValueBefore(document.contents, error.pos[0]) : error.pos[0]
    wrong(lineAt(start), `the front matter is not YAML: ${error.message.replace(/"quote$/, 'quote')}.`)
  }
  if (!isMap(document.contents)) {
    if (document.errors.length === 0) wrong(2, 'the front matter is not a list of fields. Write each as "name: value".')
    return unread(/^draft:/m.test(matter))
  }
  readFields(document.contents as YAMLMap<Node, Node | null>, schema.fields)
  return document.errors.length === 0 ? finish(source, schema, wrong) : unread(/^draft:/m.test(matter))

  /** Front matter that could not be read has one problem, not one more for each field that is not there. */
  function unread(looksLikeDraft: boolean): Source {
    return looksLikeDraft ? asDraft(source, schema) : fillGaps(source, schema)
  }

  function readFields(map: YAMLMap<Node, Node | null>, fields: Field[]) {
    const names = fields.filter((field) => !field.isSystemField).map((field) => field.name)
    for (const { key, value } of map.items) {
      const name = String(isScalar(key) ? key.value : key)
      const line = lineAt(key?.range?.[0] ?? 0)
      const field = fields.find((one) => one.name === name && !one.isSystemField)
      if (!field) {
        const near = names.find((one) => !map.has(one) && distance(one, name.toLowerCase()) <= (one.length > 4 ? 2 : 1))
        if (near) wrong(line, `"${name}" is no field. Write "${near}".`)
        else wrong(line, `"${name}" is no field of a ${schema.name.toLowerCase()} and is left out.`, 'warning')
        continue
      }
      source.lines[name] = line
      const result = readValue(field, value, name, line)
      if (result !== undefined) source.fields[name] = result
    }
  }

  function readValue(
    field: Pick<Field, 'name'> & { type: string },
    node: Node | null,
    name: string,
    line: number,
  ): unknown {
    const plain = isScalar(node) ? node.value : undefined
    if (!node || (isScalar(node) && (plain === null || plain === ''))) return undefined
    const shown = `"${name}" is ${shownAs(node)}`
    switch (field.type) {
      case 'string':
        if (isScalar(node)) return typeof plain === 'string' ? plain.normalize('NFC') : String(node.source ?? plain)
        return void wrong(line, `${shown}, where text belongs. Write ${name}: "…".`)
      case 'boolean':
        if (typeof plain === 'boolean') return plain
        return void wrong(line, `${shown}, where true or false belongs. Write ${name}: true or ${name}: false.`)
      case 'number':
        if (typeof plain === 'number' && Number.isFinite(plain)) return plain
        return void wrong(line, `${shown}, where a number belongs. Write ${name}: 1.`)
      case 'date': {
        const date = readDate(isScalar(node) ? String(node.source ?? plain) : '', timeZone)
        if ('instant' in date) return date.instant.toISOString()
        return void wrong(line, `"${name}" ${isScalar(node) ? date.problem : `is ${shownAs(node)}`}. ${date.remedy}`)
      }
      case 'list': {
        const items = isSeq(node) ? (node.items as Node[]) : [node]
        const of = { name, type: (field as unknown as { of: { type: string } }).of.type }
        return items
          .map((item) => readValue(of, item, name, lineAt(item?.range?.[0] ?? 0) || line))
          .filter((item) => item !== undefined)
      }
      case 'json':
        return node.toJSON()
      case 'nested':
      case 'nested_unnamed': {
        if (!isMap(node))
          return void wrong(
            line,
            `${shown}, where fields belong. Write ${name}: { ${schema
              .nested(field as NestedUnnamedFieldDef)
              .map((one) => `${one.name}: …`)
              .join(', ')} }.`,
          )
        const inner: Record<string, unknown> = {}
        let whole = true
        for (const one of schema.nested(field as NestedUnnamedFieldDef)) {
          const value = readValue(
            one,
            (node.get(one.name, true) as Node | undefined) ?? null,
            `${name}.${one.name}`,
            line,
          )
          if (value !== undefined) inner[one.name] = value
          else if (one.isRequired) {
            whole = false
            if (!node.has(one.name)) {
              wrong(
                line,
                `"${name}" has no "${one.name}". Write ${one.name}: ${one.type === 'number' ? 1 : '…'} in it.`,
              )
            }
          }
        }
        return whole ? inner : undefined
      }
      default:
        throw new Error(`No way to read a field of type "${field.type}" (${name}).`)
    }
  }
}

/** Names what is missing and decides what is a draft. */
function finish(source: Source, schema: Schema, wrong: (line: number, message: string) => void): Source {
  const isDraft = source.lines.draft !== undefined && source.fields.draft !== false
  for (const field of schema.fields) {
    if (field.isSystemField || !field.isRequired || source.fields[field.name] !== undefined) continue
    if (fillDefault(source, field)) continue
    if (source.problems.some((problem) => problem.line === source.lines[field.name])) continue
    const meaning = field.description ? ` (${field.description})` : ''
    const example = field.type === 'date' ? '2026-11-21' : '…'
    wrong(source.lines[field.name] ?? 1, `there is no "${field.name}"${meaning}. Write ${field.name}: ${example}.`)
  }
  return isDraft ? asDraft(source, schema) : fillGaps(source, schema)
}

function asDraft(source: Source, schema: Schema): Source {
  source.problems = source.problems.map((problem) => ({ ...problem, severity: 'warning' }))
  return fillGaps(markDraft(source, schema), schema)
}

function markDraft(source: Source, schema: Schema): Source {
  if (schema.fields.some((field) => field.name === 'draft')) source.fields.draft = true
  return source
}

/** Gives every required field a value, so that a file with a problem can still be compiled and its other problems found. */
function fillGaps(source: Source, schema: Schema): Source {
  for (const field of schema.fields) {
    if (!field.isRequired || field.isSystemField || fillDefault(source, field)) continue
    source.fields[field.name] ??=
      field.type === 'date' ? new Date(0).toISOString() : (source.file.split('/').pop() ?? source.file)
  }
  return source
}

/** Contentlayer wants a list to be there even when it has a default. */
function fillDefault(source: Source, field: Field): boolean {
  if (!('default' in field) || field.default === undefined) return false
  source.fields[field.name] ??= field.default
  return true
}

function lastValueBefore(map: Node | null, offset: number): number {
  const starts = isMap(map) ? map.items.map(({ value }) => (value as Node | null)?.range?.[0] ?? 0) : []
  return starts.findLast((start) => start < offset) ?? offset
}

const shownAs = (node: Node) => {
  if (isMap(node)) return 'a group of fields'
  if (isSeq(node)) return 'a list'
  return JSON.stringify(isScalar(node) ? (node.source ?? node.value) : String(node))
}

/** Levenshtein's distance: how many letters to add, drop or change; `limit` when it is that or more. */
export function distance(a: string, b: string, limit = Number.POSITIVE_INFINITY): number {
  if (Math.abs(a.length - b.length) >= limit) return limit
  const row = Array.from({ length: b.length + 1 }, (_, index) => index)
  for (let i = 1; i <= a.length; i++) {
    let diagonal = i - 1
    let least = i
    row[0] = i
    for (let j = 1; j <= b.length; j++) {
      const above = row[j] as number
      const here = Math.min(above + 1, (row[j - 1] as number) + 1, diagonal + (a[i - 1] === b[j - 1] ? 0 : 1))
      diagonal = above
      row[j] = here
      if (here < least) least = here
    }
    if (least >= limit) return limit
  }
  return Math.min(row[b.length] as number, limit)
}
