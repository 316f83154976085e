import { notFound } from 'next/navigation'
import { feedAnswer } from '@/lib/formats/feed-items'
import { ofAuthor } from '@/lib/formats/feed-lists'
import { getAuthors } from '@/lib/posts/published'
import { decode } from '@/lib/site/address'
import { atBuild } from '@/lib/site/static-params'

export const dynamic = 'force-static'
export const dynamicParams = false
export const generateStaticParams = atBuild(() => getAuthors().map(({ slug }) => ({ name: slug })))

/** The newest posts of an author, as RSS. */
export async function GET(_request: Request, { params }: RouteContext<'/authors/[name]/feed.xml'>) {
  const asked = decode((await params).name)
  return feedAnswer(ofAuthor(getAuthors().find(({ slug }) => slug === asked) ?? notFound()))
}
