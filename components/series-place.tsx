import type { Series } from '@/lib/posts/published'
import { postAddress, seriesAddress } from '@/lib/site/address'

/** The place of a post in its series, with links to the other parts. */
export function SeriesPlace({ series, slug }: { series: Series; slug: string }) {
  const at = series.posts.findIndex((post) => post.slug === slug)
  return (
    <nav aria-label={`Series: ${series.name}`} className="border-y border-rule py-4 font-sans text-sm">
      <p className="text-soft">
        Part {at + 1} of {series.posts.length} of{' '}
        <a href={seriesAddress(series.name)} className="text-ink">
          {series.name}
        </a>
      </p>
      <ol className="mt-2 grid list-inside list-decimal gap-1 marker:text-soft">
        {series.posts.map((post) => (
          <li key={post.slug}>
            {post.slug === slug ? (
              <span aria-current="page" className="font-semibold">
                {post.title}
              </span>
            ) : (
              <a href={postAddress(post.slug)} className="quiet">
                {post.title}
              </a>
            )}
          </li>
        ))}
      </ol>
    </nav>
  )
}
