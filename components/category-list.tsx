import { listThings } from '@/lib/formats/json-ld'
import type { Category, PostSummary, Series } from '@/lib/posts/published'
import { categoryAddress, categoryTitle, listAddress } from '@/lib/site/address'
import type { ListPage } from '@/lib/site/pagination'
import { stepsToCategory } from '@/lib/site/steps'
import { JsonLd } from './json-ld'
import { PageFrame } from './page-frame'
import { PostPageList } from './post-page-list'
import { Subjects } from './subjects'

type Props = { category: Category; page: ListPage<PostSummary>; categories: Category[]; series: Series[] }

/** One page of a category. */
export function CategoryList({ category, page, categories, series }: Props) {
  const title = categoryTitle(category.name)
  const first = categoryAddress(category.name)
  const address = listAddress(first, page.number)
  const steps = stepsToCategory(category.name)
  return (
    <PageFrame address={address}>
      <JsonLd things={listThings({ name: title, address, posts: page.items, steps })} />
      <PostPageList title={title} steps={steps} page={page} base={first}>
        <Subjects categories={categories} series={series} current={first} />
      </PostPageList>
    </PageFrame>
  )
}
