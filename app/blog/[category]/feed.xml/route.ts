import { notFound } from 'next/navigation'
import { feedAnswer } from '@/lib/formats/feed-items'
import { ofCategory } from '@/lib/formats/feed-lists'
import { getCategories, getCategory } from '@/lib/posts/published'
import { decode } from '@/lib/site/address'
import { atBuild } from '@/lib/site/static-params'

export const dynamic = 'force-static'
export const dynamicParams = false
export const generateStaticParams = atBuild(() => getCategories().map(({ name }) => ({ category: name })))

/** The newest posts of a category, as RSS. */
export const GET = async (_request: Request, { params }: RouteContext<'/blog/[category]/feed.xml'>) =>
  feedAnswer(ofCategory(getCategory(decode((await params).category)) ?? notFound()))
