import { site } from '@/site.config'
import { hasTime, offsetAt, offsetText } from '../site/dates'

const MINUTE = 60_000
const DAY = 24 * 60 * MINUTE
/** From Hawaii (-10) to New Zealand in summer (+13) it is the same day at half past ten in UTC. */
const SAME_DAY = 10.5 * 60 * MINUTE

/** How far clocks are ahead of UTC, in milliseconds: whole minutes, since neither form has seconds in an offset. */
const aheadAt = (moment: number, timeZone: string) => Math.trunc(offsetAt(new Date(moment), timeZone) / MINUTE) * MINUTE

type Day = {
  /** When it begins in its zone. */
  midnight: number
  /** Its midnight in UTC, which is a name for it. */
  name: number
}

/** The day of a moment; `isAlone` says that the moment is that of a date without a time. */
function dayOf(moment: number, timeZone: string): Day & { isAlone: boolean } {
  const ahead = aheadAt(moment, timeZone)
  const name = Math.floor((moment + ahead) / DAY) * DAY
  return { midnight: name - ahead, name, isAlone: !hasTime(new Date(moment), timeZone) }
}

/** A moment that is on this day for nearly all readers, and on the site. */
const momentIn = ({ midnight, name }: Day) => Math.min(Math.max(name + SAME_DAY, midnight), midnight + DAY - MINUTE)

/** The moment that a feed says for a date (ISO 8601): for a date without a time, one at which nearly all readers have that day. */
export function momentOf(date: string, timeZone: string = site.timeZone): Date {
  const moment = Date.parse(date)
  const day = dayOf(moment, timeZone)
  return new Date(day.isAlone ? momentIn(day) : moment)
}

/**
 * The moments that a feed says for posts, so that a reader who sorts by them gets the order of the list: posts of a day without a time
 * are a second apart, and before those of that day with a time.
 *
 * @param posts newest first.
 * @returns by slug.
 */
export function momentsOf(
  posts: { slug: string; date: string }[],
  timeZone: string = site.timeZone,
): Map<string, Date> {
  const said = new Map<string, Date>()
  const days = new Map<number, Day & { alone: string[]; earliest: number }>()
  for (const { slug, date } of posts.toReversed()) {
    const moment = Date.parse(date)
    const { isAlone, ...day } = dayOf(moment, timeZone)
    const known = days.get(day.name) ?? { ...day, alone: [], earliest: Number.POSITIVE_INFINITY }
    days.set(day.name, known)
    if (isAlone) known.alone.push(slug)
    else {
      known.earliest = Math.min(known.earliest, moment)
      said.set(slug, new Date(moment))
    }
  }
  for (const { alone, earliest, ...day } of days.values()) {
    const first = Math.max(day.midnight, Math.min(momentIn(day), earliest - alone.length * 1000))
    for (const [index, slug] of alone.entries()) said.set(slug, new Date(first + index * 1000))
  }
  return said
}

/** `Tue, 14 Jul 2026 11:30:00 +0100`, in the zone of the site (RFC 822 with years of four digits, as RSS 2.0 asks for). */
export function rfc822(moment: Date, timeZone: string = site.timeZone): string {
  const ahead = aheadAt(moment.getTime(), timeZone)
  return new Date(moment.getTime() + ahead).toUTCString().replace('GMT', offsetText(ahead).replace(':', ''))
}

/** `2026-07-14T11:30:00+01:00`, in the zone of the site (RFC 3339 §5.6). */
export function rfc3339(moment: Date, timeZone: string = site.timeZone): string {
  const ahead = aheadAt(moment.getTime(), timeZone)
  return `${new Date(moment.getTime() + ahead).toISOString().slice(0, 19)}${offsetText(ahead)}`
}
