import { listThings } from '@/lib/formats/json-ld'
import type { Category, PostSummary } from '@/lib/posts/published'
import { categoryAddress, categoryTitle, listAddress } from '@/lib/site/address'
import type { ListPage } from '@/lib/site/pagination'
import { stepsToCategory } from '@/lib/site/steps'
import { Breadcrumb } from './breadcrumb'
import { JsonLd } from './json-ld'
import { ListHeader } from './list-header'
import { PostPageList } from './post-page-list'

/** One page of a category. */
export function CategoryList({ category, page }: { category: Category; page: ListPage<PostSummary> }) {
  const title = categoryTitle(category.name)
  const first = categoryAddress(category.name)
  const steps = stepsToCategory(category.name)
  const address = listAddress(first, page.number)
  return (
    <>
      <JsonLd things={listThings({ name: title, address, posts: page.items, steps })} />
      <div className="mb-6">
        <Breadcrumb steps={steps} />
      </div>
      <ListHeader title={title}>
        {category.posts.length} {category.posts.length === 1 ? 'post' : 'posts'}
      </ListHeader>
      <PostPageList page={page} base={first} />
    </>
  )
}
