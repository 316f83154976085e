import { FeedList } from '@/components/feed-list'
import { PageFrame } from '@/components/page-frame'
import { describePage } from '@/lib/formats/describe-page'
import { feedsByKind } from '@/lib/formats/feed-lists'

export const metadata = describePage({
  title: 'Feeds',
  description: 'Addresses for a feed reader: of everything, and of each subject.',
  address: '/feeds',
})

export default function Feeds() {
  return (
    <PageFrame address="/feeds">
      <FeedList kinds={feedsByKind()} />
    </PageFrame>
  )
}
