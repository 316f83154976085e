import {
  AFTER,
  BEFORE,
  CLOSED,
  LOOSE,
  type Meaning,
  NO,
  OPEN,
  PARTS,
  type Row,
  TABLE,
  TURNED,
  UNLISTED,
  YES,
} from './not-yet'
import { readDate } from './parse-date'

/** The moment of the compilation, and the time zone (IANA name) of dates without an offset. */
export type Clock = { now: Date; timeZone: string }

/**
 * What one field of front matter says about the readers of a text.
 *
 * @param parents the groups it stands in, the outermost first: `build` of `build: { render: never }`.
 * @param value as JavaScript has it. The table is asked of each item of a list, and the answer that keeps most back counts.
 * @returns undefined for a key that says nothing about readers. `allSaid` looks into groups; the caller compares `from` and `until`
 * with the moment of the compilation.
 */
export function meaningOf(key: string, value: unknown, parents: string[], clock: Clock): Meaning | undefined {
  if (parents.some((parent) => PARTS.has(plain(parent)))) return undefined
  const found = rowOf(key, parents)
  if (!found) return undefined
  const meanings = (Array.isArray(value) ? value.flat(3) : [value]).map((one) => ofValue(found, one, clock))
  const isUnsaid = Array.isArray(value) && value.length === 0
  const strongest = isUnsaid ? ofValue(found, null, clock) : meanings.reduce(stronger, undefined)
  // What stands in a group of its own may well be about something else.
  return strongest?.is === 'unclear' && parents.length > 0 && !isDated(found.row) ? undefined : strongest
}

/** A field that says something about readers. `path` has its name, after those of the groups around it. */
export type Said = { path: string[]; value: unknown; meaning: Meaning }

/**
 * All that a field says about readers, with the fields in it where it is a group: `build: { render: never }` counts, while
 * `cover: { hidden: true }` is about the cover.
 */
export function allSaid(key: string, value: unknown, clock: Clock): Said[] {
  const seen = new Set<unknown>()
  const look = (path: string[], one: unknown): Said[] => {
    if (PARTS.has(plain(path.at(-1) ?? '')) || path.length > 8) return []
    const meaning = meaningOf(path.at(-1) ?? '', one, path.slice(0, -1), clock)
    const said = meaning ? [{ path, value: one, meaning }] : []
    for (const group of Array.isArray(one) ? one.flat(3) : [one]) {
      if (typeof group !== 'object' || group === null || group instanceof Date || seen.has(group)) continue
      // An alias may stand for the same group a thousand times.
      seen.add(group)
      for (const [name, inner] of Object.entries(group)) said.push(...look([...path, name], inner))
    }
    return said
  }
  return look([key], value)
}

/** @returns the stronger of two meanings, so that of two that contradict each other the text is kept back. */
function stronger(a: Meaning | undefined, b: Meaning | undefined): Meaning | undefined {
  const order = ['open', 'unlisted', 'until', 'from', 'unclear', 'draft']
  if (!a || !b) return a ?? b
  return order.indexOf(a.is) >= order.indexOf(b.is) ? a : b
}

/** Whether a key can only have a moment as its value. */
const isDated = (row: Row) => row.moment !== undefined && !row.yes && !row.no

type Found = { row: Row; name: string; isTurned: boolean }

function rowOf(key: string, parents: string[]): Found | undefined {
  const own = plain(key)
  // `date` in a group is that of the group; with its name it may be one of ours: `publish: { date: … }`.
  const names = parents.length > 0 ? [own === 'date' ? '' : own, plain(parents.at(-1) ?? '') + own] : [own]
  for (const whole of names) {
    for (let name = whole; name; ) {
      const row = TABLE.get(name)
      if (row) return { row, name, isTurned: false }
      const keeping = TABLE.get(name.replace(AFTER, ''))
      if (keeping?.yes) return { row: keeping, name, isTurned: false }
      const turned = name.replace(TURNED, '')
      const positive = turned === name ? undefined : (TABLE.get(turned.replace(BEFORE, '')) ?? TABLE.get(turned))
      if (positive?.no) return { row: positive, name, isTurned: true }
      const shorter = name.replace(BEFORE, '')
      if (shorter === name) break
      name = shorter
    }
  }
  return undefined
}

/** A key or a name as the tables of not-yet.ts have it: small letters and numbers only. */
export const plain = (text: string) =>
  text
    .normalize('NFKC')
    .toLowerCase()
    .replace(/[^\p{L}\p{N}]+/gu, '')

function ofValue({ row, name, isTurned }: Found, value: unknown, clock: Clock): Meaning | undefined {
  if (typeof value === 'object' && value !== null && !(value instanceof Date)) return undefined
  const written =
    value instanceof Date
      ? value.toISOString()
      : String(value ?? '')
          .normalize('NFKC')
          .trim()
  const text = written
    .toLowerCase()
    .replace(/[^\p{L}\p{N}]+/gu, '-')
    .replace(/^-+|-+$/g, '')
  if (written === '') return row.empty && !isTurned ? unclear() : { is: 'open' }
  const isDate = isDated(row) && !LOOSE.has(name)
  if (isTurned) return YES.has(text) ? kept(row.no) : NO.has(text) ? { is: 'open' } : unclear()
  if (row.words && !row.only && CLOSED.has(text)) return { is: 'draft' }
  if (YES.has(text)) return row.yes ? { is: row.yes } : isDate ? noDate(written) : { is: 'open' }
  if (NO.has(text)) return isDate && row.moment === 'from' ? noDate(written) : kept(row.no)
  if (row.moment) {
    const at = moment(written, value, clock.timeZone)
    if (at) return { is: row.moment, at }
  }
  if (row.words) {
    const closed = row.only ? new Set(row.only) : CLOSED
    if (closed.has(text)) return { is: 'draft' }
    if (!row.only && UNLISTED.has(text)) return { is: 'unlisted' }
    if (OPEN.has(text)) return { is: 'open' }
    // The words of an address say nothing.
    if (row.words === 'all' && !/^\/|:\/\//.test(written)) {
      const parts = text.split('-')
      if (parts.some((part) => closed.has(part))) return { is: 'draft' }
      if (parts.some((part) => UNLISTED.has(part))) return { is: 'unlisted' }
      if (parts.every((part) => OPEN.has(part))) return { is: 'open' }
    }
  }
  if (row.other === 'draft') return { is: 'draft' }
  if (row.other === 'unclear') return row.moment === 'until' ? noDate(written) : unclear()
  if (!isDate) return row.moment && mayCome(written, clock.now) ? noDate(written) : { is: 'open' }
  // `Jan 3, 2020` has passed in every reading of it; `01/12/2999` has not, and may be one of two days.
  const years = written.match(/\d{4,}/g) ?? []
  const hasPassed =
    years.length === 1 && Number(years[0]) < clock.now.getUTCFullYear() && !Number.isNaN(Date.parse(written))
  return hasPassed ? { is: 'open' } : noDate(written)
}

/** Whether a text with a year in it, such as `3 May 2999`, may be a moment that has not come. */
function mayCome(written: string, now: Date): boolean {
  if (/^\/|:\/\//.test(written)) return false
  const years = written.match(/(?<!\d)\d{4}(?!\d)/g) ?? []
  return (
    years.length > 0 && (years.some((year) => Number(year) > now.getUTCFullYear()) || Date.parse(written) > Number(now))
  )
}

const kept = (no: Row['no']): Meaning => ({ is: no ?? 'open' })
const unclear = (): Meaning => ({
  is: 'unclear',
  remedy: 'Write draft: true or draft: false in its place.',
})
const noDate = (written: string): Meaning => ({
  is: 'unclear',
  remedy: `${JSON.stringify(written)} is not a date. Write it as year-month-day, for example 2026-11-21 or 2026-11-21 18:30.`,
})

/** A moment as other systems write it: ours, with `/` or single figures, or as seconds or milliseconds since 1970. */
function moment(written: string, value: unknown, timeZone: string): Date | undefined {
  const number = typeof value === 'number' || /^\d{10}(\d{3})?$/.test(written) ? Number(written) : Number.NaN
  if (number >= 1e9 && number < 1e14) return new Date(number < 1e11 ? number * 1000 : number)
  const [, year, month = '', day = '', rest = ''] = /^(\d{4})[-/.](\d{1,2})[-/.](\d{1,2})(.*)$/s.exec(written) ?? []
  if (!year) return undefined
  const time = rest.replace(/(\.\d+)?\s*(UTC|GMT)$/i, 'Z').replace(/^([T ]+)(\d:)/i, '$10$2')
  const date = readDate(
    `${year}-${month.padStart(2, '0')}-${day.padStart(2, '0')}${time.replace(/^\s+/, ' ')}`,
    timeZone,
  )
  return 'instant' in date ? date.instant : undefined
}

/** Whether a meaning keeps a text from its readers at a moment. */
export function isKept(meaning: Meaning | undefined, now: Date): boolean {
  if (meaning?.is === 'from') return meaning.at > now
  if (meaning?.is === 'until') return meaning.at <= now
  return meaning?.is === 'draft'
}
