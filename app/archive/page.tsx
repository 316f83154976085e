import { Archive } from '@/components/archive'
import { getYears } from '@/lib/posts/published'
import { yearOf } from '@/lib/site/dates'
import { describePage } from '@/lib/site/metadata'

export const metadata = describePage({
  title: 'Archive',
  description: 'Everything published, by year.',
  address: '/archive',
})

export default function ArchivePage() {
  const years = getYears(yearOf)
  return <Archive year={years[0]} years={years} />
}
