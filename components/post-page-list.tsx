import type { ReactNode } from 'react'
import type { PostSummary } from '@/lib/posts/published'
import type { ListPage } from '@/lib/site/pagination'
import type { Step } from '@/lib/site/steps'
import { Breadcrumb } from './breadcrumb'
import { ListHeader } from './list-header'
import { Pagination } from './pagination'
import { PostList } from './post-list'

type Props = {
  title: string
  /** The way to this list from another; the last step is the list itself. */
  steps?: Step[]
  lang?: string
  /** One sentence below the title. */
  said?: ReactNode
  /** Nothing when no post is published. */
  page: ListPage<PostSummary> | undefined
  /** The address of the first page. */
  base: string
  /** What stands in the margin: the lists beside this one. */
  children?: ReactNode
}

/** One page of a list of posts, with links to the next pages and to the lists beside it. */
export function PostPageList({ title, steps = [], lang, said, page, base, children }: Props) {
  return (
    <div className="with-margin">
      <div>
        {steps.length > 1 && (
          <div className="furniture mb-1">
            <Breadcrumb steps={steps} />
          </div>
        )}
        <ListHeader title={title} lang={lang}>
          {said}
        </ListHeader>
        {page && <PostList posts={page.items} />}
        {page && <Pagination base={base} number={page.number} of={page.of} />}
      </div>
      {children && <aside className="margin-matter furniture">{children}</aside>}
    </div>
  )
}
