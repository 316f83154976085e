import { notFound, permanentRedirect } from 'next/navigation'
import { decode } from '@/lib/content/address'
import { getRedirect } from '@/lib/content/posts'

export const dynamic = 'force-dynamic'

/** Asked for every address that nothing else answers (next.config.js): an old one is sent on with 308, the rest get a 404. */
export default async function Moved({ params }: PageProps<'/moved/[...path]'>) {
  const address = getRedirect(`/${(await params).path.map(decode).join('/')}`)
  if (address) permanentRedirect(address)
  notFound()
}
