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

/** @returns a moment as authors write it, in `timeZone`: without the clock when it is midnight there. */
export function writeDate(instant: Date, timeZone: string): string {
  const wall = new Date(instant.getTime() + offsetAt(instant, timeZone)).toISOString()
  return wall
    .slice(0, 16)
    .replace('T', ' ')
    .replace(/ 00:00$/, '')
}

type Parts = [number, number, number, number, number, number]

/** The instant at which clocks in `timeZone` show `wall` (given as if it were UTC); in a gap, the hour after it. */
function atWallClock(wall: Date, timeZone: string): Date {
  const guess = new Date(wall.getTime() - offsetAt(wall, timeZone))
  return new Date(wall.getTime() - offsetAt(guess, timeZone))
}

/** How far clocks in `timeZone` are ahead of UTC at an instant, in milliseconds. */
function offsetAt(instant: Date, timeZone: string): number {
  const parts = Object.fromEntries(
    clock(timeZone)
      .formatToParts(instant)
      .map(({ type, value }) => [type, Number(value)]),
  )
  const { year, month, day, hour, minute, second } = parts as Record<string, number>
  return Date.UTC(year ?? 0, (month ?? 1) - 1, day, hour, minute, second) - Math.floor(instant.getTime() / 1000) * 1000
}

const clocks = new Map<string, Intl.DateTimeFormat>()
function clock(timeZone: string): Intl.DateTimeFormat {
  let found = clocks.get(timeZone)
  if (!found) {
    const numeric = 'numeric' as const
    found = new Intl.DateTimeFormat('en', {
      timeZone,
      hourCycle: 'h23',
      year: numeric,
      month: numeric,
      day: numeric,
      hour: numeric,
      minute: numeric,
      second: numeric,
    })
    clocks.set(timeZone, found)
  }
  return found
}
