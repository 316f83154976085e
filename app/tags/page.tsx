import { CountedLink } from '@/components/counted-link'
import { ListHeader } from '@/components/list-header'
import { getTags } from '@/lib/posts/published'
import { tagAddress } from '@/lib/site/address'
import { describePage } from '@/lib/site/metadata'

export const metadata = describePage({ title: 'Tags', address: '/tags' })

export default function Tags() {
  const tags = getTags()
  return (
    <>
      <ListHeader title="Tags">{tags.length === 0 && 'No post has a tag yet.'}</ListHeader>
      <ul className="columns-1 gap-x-16 sm:columns-2 lg:columns-3">
        {tags.map(({ key, label, posts }) => (
          <CountedLink key={key} href={tagAddress(key)} label={label} count={posts.length} />
        ))}
      </ul>
    </>
  )
}
