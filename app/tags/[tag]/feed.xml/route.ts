import { notFound } from 'next/navigation'
import { feedAnswer } from '@/lib/formats/feed-items'
import { ofTag } from '@/lib/formats/feed-lists'
import { getTag, getTags } from '@/lib/posts/published'
import { decode } from '@/lib/site/address'
import { atBuild } from '@/lib/site/static-params'

export const dynamic = 'force-static'
export const dynamicParams = false
export const generateStaticParams = atBuild(() => getTags().map(({ key }) => ({ tag: key })))

/** The newest posts with a tag, as RSS. */
export const GET = async (_request: Request, { params }: RouteContext<'/tags/[tag]/feed.xml'>) =>
  feedAnswer(ofTag(getTag(decode((await params).tag)) ?? notFound()))
