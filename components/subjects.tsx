import type { Category, Series } from '@/lib/posts/published'
import { categoryAddress, categoryTitle, seriesAddress } from '@/lib/site/address'
import { MarginLinks } from './margin-links'

type Props = {
  categories: Category[]
  series: Series[]
  /** The address of the one whose page this is. */
  current?: string
}

/** Categories and series with their numbers of posts, for the margin. */
export function Subjects({ categories, series, current = '' }: Props) {
  return (
    <>
      <MarginLinks
        title="Subjects"
        entries={categories.map(({ name, posts }) => ({
          href: categoryAddress(name),
          label: categoryTitle(name),
          count: posts.length,
        }))}
        current={current}
      />
      <MarginLinks
        title="Series"
        entries={series.map(({ name, posts }) => ({ href: seriesAddress(name), label: name, count: posts.length }))}
        current={current}
      />
    </>
  )
}
