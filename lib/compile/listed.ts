import { type Dated, statusOf } from '../store/status'

/** Whether a post is published and in lists, which is what may be searched. */
export const isListed = (post: Dated, now: Date): boolean => statusOf(post, now) === 'published'
