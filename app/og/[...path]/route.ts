import { notFound } from 'next/navigation'
import { getCard, getCards } from '@/lib/posts/cards'
import { mediaCaching } from '@/lib/server/caching'
import { mediaAnswer } from '@/lib/server/send-file'
import { decode } from '@/lib/site/address'
import { atBuild } from '@/lib/site/static-params'

export const dynamic = 'force-static'
export const dynamicParams = false
export const generateStaticParams = atBuild(() => getCards().map((path) => ({ path })))

/** The card of a public page. Caches keep it only for minutes, because the page may be withdrawn or its title changed. */
export async function GET(_request: Request, { params }: RouteContext<'/og/[...path]'>) {
  const path = (await params).path.map(decode)
  const file = getCard(path) ?? notFound()
  return mediaAnswer(file, { name: path.at(-1) ?? '', tag: '', cacheControl: mediaCaching })
}
