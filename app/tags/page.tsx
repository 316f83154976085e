import { CountedLink } from '@/components/counted-link'
import { JsonLd } from '@/components/json-ld'
import { ListHeader } from '@/components/list-header'
import { PageFrame } from '@/components/page-frame'
import { describePage } from '@/lib/formats/describe-page'
import { listThings } from '@/lib/formats/json-ld'
import { getTags } from '@/lib/posts/published'
import { tagAddress } from '@/lib/site/address'
import { titleOfSection } from '@/lib/site/navigation'

const title = titleOfSection('/tags')

export const metadata = describePage({ title, address: '/tags' })

export default function Tags() {
  const tags = getTags()
  return (
    <PageFrame address="/tags">
      <JsonLd things={listThings({ name: title, address: '/tags' })} />
      <ListHeader title={title}>{tags.length === 0 && 'No post has a tag yet.'}</ListHeader>
      <ul className="columns-1 gap-x-16 sm:columns-2 lg:columns-3">
        {tags.map(({ key, label, posts }) => (
          <CountedLink key={key} className="text-lg" href={tagAddress(key)} label={label} count={posts.length} />
        ))}
      </ul>
    </PageFrame>
  )
}
