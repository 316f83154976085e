import type { PostSummary } from '@/lib/posts/published'
import { postAddress } from '@/lib/site/address'
import { Day } from './day'
import { Mend } from './mend'

/** Posts with their summaries, and the date in the margin. */
export function PostList({ posts }: { posts: PostSummary[] }) {
  return (
    <ol className="grid gap-9">
      {posts.map((post) => (
        <li key={post.slug} className="grid gap-x-8 gap-y-1 md:grid-cols-[9.5rem_minmax(0,38rem)]">
          <p className="furniture md:pt-1.5">
            <Day date={post.date} />
          </p>
          <div>
            <h2 className="text-xl font-semibold tracking-tight" lang={post.lang}>
              <a href={postAddress(post.slug)} className="quiet">
                {post.title}
              </a>
            </h2>
            <p className="mt-1.5 text-soft" lang={post.lang}>
              {post.excerpt}
            </p>
            <Mend file={post.file} />
          </div>
        </li>
      ))}
    </ol>
  )
}

/** Posts as a table of contents: title, leader dots, minutes. */
export function Contents({ posts, dated = false }: { posts: PostSummary[]; dated?: boolean }) {
  return (
    <ol className="grid">
      {posts.map((post) => (
        <li key={post.slug} className="flex items-baseline py-1.5">
          {dated && (
            <span className="furniture w-17 shrink-0 sm:w-20">
              <Day date={post.date} short />
            </span>
          )}
          <a href={postAddress(post.slug)} className="quiet text-lg leading-snug" lang={post.lang}>
            {post.title}
          </a>
          <span className="leader max-sm:invisible" aria-hidden="true" />
          <span className="furniture figures shrink-0">{post.minutes} min</span>
          <Mend file={post.file} />
        </li>
      ))}
    </ol>
  )
}
