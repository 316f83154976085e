import { FrontPage } from '@/components/front-page'
import { JsonLd } from '@/components/json-ld'
import { describePage } from '@/lib/formats/describe-page'
import { siteThings } from '@/lib/formats/json-ld'
import { getAllSeries, getCategories, getPosts, getTags } from '@/lib/posts/published'

export const metadata = describePage({ address: '/' })

export default function Home() {
  return (
    <>
      <JsonLd things={siteThings()} />
      <FrontPage posts={getPosts()} categories={getCategories()} series={getAllSeries()} tags={getTags()} />
    </>
  )
}
