import leven from 'leven'
import { isMap, isScalar, isSeq, LineCounter, type Node, parseDocument, type YAMLMap } from 'yaml'
import { unfitAddress } from '../site/address'
import type { Problem } from '../store/types'
import { keptBackByPlace } from './kept-back'
import { allSaid, type Clock, isKept } from './meaning'
import type { Meaning } from './not-yet'
import { readDate, writeDate } from './parse-date'
import { readText, readValue } from './read-value'
import { asDraft, type Field, type Foreign, fillGaps, finish, markDraft, type Schema, type Source } from './source'

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
export function readSource(file: string, text: string, schema: Schema, clock: Clock, above?: string): Source {
  const { now, timeZone } = clock
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
    readLines(rest)
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
    readLines(matter)
    return unread(/^draft:/m.test(matter))
  }
  const reading = { wrong, lineAt, timeZone, nested: schema.nested }
  const data = asData()
  readFields(document.contents as YAMLMap<Node, Node | null>, schema.fields)
  if (document.errors.length > 0) {
    readLines(matter)
    return unread(/^draft:/m.test(matter))
  }
  if (foreign.isUnlisted) source.fields.unlisted = true
  keep('date', foreign.starts, Math.max)
  keep('expires', foreign.ends, Math.min)
  return finish(source, schema, wrong, foreign)

  /** Front matter that could not be read has one problem, not one more for each field that is not there. */
  function unread(looksLikeDraft: boolean): Source {
    if (looksLikeDraft || foreign.isDraft) return asDraft(source, schema)
    return fillGaps(foreign.isUnclear ? markDraft(source, schema) : source, schema)
  }

  /**
   * Reads required texts and dates from their own lines, where the whole is not YAML: a development server shows the file, and its
   * writer knows it by its title.
   */
  function readLines(text: string) {
    const lines = text.split(/\r?\n/)
    for (const { name, type, isRequired } of schema.fields) {
      const at = isRequired ? lines.findIndex((line) => line.startsWith(`${name}:`)) : -1
      const found = at < 0 ? undefined : readText(lines[at] ?? '', name)
      if (!found) continue
      source.lines[name] ??= at + 2
      if (type === 'string') source.fields[name] = found
      if (type !== 'date') continue
      const date = readDate(found, timeZone)
      if ('instant' in date) source.fields[name] ??= date.instant.toISOString()
    }
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
        const near = names.find((one) => !map.has(one) && leven(one, name.toLowerCase()) <= (one.length > 4 ? 2 : 1))
        if (near) wrong(line, `"${name}" is no field. Write "${near}".`)
        else wrong(line, `"${name}" is no field of a ${schema.name.toLowerCase()} and is left out.`, 'warning')
        continue
      }
      source.lines[name] = line
      const result = readValue(field, value, name, line, reading)
      if (result !== undefined) source.fields[name] = result
    }
  }

  /**
   * Does what a field of another system says of who may read this, and those in its group.
   *
   * @returns whether something has been said of it.
   */
  function readForeign(name: string, line: number): boolean {
    const all = allSaid(name, data[name], clock).map((one) => ({ ...one, at: lineOf(one.path) ?? line }))
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
    } else if (meaning.is === 'from' && isKept(meaning, now) && has('date')) {
      foreign.starts.push(meaning.at)
      say(`so this is scheduled for then. Write date: ${writeDate(meaning.at, timeZone)} in its place.`, 'warning')
    } else if (isKept(meaning, now)) {
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
}

function lastValueBefore(map: Node | null, offset: number): number {
  const starts = isMap(map) ? map.items.map(({ value }) => (value as Node | null)?.range?.[0] ?? 0) : []
  return starts.findLast((start) => start < offset) ?? offset
}

const nameOf = (key: Node | null) => String(isScalar(key) ? key.value : key)
