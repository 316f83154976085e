import { listThings } from '@/lib/formats/json-ld'
import type { PostSummary, Tag } from '@/lib/posts/published'
import { listAddress, tagAddress } from '@/lib/site/address'
import type { ListPage } from '@/lib/site/pagination'
import { stepsToTag } from '@/lib/site/steps'
import { JsonLd } from './json-ld'
import { PageFrame } from './page-frame'
import { PostPageList } from './post-page-list'
import { Tags } from './tags'

type Props = { tag: Tag; page: ListPage<PostSummary>; tags: Tag[] }

/** One page of the list of posts with a tag. */
export function TagList({ tag, page, tags }: Props) {
  const first = tagAddress(tag.key)
  const address = listAddress(first, page.number)
  const steps = stepsToTag(tag.label)
  return (
    <PageFrame address={address}>
      <JsonLd things={listThings({ name: tag.label, address, posts: page.items, steps })} />
      <PostPageList title={tag.label} steps={steps} page={page} base={first}>
        <Tags tags={tags} current={first} />
      </PostPageList>
    </PageFrame>
  )
}
