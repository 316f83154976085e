import { longDay, shortDay } from '@/lib/site/dates'

/** A date as readers say it; the exact moment is in the markup. */
export function Day({ date, short = false }: { date: string; short?: boolean }) {
  // A post whose date cannot be read is compiled with this one; no build has such a post.
  if (process.env.NODE_ENV === 'development' && Date.parse(date) === 0) return null
  return <time dateTime={date}>{short ? shortDay(date) : longDay(date)}</time>
}
