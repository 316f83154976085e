import { getSearchIndex } from '@/lib/posts/search'
import { pageCaching } from '@/lib/server/caching'

export const dynamic = 'force-static'

/** Where the index of today is, for the search in the browser: its folder changes with its words. Without one the server answers. */
export function GET() {
  const index = getSearchIndex()
  return Response.json(index ? { folder: `/_next/static/search-${index.key}/`, languages: index.languages } : {}, {
    headers: { 'Cache-Control': pageCaching },
  })
}
