import { pageCaching } from '../server/caching'

/** A text for programs, as UTF-8. Caches keep it as they keep a page: a post in it may be withdrawn. */
export const textAnswer = (text: string, type: string, headers: Record<string, string> = {}): Response =>
  new Response(text, {
    headers: { 'Content-Type': `${type}; charset=utf-8`, 'Cache-Control': pageCaching, ...headers },
  })
