import { longDay, shortDay } from '@/lib/site/dates'

/** A date as readers say it; the exact moment is in the markup. */
export function Day({ date, short = false }: { date: string; short?: boolean }) {
  return <time dateTime={date}>{short ? shortDay(date) : longDay(date)}</time>
}
