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

/** The next moment after `now` at which a status changes by itself (a date or an expiry passes), in ms since 1970; or infinity. */
export function nextChange(posts: Dated[], now: Date): number {
  let next = Number.POSITIVE_INFINITY
  for (const post of posts) {
    if (post.draft) continue
    for (const moment of [post.date, post.expires ?? '']) {
      const at = Date.parse(moment)
      if (at > now.getTime() && at < next) next = at
    }
  }
  return next
}
