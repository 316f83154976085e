import { notFound } from 'next/navigation'
import { getMedia, getMediaFile } from '@/lib/posts/published'
import { mediaCaching } from '@/lib/server/caching'
import { mediaAnswer } from '@/lib/server/send-file'
import { decode } from '@/lib/site/address'
import { atBuild } from '@/lib/site/static-params'

export const dynamic = 'force-static'
export const dynamicParams = false
export const generateStaticParams = atBuild(() => getMedia().map(({ hash, name }) => ({ hash, name })))

/** A picture or other file of a public document. Caches keep it only for minutes, because it may be withdrawn. */
export async function GET(_request: Request, { params }: RouteContext<'/media/[hash]/[name]'>) {
  const { hash, name: encoded } = await params
  const name = decode(encoded)
  const file = getMediaFile('media', hash, name) ?? notFound()
  return mediaAnswer(file, { name, tag: hash, cacheControl: mediaCaching })
}
