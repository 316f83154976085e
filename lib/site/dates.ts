import { site } from '@/site.config'

const long = new Intl.DateTimeFormat(site.language, { dateStyle: 'long', timeZone: site.timeZone })
const short = new Intl.DateTimeFormat(site.language, { day: 'numeric', month: 'short', timeZone: site.timeZone })
const moment = new Intl.DateTimeFormat(site.language, {
  dateStyle: 'long',
  timeStyle: 'short',
  timeZone: site.timeZone,
})
const midnight = new Intl.DateTimeFormat('en', { timeStyle: 'short', hourCycle: 'h23', timeZone: site.timeZone })
const year = new Intl.DateTimeFormat('en', { year: 'numeric', timeZone: site.timeZone })

/** `21 November 2026`, in the language and time zone of the site. */
export const longDay = (date: string) => long.format(new Date(date))
/** `21 Nov`. */
export const shortDay = (date: string) => short.format(new Date(date))
/** `21 November 2026 at 14:03`, in the time zone of the site; without the time at midnight. */
export const exactMoment = (date: string) =>
  midnight.format(new Date(date)) === '00:00' ? longDay(date) : moment.format(new Date(date))
/** `2026`. */
export const yearOf = (date: string) => year.format(new Date(date))
