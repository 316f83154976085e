import { feedAnswer } from '@/lib/formats/feed-items'
import { wholeBlog } from '@/lib/formats/feed-lists'

export const dynamic = 'force-static'

/** The newest posts as RSS. */
export const GET = () => feedAnswer(wholeBlog())
