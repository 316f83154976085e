import { notFound } from 'next/navigation'
import { textAnswer } from '@/lib/formats/answer'
import { sitemapParts } from '@/lib/formats/sitemap-places'
import { atBuild } from '@/lib/site/static-params'

export const dynamic = 'force-static'
export const dynamicParams = false
export const generateStaticParams = atBuild(() => {
  const { length } = sitemapParts()
  return length > 1 ? Array.from({ length }, (_, at) => ({ part: `${at + 1}.xml` })) : []
})

/** A part of a sitemap that is too long for one file. */
export async function GET(_request: Request, { params }: RouteContext<'/sitemap/[part]'>) {
  const parts = sitemapParts()
  const [, number] = /^(\d+)\.xml$/.exec((await params).part) ?? []
  return textAnswer((parts.length > 1 && parts[Number(number) - 1]) || notFound(), 'application/xml')
}
