import { notFound } from 'next/navigation'
import { Archive } from '@/components/archive'
import { JsonLd } from '@/components/json-ld'
import { PageFrame } from '@/components/page-frame'
import { describePage } from '@/lib/formats/describe-page'
import { listThings } from '@/lib/formats/json-ld'
import { getYears } from '@/lib/posts/published'
import { yearAddress } from '@/lib/site/address'
import { yearOf } from '@/lib/site/dates'
import { atBuild } from '@/lib/site/static-params'

type Props = PageProps<'/archive/[year]'>

export const dynamicParams = false
export const generateStaticParams = atBuild(() => getYears(yearOf).map(({ year }) => ({ year })))

export async function generateMetadata({ params }: Props) {
  const { year } = await params
  return describePage({ title: year, description: `Everything published in ${year}.`, address: yearAddress(year) })
}

export default async function YearPage({ params }: Props) {
  const { year } = await params
  const years = getYears(yearOf)
  const found = years.find((one) => one.year === year) ?? notFound()
  return (
    <PageFrame address={yearAddress(year)}>
      <JsonLd things={listThings({ name: year, address: yearAddress(year) })} />
      <Archive title={year} shown={[found]} years={years} />
    </PageFrame>
  )
}
