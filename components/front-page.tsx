import type { Front } from '@/lib/posts/front'
import type { Category, PostSummary, Series, Tag } from '@/lib/posts/published'
import { postAddress, yearAddress } from '@/lib/site/address'
import { site } from '@/site.config'
import { Cover } from './cover'
import { FollowLinks } from './follow-links'
import { Mend } from './mend'
import { PostFacts, PostList } from './post-list'
import { Subjects } from './subjects'
import { Tags } from './tags'

type Props = { front: Front; categories: Category[]; series: Series[]; tags: Tag[] }

/** The front page: the newest post and its first words, the posts before it by year, and in the margin who writes here. */
export function FrontPage({ front, categories, series, tags }: Props) {
  const { newest, opening, years, more } = front
  return (
    <div className="with-margin">
      {newest ? <Newest post={newest} opening={opening} /> : <Empty />}
      <aside aria-label="Who writes here" className="margin-matter furniture">
        <Somebody />
        <div>
          <p className="title">Follow</p>
          <FollowLinks className="quiet target text-ink" />
        </div>
      </aside>
      <div>
        {years.map(({ year, posts }) => (
          <section key={year} aria-labelledby={`of-${year}`}>
            <h2 id={`of-${year}`} className="year-head figures">
              {year}
            </h2>
            <PostList posts={posts} level={3} />
          </section>
        ))}
        {more && (
          <p className="furniture flex gap-x-4 border-t border-rule pt-3">
            <a href={yearAddress(more)} className="target text-ink">
              All of {more}
            </a>
            <a href="/archive" className="target text-ink">
              Everything, by year
            </a>
          </p>
        )}
      </div>
      {categories.length + tags.length > 0 && (
        <aside aria-label="What there is" className="margin-matter lists furniture">
          <Subjects categories={categories} series={series} />
          {categories.length === 0 && <Tags tags={tags} />}
        </aside>
      )}
    </div>
  )
}

function Newest({ post, opening }: { post: PostSummary; opening: string[] }) {
  return (
    <section aria-labelledby="newest" lang={post.lang} className="newest">
      <PostFacts post={post} />
      <h1 id="newest" className="mt-2 text-4xl font-semibold tracking-tight">
        <a href={postAddress(post.slug)} className="quiet">
          {post.title}
        </a>
      </h1>
      <Cover cover={post.cover} isLarge />
      <div className="mt-3 grid gap-[1em] text-lg">
        {(opening.length > 0 ? opening : [post.excerpt]).map((paragraph) => (
          <p key={paragraph}>{paragraph}</p>
        ))}
      </div>
      <Mend file={post.file} />
      <p className="mt-3 font-sans text-sm">
        <a href={postAddress(post.slug)} aria-label={`Read on: ${post.title}`} className="target">
          Read on
        </a>
      </p>
    </section>
  )
}

/** Who writes here, in the first person; nothing when the owner has not said it. */
function Somebody() {
  if (!site.portrait && !site.intro) return null
  return (
    <div className="flex items-start gap-x-4 lg:block">
      {site.portrait && (
        <img src={site.portrait} alt="" width="128" height="128" className="portrait size-[4.8rem] lg:size-[8rem]" />
      )}
      {site.intro && <p className="text-base text-ink lg:mt-3">{site.intro}</p>}
    </div>
  )
}

function Empty() {
  return (
    <section>
      <h1 className="text-4xl font-semibold tracking-tight">{site.title}</h1>
      <p className="mt-3 text-lg">Nothing is published here yet.</p>
    </section>
  )
}
