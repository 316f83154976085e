import { getNearest } from '@/lib/posts/nearest'

export const dynamic = 'force-dynamic'

/** The public places whose address is most like `?address=`, for the page of an address that is not there. */
export function GET(request: Request) {
  const address = new URL(request.url).searchParams.get('address') ?? ''
  return Response.json(getNearest(address), { headers: { 'Cache-Control': 'no-store' } })
}
