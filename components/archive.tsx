import type { PostSummary } from '@/lib/posts/published'
import { ListHeader } from './list-header'
import { Contents } from './post-list'

/** One year of posts, and links to the other years. */
export function Archive({
  year,
  years,
}: {
  year: { year: string; posts: PostSummary[] } | undefined
  years: { year: string; posts: PostSummary[] }[]
}) {
  return (
    <div className="grid gap-x-20 gap-y-10 lg:grid-cols-[minmax(0,41rem)_minmax(0,1fr)]">
      <section>
        <ListHeader title={year?.year ?? 'Archive'}>
          {year
            ? `${year.posts.length} ${year.posts.length === 1 ? 'post' : 'posts'}`
            : 'Nothing has been published yet.'}
        </ListHeader>
        {year && <Contents posts={year.posts} dated />}
      </section>
      <nav aria-label="Years">
        <ul className="flex flex-wrap gap-x-6 lg:block lg:pt-4">
          {years.map((one) => (
            <li key={one.year} className="flex items-baseline py-1">
              <a
                href={`/archive/${one.year}`}
                aria-current={one.year === year?.year ? 'page' : undefined}
                className="quiet figures text-lg aria-[current=page]:text-accent"
              >
                {one.year}
              </a>
              <span className="leader hidden lg:block" aria-hidden="true" />
              <span className="furniture figures pl-2 lg:pl-0">{one.posts.length}</span>
            </li>
          ))}
        </ul>
      </nav>
    </div>
  )
}
