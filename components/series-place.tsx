import type { Series } from '@/lib/posts/published'
import { postAddress, seriesAddress } from '@/lib/site/address'

/** The place of a post in its series; the other parts are folded away. */
export function SeriesPlace({ series, slug }: { series: Series; slug: string }) {
  const at = series.posts.findIndex((post) => post.slug === slug)
  return (
    <nav aria-label={`Series: ${series.name}`}>
      <details>
        <summary className="cursor-pointer py-0.5">
          Part {at + 1} of {series.posts.length} of {series.name}
        </summary>
        <ol className="mt-1 grid list-inside list-decimal gap-1">
          {series.posts.map((post) => (
            <li key={post.slug}>
              {post.slug === slug ? (
                <span aria-current="page" className="text-ink">
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
        <p className="mt-1">
          <a href={seriesAddress(series.name)}>All parts</a>
        </p>
      </details>
    </nav>
  )
}
