import { notFound } from 'next/navigation'
import { decode } from '@/lib/content/address'
import { getMedia, getMediaFile } from '@/lib/content/posts'
import { mediaAnswer } from '@/lib/media-answer'
import { mediaCaching } from '@/lib/requests'

export const dynamic = 'force-static'
export const dynamicParams = false
export const generateStaticParams = () => getMedia().map(({ hash, name }) => ({ hash, name }))

/** What something public shows. It is kept for a while only: it may be withdrawn. */
export async function GET(_request: Request, { params }: RouteContext<'/media/[hash]/[name]'>) {
  const { hash, name: encoded } = await params
  const name = decode(encoded)
  const file = getMediaFile('media', hash, name) ?? notFound()
  return mediaAnswer(file, { name, tag: hash, cacheControl: mediaCaching })
}
