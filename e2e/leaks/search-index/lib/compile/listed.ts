import { type Dated, statusOf } from '@/lib/store/status'

/** The leak: a scheduled post can be found before its day. */
export const isListed = (post: Dated, now: Date): boolean => /^(published|scheduled)$/.test(statusOf(post, now))
