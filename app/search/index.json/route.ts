import { getSearchIndex } from '@/lib/posts/search'
import { pageCaching } from '@/lib/server/caching'

export const dynamic = 'force-static'

/** Where the parts of the index are, for the search in the browser: their folders change with their words. Without any the server answers. */
export function GET() {
  const parts = getSearchIndex().map(({ key, languages }) => ({ folder: `/_next/static/search-${key}/`, languages }))
  return Response.json(parts, { headers: { 'Cache-Control': pageCaching } })
}
