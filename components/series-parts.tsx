import type { Series } from '@/lib/posts/published'
import { postAddress, seriesAddress } from '@/lib/site/address'

type Props = { series: Series; slug: string }

/** `Part 2 of 3 of Three Parts`, beside the head of a post. */
export function SeriesPart({ series, slug }: Props) {
  const at = series.posts.findIndex((post) => post.slug === slug)
  return (
    <p>
      Part {at + 1} of {series.posts.length} of {series.name}
    </p>
  )
}

/** All parts of a series after the text of one of them, where a reader goes on. */
export function SeriesParts({ series, slug }: Props) {
  return (
    <nav aria-label={`Series: ${series.name}`} className="furniture">
      <p>
        <a href={seriesAddress(series.name)} className="target text-ink">
          {series.name}
        </a>
      </p>
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
    </nav>
  )
}
