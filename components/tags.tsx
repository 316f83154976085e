import type { Tag } from '@/lib/posts/published'
import { tagAddress } from '@/lib/site/address'
import { MarginLinks } from './margin-links'

/** As many tags as a margin has room for. */
const MOST = 14

/** The tags that most posts have, for the margin; the one at `current` is marked. */
export function Tags({ tags, current = '' }: { tags: Tag[]; current?: string }) {
  const often = [...tags].sort((a, b) => b.posts.length - a.posts.length).slice(0, MOST)
  return (
    <MarginLinks
      title="Tags"
      entries={often.map(({ key, label, posts }) => ({ href: tagAddress(key), label, count: posts.length }))}
      current={current}
    />
  )
}
