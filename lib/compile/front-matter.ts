import type { NestedUnnamedFieldDef } from 'contentlayer2/core'
import { isMap, isScalar, isSeq, LineCounter, type Node, parseDocument, type YAMLMap } from 'yaml'
import { unfitAddress } from '../site/address'
import type { Problem } from '../store/types'
import { keptBackByPlace } from './kept-back'
import { allSaid, isKept } from './meaning'
import type { Meaning } from './not-yet'
import { readDate, writeDate } from './parse-date'
import { asDraft, type Field, type Foreign, fillGaps, finish, markDraft, type Schema, type Source } from './source'

/** Control characters and halves of others: no feed, no name of a file and no address has them (XML 1.0 §2.2). */
const UNREADABLE = /(?![\t\n\r])[\p{Cc}\p{Cs}\uFFFE\uFFFF]/u

const FENCE = /^\uFEFF?---[ \t]*\r?\n/
const CLOSE = /^(?:---|\.\.\.)[ \t]*(?:\r?\n|$)/m

/**
 * Reads the front matter of a file and checks every field against its document type.
 *
 * Only YAML 1.2 between `---` fences is read; `---js` and the like are refused unread, since the parser that
 * Contentlayer uses would run them. The problems of a draft are warnings, so that a half-written file never
 * stops a build; a refused fence is an error everywhere. Anything in `draft` but `false` makes a draft, and so does what keeps a
 * text back in other systems (not-yet.ts), as a field or by the place of the file.
 *
 * @param above what else keeps the file back: something that is said of all files of its folder.
 */
export function readSource(file: string, text: string, schema: Schema, timeZone: string, above?: string): Source {
  const source: Source = { file, type: schema.name, fields: {}, lines: {}, body: '', bodyLine: 1, problems: [] }
  const wrong = (line: number, message: string, severity: Problem['severity'] = 'error') =>
    source.problems.push({ file, line, message, severity })

  /** What fields of other systems and the place of the file say. */
  const foreign: Foreign = { isDraft: false, isUnclear: false, isUnlisted: false, starts: [], ends: [] }
  foreign.isDraft = isPlacedApart(keptBackByPlace(file) ?? above)
  for (const name of file.replace(/\.mdx?$/, '').split('/')) {
    const unfit = unfitAddress(name)
    if (unfit) wrong(1, `the name "${name.replace(/^(.{60}).{20,}$/s, '$1…')}" ${unfit}. Rename it.`)
  }
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
  const data = asData()
  readFields(document.contents as YAMLMap<Node, Node | null>, schema.fields)
  if (document.errors.length > 0) return unread(/^draft:/m.test(matter))
  if (foreign.isUnlisted) source.fields.unlisted = true
  keep('date', foreign.starts, Math.max)
  keep('expires', foreign.ends, Math.min)
  return finish(source, schema, wrong, foreign)

  /** Front matter that could not be read has one problem, not one more for each field that is not there. */
  function unread(looksLikeDraft: boolean): Source {
    if (looksLikeDraft || foreign.isDraft) return asDraft(source, schema)
    return fillGaps(foreign.isUnclear ? markDraft(source, schema) : source, schema)
  }

  /** The fields as JavaScript has them. */
  function asData(): Record<string, unknown> {
    try {
      return document.toJS({ maxAliasCount: -1 })
    } catch (error) {
      if (document.errors.length === 0) wrong(2, `the front matter is not YAML: ${(error as Error).message}.`)
      return {}
    }
  }

  /** Gives a field the latest or earliest of its own date and those that fields of other systems name. */
  function keep(name: 'date' | 'expires', dates: Date[], choose: (...times: number[]) => number) {
    const own = source.fields[name] as string | undefined
    const times = [...dates.map(Number), ...(own ? [Date.parse(own)] : [])]
    if (dates.length > 0) source.fields[name] = new Date(choose(...times)).toISOString()
  }

  /** Says that the place of a file keeps it back, where there is a way to do so. */
  function isPlacedApart(by: string | undefined): boolean {
    if (!by) return false
    if (schema.name === 'Author')
      wrong(1, `${by} keeps texts back, and authors are shown on their posts. Write another name.`)
    else wrong(1, `${by} keeps this back, so it is a draft. Move or rename the file to publish it.`, 'warning')
    return true
  }

  function readFields(map: YAMLMap<Node, Node | null>, fields: Field[]) {
    const names = fields.filter((field) => !field.isSystemField).map((field) => field.name)
    for (const { key, value } of map.items) {
      const name = nameOf(key)
      const line = lineAt(key?.range?.[0] ?? 0)
      const field = fields.find((one) => one.name === name && !one.isSystemField)
      if (!field) {
        if (readForeign(name, line)) continue
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

  /**
   * Does what a field of another system says of who may read this, and those in its group.
   *
   * @returns whether something has been said of it.
   */
  function readForeign(name: string, line: number): boolean {
    const all = allSaid(name, data[name], timeZone).map((one) => ({ ...one, at: lineOf(one.path) ?? line }))
    return all.filter(({ path, value, meaning, at }) => heed(path, value, meaning, at)).length > 0
  }

  function heed(path: string[], value: unknown, meaning: Meaning, line: number): boolean {
    const has = (field: string) => schema.fields.some((one) => one.name === field)
    const is = `"${path.join('.')}" is ${JSON.stringify(value) ?? 'empty'}`
    const say = (says: string, severity?: 'warning') => wrong(line, `${is}, ${says}`, severity)
    if (schema.name === 'Author') {
      if (meaning.is !== 'draft' && meaning.is !== 'unlisted') return false
      say('and authors are shown on their posts. Take it out, or move this file out of content/authors.')
    } else if (meaning.is === 'unclear') {
      foreign.isUnclear = true
      say(`and may mean that nobody is to read this. ${meaning.remedy}`)
    } else if (meaning.is === 'unlisted' && !has('unlisted')) {
      foreign.isUnclear = true
      say('and a page is in the sitemap. Write draft: true in its place, or take it out.')
    } else if (meaning.is === 'unlisted') {
      foreign.isUnlisted = true
      say('so this is in no list. Write unlisted: true in its place.', 'warning')
    } else if (meaning.is === 'until' && has('expires')) {
      foreign.ends.push(meaning.at)
      say(`which is when this expires. Write expires: ${writeDate(meaning.at, timeZone)} in its place.`, 'warning')
    } else if (meaning.is === 'from' && isKept(meaning) && has('date')) {
      foreign.starts.push(meaning.at)
      say(`so this is scheduled for then. Write date: ${writeDate(meaning.at, timeZone)} in its place.`, 'warning')
    } else if (isKept(meaning)) {
      foreign.isDraft = true
      say('so this is a draft. Write draft: true in its place, or take it out to publish it.', 'warning')
    } else if (meaning.is === 'until') say('and is looked at when the blog is built.', 'warning')
    else if (path.length > 1 || has(path[0]?.toLowerCase() ?? '')) return false
    else wrong(line, `"${path[0]}" is no field of a ${schema.name.toLowerCase()} and is left out.`, 'warning')
    return true
  }

  /** The line of a field, in the groups that it stands in. */
  function lineOf(path: string[]): number | undefined {
    let map: unknown = document.contents
    let line: number | undefined
    for (const name of path) {
      if (isSeq(map)) map = map.items.find((one) => isMap(one) && one.has(name))
      const pair = isMap<Node, Node | null>(map) ? map.items.find(({ key }) => nameOf(key) === name) : undefined
      if (pair?.key?.range) line = lineAt(pair.key.range[0])
      map = pair?.value
    }
    return line
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
        if (isScalar(node)) {
          const text = typeof plain === 'string' ? plain.normalize('NFC') : String(node.source ?? plain)
          const odd = UNREADABLE.exec(text)?.[0]
          if (odd === undefined) return text
          const code = odd.charCodeAt(0).toString(16).toUpperCase().padStart(4, '0')
          return void wrong(line, `"${name}" has a character in it that nobody can read (U+${code}). Take it out.`)
        }
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

function lastValueBefore(map: Node | null, offset: number): number {
  const starts = isMap(map) ? map.items.map(({ value }) => (value as Node | null)?.range?.[0] ?? 0) : []
  return starts.findLast((start) => start < offset) ?? offset
}

const nameOf = (key: Node | null) => String(isScalar(key) ? key.value : key)

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
