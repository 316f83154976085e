import { getRedirect } from '@/lib/posts/published'
import { decode } from '@/lib/site/address'
import { missingAnswer } from '@/lib/static/not-found'

export const dynamic = 'force-dynamic'

/**
 * Asked for every address that nothing else answers (next.config.js): an old one is sent on with 308, the rest get a 404. A server of
 * our own has answered that before it asks Next.js (lib/static/serve.ts).
 */
export async function GET(_request: Request, { params }: RouteContext<'/moved/[...path]'>) {
  return missingAnswer(`/${(await params).path.map(decode).join('/')}`, getRedirect)
}

export { GET as DELETE, GET as PATCH, GET as POST, GET as PUT }
