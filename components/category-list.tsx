import type { Category, PostSummary } from '@/lib/posts/published'
import { categoryAddress, categoryTitle } from '@/lib/site/address'
import type { ListPage } from '@/lib/site/pagination'
import { Breadcrumb } from './breadcrumb'
import { ListHeader } from './list-header'
import { PostPageList } from './post-page-list'

/** One page of a category. */
export function CategoryList({ category, page }: { category: Category; page: ListPage<PostSummary> }) {
  const title = categoryTitle(category.name)
  return (
    <>
      <div className="mb-6">
        <Breadcrumb steps={[{ label: 'Blog', href: '/blog' }, { label: title }]} />
      </div>
      <ListHeader title={title}>
        {category.posts.length} {category.posts.length === 1 ? 'post' : 'posts'}
      </ListHeader>
      <PostPageList page={page} base={categoryAddress(category.name)} />
    </>
  )
}
