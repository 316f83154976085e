import { ListHeader } from '@/components/list-header'
import { tagAddress } from '@/lib/content/address'
import { getTags } from '@/lib/content/posts'
import { describePage } from '@/lib/metadata'

export const metadata = describePage({ title: 'Tags', address: '/tags' })

export default function Tags() {
  const tags = getTags()
  return (
    <>
      <ListHeader title="Tags">{tags.length === 0 && 'No post has a tag yet.'}</ListHeader>
      <ul className="columns-1 gap-x-16 sm:columns-2 lg:columns-3">
        {tags.map(({ key, label, posts }) => (
          <li key={key} className="flex break-inside-avoid items-baseline py-1.5">
            <a href={tagAddress(key)} className="quiet text-lg">
              {label}
            </a>
            <span className="leader" aria-hidden="true" />
            <span className="furniture figures">
              {posts.length}
              <span className="visually-hidden"> {posts.length === 1 ? 'post' : 'posts'}</span>
            </span>
          </li>
        ))}
      </ul>
    </>
  )
}
