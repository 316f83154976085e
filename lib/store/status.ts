export type Status = 'draft' | 'scheduled' | 'expired' | 'unlisted' | 'published'

/** What decides a status. Dates are ISO 8601 in UTC, as Contentlayer writes them. */
export type Dated = { draft: boolean; unlisted: boolean; date: string; expires?: string | undefined }

/** The status of a post at a moment. It is the only place that decides who may see a post. */
export function statusOf(post: Dated, now: Date): Status {
  if (post.draft) return 'draft'
  if (post.expires && !(Date.parse(post.expires) > now.getTime())) return 'expired'
  if (!(Date.parse(post.date) <= now.getTime())) return 'scheduled'
  return post.unlisted ? 'unlisted' : 'published'
}

/** Whether a post of this status has a public page. */
export const isOpen = (status: Status) => status === 'published' || status === 'unlisted'

/** When the next scheduled post is due or the next one expires after `now`, as ISO 8601 in UTC; null for never. */
export function nextChange(posts: Dated[], now: Date): string | null {
  const moments = posts
    .filter(({ draft }) => !draft)
    .flatMap(({ date, expires = '' }) => [Date.parse(date), Date.parse(expires)])
    .filter((moment) => moment > now.getTime())
  if (moments.length === 0) return null
  return new Date(moments.reduce((first, moment) => Math.min(first, moment))).toISOString()
}
