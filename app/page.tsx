import { FrontPage } from '@/components/front-page'
import { getAllSeries, getCategories, getPosts, getTags } from '@/lib/posts/published'
import { describePage } from '@/lib/site/metadata'

export const metadata = describePage({ address: '/' })

export default function Home() {
  return <FrontPage posts={getPosts()} categories={getCategories()} series={getAllSeries()} tags={getTags()} />
}
