import { FrontPage } from '@/components/front-page'
import { JsonLd } from '@/components/json-ld'
import { PageFrame } from '@/components/page-frame'
import { describePage } from '@/lib/formats/describe-page'
import { siteThings } from '@/lib/formats/json-ld'
import { getFront } from '@/lib/posts/front'
import { getAllSeries, getCategories, getTags } from '@/lib/posts/published'

export const metadata = describePage({ address: '/' })

export default async function Home() {
  return (
    <PageFrame address="/">
      <JsonLd things={siteThings()} />
      <FrontPage front={await getFront()} categories={getCategories()} series={getAllSeries()} tags={getTags()} />
    </PageFrame>
  )
}
