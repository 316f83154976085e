import { notFound } from 'next/navigation'
import { Archive } from '@/components/archive'
import { getYears } from '@/lib/posts/published'
import { yearOf } from '@/lib/site/dates'
import { describePage } from '@/lib/site/metadata'
import { atBuild } from '@/lib/site/static-params'

type Props = PageProps<'/archive/[year]'>

export const dynamicParams = false
export const generateStaticParams = atBuild(() => getYears(yearOf).map(({ year }) => ({ year })))

export async function generateMetadata({ params }: Props) {
  const { year } = await params
  return describePage({ title: year, description: `Everything published in ${year}.`, address: `/archive/${year}` })
}

export default async function YearPage({ params }: Props) {
  const { year } = await params
  const years = getYears(yearOf)
  return <Archive year={years.find((one) => one.year === year) ?? notFound()} years={years} />
}
