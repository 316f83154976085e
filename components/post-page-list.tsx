import type { PostSummary } from '@/lib/posts/published'
import type { ListPage } from '@/lib/site/pagination'
import { Pagination } from './pagination'
import { PostList } from './post-list'

/** One page of a list of posts, with links to the next pages. */
export function PostPageList({ page, base }: { page: ListPage<PostSummary>; base: string }) {
  return (
    <>
      <PostList posts={page.items} />
      <Pagination base={base} number={page.number} of={page.of} />
    </>
  )
}
