import type { PostSummary } from '@/lib/posts/published'
import { categoryTitle, postAddress } from '@/lib/site/address'
import { Cover } from './cover'
import { Day } from './day'
import { Mend } from './mend'

type Props = {
  posts: PostSummary[]
  /** The level of the titles. */
  level?: 2 | 3
}

/** Posts in a list: facts, title, first words, and the cover at the right. */
export function PostList({ posts, level = 2 }: Props) {
  const Title = level === 2 ? 'h2' : 'h3'
  return (
    <ol>
      {posts.map((post) => (
        <li key={post.slug} className={`post-row${post.series?.part === 1 ? ' opener' : ''}`}>
          <div>
            <PostFacts post={post} />
            <Title lang={post.lang}>
              <a href={postAddress(post.slug)} className="quiet">
                {post.title}
              </a>
            </Title>
            <p className="words" lang={post.lang}>
              {post.excerpt}
            </p>
            <Mend file={post.file} />
          </div>
          <Cover cover={post.cover} />
        </li>
      ))}
    </ol>
  )
}

/** When a post was published, its subject, and how long it takes to read. */
export function PostFacts({ post }: { post: PostSummary }) {
  return (
    <p className="furniture flex flex-wrap gap-x-3">
      <Day date={post.date} />
      {post.category && <span>{categoryTitle(post.category)}</span>}
      <span className="figures">{post.minutes} min</span>
    </p>
  )
}

/** Posts as a table of contents: day, title, leader dots, minutes. */
export function Contents({ posts, dated = false }: { posts: PostSummary[]; dated?: boolean }) {
  return (
    <ol className="grid">
      {posts.map((post) => (
        <li key={post.slug} className="flex items-baseline py-1">
          {dated && (
            <span className="furniture w-[4.4rem] shrink-0">
              <Day date={post.date} short />
            </span>
          )}
          <a href={postAddress(post.slug)} className="quiet text-lg leading-snug max-sm:mr-auto" lang={post.lang}>
            {post.title}
          </a>
          <span className="leader max-sm:hidden" aria-hidden="true" />
          <span className="furniture figures w-[3.6rem] shrink-0 text-right">{post.minutes} min</span>
          <Mend file={post.file} />
        </li>
      ))}
    </ol>
  )
}
