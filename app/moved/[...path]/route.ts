import { decode } from '@/lib/content/address'
import { getRedirect } from '@/lib/content/posts'
import { notFoundAnswer } from '@/lib/light/not-found'

export const dynamic = 'force-dynamic'

/** Asked for every address that nothing else answers (next.config.js): an old one is sent on with 308, the rest get a 404. */
export async function GET(request: Request, { params }: RouteContext<'/moved/[...path]'>) {
  const address = getRedirect(`/${(await params).path.map(decode).join('/')}`)
  return address ? new Response(null, { status: 308, headers: { Location: address } }) : notFoundAnswer(request)
}

export { GET as DELETE, GET as PATCH, GET as POST, GET as PUT }
