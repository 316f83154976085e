import type { PostSummary, Tag } from '@/lib/posts/published'
import { tagAddress } from '@/lib/site/address'
import type { ListPage } from '@/lib/site/pagination'
import { Breadcrumb } from './breadcrumb'
import { ListHeader } from './list-header'
import { PostPageList } from './post-page-list'

/** One page of the list of posts with a tag. */
export function TagList({ tag, page }: { tag: Tag; page: ListPage<PostSummary> }) {
  return (
    <>
      <div className="mb-6">
        <Breadcrumb steps={[{ label: 'Tags', href: '/tags' }, { label: tag.label }]} />
      </div>
      <ListHeader title={tag.label}>
        {tag.posts.length} {tag.posts.length === 1 ? 'post' : 'posts'}
      </ListHeader>
      <PostPageList page={page} base={tagAddress(tag.key)} />
    </>
  )
}
