import { site } from '@/site.config'

const long = new Intl.DateTimeFormat(site.language, { dateStyle: 'long', timeZone: site.timeZone })
const short = new Intl.DateTimeFormat(site.language, { day: 'numeric', month: 'short', timeZone: site.timeZone })
const moment = new Intl.DateTimeFormat(site.language, {
  dateStyle: 'long',
  timeStyle: 'short',
  timeZone: site.timeZone,
})
const year = new Intl.DateTimeFormat('en', { year: 'numeric', timeZone: site.timeZone })

/** `21 November 2026`, in the language and time zone of the site. */
export const longDay = (date: string) => long.format(new Date(date))
/** `21 Nov`. */
export const shortDay = (date: string) => short.format(new Date(date))
/** `21 November 2026 at 14:03`, in the time zone of the site; without the time for a date that has none. */
export const exactMoment = (date: string) => (hasTime(new Date(date)) ? moment.format(new Date(date)) : longDay(date))
/** `2026`. */
export const yearOf = (date: string) => year.format(new Date(date))

/**
 * A date as programs read it (ISO 8601, and the `datetime` of HTML §4.5.14): `2026-11-21` for a date without a time, so that it is
 * that day for every reader, and `2026-11-21T14:03:00+01:00` for a moment, with the clock of the zone and how far it is ahead of UTC.
 *
 * @param timeZone IANA name.
 */
export function machineDate(date: string, timeZone: string = site.timeZone): string {
  const instant = new Date(date)
  const ahead = offsetAt(instant, timeZone)
  const wall = new Date(instant.getTime() + ahead).toISOString()
  if (!hasTime(instant, timeZone)) return wall.slice(0, 10)
  // Clocks were set by the sun before there were zones, and ISO 8601 has no seconds in an offset.
  if (ahead % 60_000 !== 0) return instant.toISOString()
  return wall.slice(0, 19) + offsetText(ahead)
}

/** `+01:00` (RFC 3339 §5.6), for a number of milliseconds ahead of UTC. */
export const offsetText = (ahead: number) =>
  (ahead < 0 ? '-' : '+') + new Date(Math.abs(ahead)).toISOString().slice(11, 16)

/**
 * Whether a moment is more than a date. A date without a time is kept as the first moment of its day in the zone of the site, which is
 * not 00:00 on a day whose midnight the clocks jump over.
 */
export function hasTime(instant: Date, timeZone: string = site.timeZone): boolean {
  const dayOf = (time: number) => Math.floor((time + offsetAt(new Date(time), timeZone)) / DAY)
  return dayOf(instant.getTime()) === dayOf(instant.getTime() - 1000)
}

const DAY = 24 * 60 * 60 * 1000

/** How far clocks in `timeZone` are ahead of UTC at an instant, in milliseconds. */
export function offsetAt(instant: Date, timeZone: string): number {
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
