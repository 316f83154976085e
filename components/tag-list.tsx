import { listThings } from '@/lib/formats/json-ld'
import type { PostSummary, Tag } from '@/lib/posts/published'
import { listAddress, tagAddress } from '@/lib/site/address'
import type { ListPage } from '@/lib/site/pagination'
import { stepsToTag } from '@/lib/site/steps'
import { Breadcrumb } from './breadcrumb'
import { JsonLd } from './json-ld'
import { ListHeader } from './list-header'
import { PostPageList } from './post-page-list'

/** One page of the list of posts with a tag. */
export function TagList({ tag, page }: { tag: Tag; page: ListPage<PostSummary> }) {
  const first = tagAddress(tag.key)
  const steps = stepsToTag(tag.label)
  const address = listAddress(first, page.number)
  return (
    <>
      <JsonLd things={listThings({ name: tag.label, address, posts: page.items, steps })} />
      <div className="mb-6">
        <Breadcrumb steps={steps} />
      </div>
      <ListHeader title={tag.label}>
        {tag.posts.length} {tag.posts.length === 1 ? 'post' : 'posts'}
      </ListHeader>
      <PostPageList page={page} base={first} />
    </>
  )
}
