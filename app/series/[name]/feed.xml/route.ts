import { notFound } from 'next/navigation'
import { feedAnswer } from '@/lib/formats/feed-items'
import { ofSeries } from '@/lib/formats/feed-lists'
import { getAllSeries, getSeries } from '@/lib/posts/published'
import { decode } from '@/lib/site/address'
import { atBuild } from '@/lib/site/static-params'

export const dynamic = 'force-static'
export const dynamicParams = false
export const generateStaticParams = atBuild(() => getAllSeries().map(({ key }) => ({ name: key })))

/** The parts of a series, the newest first, as RSS. */
export const GET = async (_request: Request, { params }: RouteContext<'/series/[name]/feed.xml'>) =>
  feedAnswer(ofSeries(getSeries(decode((await params).name)) ?? notFound()))
