import { hasTime, offsetAt } from '../site/dates'

const FORM = /^(\d{4})-(\d{2})-(\d{2})(?:[T ](\d{2}):(\d{2})(?::(\d{2})(?:\.\d+)?)?)?\s*(Z|[+-]\d{2}:?\d{2})?$/i

type ReadDate = { instant: Date } | { problem: string; remedy: string }

/**
 * Reads a date as authors write it: `2026-11-21`, `2026-11-21 18:30`, or ISO 8601 with an offset.
 *
 * @param timeZone IANA name; holds where the text has no offset. A date alone is its midnight there.
 * @returns the instant, or what is wrong and what to type instead.
 */
export function readDate(text: string, timeZone: string): ReadDate {
  const match = FORM.exec(text.trim())
  const problem = `is not a date: ${JSON.stringify(text)}`
  if (!match) return { problem, remedy: 'Write it as year-month-day, for example 2026-11-21 or 2026-11-21 18:30.' }
  const [year, month, day, hour, minute, second] = match.slice(1, 7).map((part) => Number(part ?? 0)) as Parts
  const wall = new Date(Date.UTC(year, month - 1, day, hour, minute, second))
  const meant = wall.toISOString()
  if (meant.slice(0, 10) !== `${match[1]}-${match[2]}-${match[3]}` || hour > 23 || minute > 59 || second > 59) {
    return { problem, remedy: `Write it as ${match[4] ? meant.slice(0, 16).replace('T', ' ') : meant.slice(0, 10)}.` }
  }
  const offset = match[7]?.toUpperCase()
  if (!offset) return { instant: atWallClock(wall, timeZone) }
  const [, sign, hours, minutes] = /([+-])(\d{2}):?(\d{2})/.exec(offset) ?? [offset, '+', '0', '0']
  const shift = (Number(hours) * 60 + Number(minutes)) * 60_000
  return { instant: new Date(wall.getTime() - (sign === '-' ? -shift : shift)) }
}

/** @returns a moment as authors write it, in `timeZone`: without the clock when it is the first moment of its day there. */
export function writeDate(instant: Date, timeZone: string): string {
  const wall = new Date(instant.getTime() + offsetAt(instant, timeZone)).toISOString()
  return wall.slice(0, hasTime(instant, timeZone) ? 16 : 10).replace('T', ' ')
}

type Parts = [number, number, number, number, number, number]

const DAY = 24 * 60 * 60 * 1000

/** The first instant at which clocks in `timeZone` show `wall` (given as if it were UTC); in a gap, as much after it as clocks jump. */
function atWallClock(wall: Date, timeZone: string): Date {
  const times = [-DAY, DAY].map((shift) => wall.getTime() - offsetAt(new Date(wall.getTime() + shift), timeZone))
  const shown = times.filter((time) => time + offsetAt(new Date(time), timeZone) === wall.getTime())
  return new Date(shown.length > 0 ? Math.min(...shown) : Math.max(...times))
}
