import { getRedirect } from '@/lib/posts/published'
import { decode } from '@/lib/site/address'
import { missingAnswer } from '@/lib/static/not-found'

export const dynamic = 'force-dynamic'

/**
 * Next.js sends every unknown address here (next.config.js): an old address is redirected with 308, and any other gets a 404. Our own
 * server answers both before it asks Next.js (lib/static/serve.ts).
 */
export async function GET(_request: Request, { params }: RouteContext<'/moved/[...path]'>) {
  return missingAnswer(`/${(await params).path.map(decode).join('/')}`, getRedirect)
}

export { GET as DELETE, GET as PATCH, GET as POST, GET as PUT }
