import { longDay, machineDate, shortDay } from '@/lib/site/dates'

/** A date in words. */
export function Day({ date, short = false }: { date: string; short?: boolean }) {
  // A post whose date cannot be read gets 1970 as its date in development; a build refuses it.
  if (process.env.NODE_ENV === 'development' && Date.parse(date) === 0) return null
  return <time dateTime={machineDate(date)}>{short ? shortDay(date) : longDay(date)}</time>
}
