import { FrontPage } from '@/components/front-page'
import { getAllSeries, getCategories, getPosts, getTags } from '@/lib/content/posts'
import { describePage } from '@/lib/metadata'

export const metadata = describePage({ address: '/' })

export default function Home() {
  return <FrontPage posts={getPosts()} categories={getCategories()} series={getAllSeries()} tags={getTags()} />
}
