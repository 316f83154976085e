import type { DraftSummary } from '@/lib/content/drafts'
import { exactMoment } from '@/lib/dates'
import { site } from '@/site.config'

/** When a draft will be, or was, public; in the site's time zone. */
export function GoesLive({ draft }: { draft: DraftSummary }) {
  const { status, date, expires } = draft
  const isDue = Date.parse(date) <= Date.now()
  const zone = `(${site.timeZone})`
  if (status === 'unlisted')
    return (
      <>
        Live since {exactMoment(date)} {zone}, in no list
      </>
    )
  if (status === 'expired')
    return (
      <>
        Left the site on {exactMoment(expires ?? date)} {zone}
      </>
    )
  if (status === 'scheduled')
    return (
      <>
        {exactMoment(date)} {zone}, with the first build after it
      </>
    )
  return isDue ? (
    <>
      With the first build without <code>draft: true</code>; dated {exactMoment(date)} {zone}
    </>
  ) : (
    <>
      {exactMoment(date)} {zone}, if <code>draft: true</code> is gone by then
    </>
  )
}
