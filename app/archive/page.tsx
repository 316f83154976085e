import { Archive } from '@/components/archive'
import { JsonLd } from '@/components/json-ld'
import { PageFrame } from '@/components/page-frame'
import { describePage } from '@/lib/formats/describe-page'
import { listThings } from '@/lib/formats/json-ld'
import { getYears } from '@/lib/posts/published'
import { yearOf } from '@/lib/site/dates'
import { titleOfSection } from '@/lib/site/navigation'

const address = '/archive'
const name = titleOfSection(address)

export const metadata = describePage({ title: name, description: 'Everything published, by year.', address })

export default function ArchivePage() {
  const years = getYears(yearOf)
  return (
    <PageFrame address={address}>
      <JsonLd things={listThings({ name, address })} />
      <Archive title={name} shown={years} years={years} />
    </PageFrame>
  )
}
