import type { ReactNode } from 'react'
import type { DraftSummary } from '@/lib/posts/drafts'
import { exactMoment } from '@/lib/site/dates'

/** One fact about a draft, in a `<dl class="facts">`. */
export function Fact({ name, children }: { name: string; children: ReactNode }) {
  return (
    <div>
      <dt>{name}</dt>
      <dd>{children}</dd>
    </div>
  )
}

/** The length of a draft. */
export function Length({ draft: { words, minutes } }: { draft: DraftSummary }) {
  return (
    <>
      {words} {words === 1 ? 'word' : 'words'}, {minutes} min
    </>
  )
}

/** The moment when a draft will be public, or was; in the time zone of the site. */
export function GoesLive({ draft }: { draft: DraftSummary }) {
  const { status, date, expires, isDated } = draft
  if (!isDated) return <>It has no date yet</>
  if (status === 'unlisted') return <>Live since {exactMoment(date)}, in no list</>
  if (status === 'expired') return <>Left the site on {exactMoment(expires ?? date)}</>
  if (status === 'scheduled') return <>{exactMoment(date)}, with the first build after it</>
  if (Date.parse(date) > Date.now())
    return (
      <>
        {exactMoment(date)}, if <code>draft: true</code> is gone by then
      </>
    )
  return (
    <>
      With the first build without <code>draft: true</code>; dated {exactMoment(date)}
    </>
  )
}

/** The time of the last change of a draft, and its author. */
export function LastChange({ change }: { change: NonNullable<DraftSummary['changed']> }) {
  return (
    <>
      {exactMoment(change.at)}
      {change.by && `, by ${change.by}`}
      {change.uncommitted && ', not committed yet'}
    </>
  )
}
