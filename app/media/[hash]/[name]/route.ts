import { notFound } from 'next/navigation'
import { decode } from '@/lib/content/address'
import { getMedia } from '@/lib/content/posts'
import { pictureAnswer } from '@/lib/picture-answer'

export const dynamic = 'force-static'
export const dynamicParams = false
export const generateStaticParams = () => getMedia().map(({ hash, name }) => ({ hash, name }))

/** A picture beside something public. Its address changes with its bytes, so it may be kept for good. */
export async function GET(_request: Request, { params }: RouteContext<'/media/[hash]/[name]'>) {
  const { hash, name } = await params
  const picture = getMedia().find((one) => one.hash === hash && one.name === decode(name)) ?? notFound()
  return pictureAnswer(picture.file, picture.name, 'public, max-age=31536000, immutable')
}
