import type { Author, Post, Series } from '@/lib/posts/published'
import { authorAddress } from '@/lib/site/address'
import { longDay } from '@/lib/site/dates'
import { stepsToPost } from '@/lib/site/steps'
import { Breadcrumb } from './breadcrumb'
import { Day } from './day'
import { Prose } from './prose'
import { SeriesPlace } from './series-place'
import { Toc } from './toc'

type Props = {
  post: Post
  /** The authors that have a page. */
  authors: Pick<Author, 'slug' | 'name' | 'avatar'>[]
  tags: { label: string; href: string }[]
  series?: Series | undefined
}

/** A post: head, table of contents, text. A published page and the proof of a draft use the same. */
export function PostArticle({ post, authors, tags, series }: Props) {
  return (
    <article className="article" lang={post.lang}>
      <header>
        <Breadcrumb steps={stepsToPost(post)} />
        <h1 className="mt-6 text-4xl font-semibold tracking-tight">{post.title}</h1>
        {post.summary && <p className="mt-5 text-lg leading-snug text-soft md:text-xl">{post.summary}</p>}
        <div className="furniture mt-7 flex flex-wrap items-center gap-x-5 gap-y-2 border-t border-rule pt-4">
          {authors.map(({ slug, name, avatar }) => (
            <a key={slug} href={authorAddress(slug)} rel="author" className="quiet target gap-2.5 text-ink">
              {avatar && <img src={avatar} alt="" width="28" height="28" className="size-7 rounded-full" />}
              {name}
            </a>
          ))}
          <Day date={post.date} />
          {post.lastmod && longDay(post.lastmod) !== longDay(post.date) && (
            <span>
              Updated <Day date={post.lastmod} />
            </span>
          )}
          <span className="figures">{post.minutes} min read</span>
        </div>
      </header>
      {post.toc && post.headings.length >= 3 && <Toc headings={post.headings} />}
      {series && <SeriesPlace series={series} slug={post.slug} />}
      <Prose text={post} />
      {tags.length > 0 && (
        <ul aria-label="Tags" className="furniture flex flex-wrap gap-x-4 border-t border-rule pt-4">
          {tags.map(({ label, href }) => (
            <li key={href}>
              <a href={href} rel="tag" className="quiet target">
                <span aria-hidden="true" className="mr-px text-accent">
                  #
                </span>
                {label}
              </a>
            </li>
          ))}
        </ul>
      )}
    </article>
  )
}
