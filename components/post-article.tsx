import type { Author, Post, Series } from '@/lib/posts/published'
import { authorAddress } from '@/lib/site/address'
import { longDay } from '@/lib/site/dates'
import { stepsToPost } from '@/lib/site/steps'
import { Breadcrumb } from './breadcrumb'
import { Cover } from './cover'
import { Day } from './day'
import { Prose } from './prose'
import { RunningHead } from './running-head'
import { SeriesPart, SeriesParts } from './series-parts'

type Props = {
  post: Post
  /** The authors that have a page. */
  authors: Pick<Author, 'slug' | 'name' | 'avatar'>[]
  tags: { label: string; href: string }[]
  series?: Series | undefined
}

/** A post: head, running head, text. A published page and the proof of a draft use the same. */
export function PostArticle({ post, authors, tags, series }: Props) {
  return (
    <article className="article" lang={post.lang}>
      <header className="post-head">
        <div>
          <div className="furniture flex flex-wrap gap-x-3">
            <Breadcrumb steps={stepsToPost(post)} />
            <Day date={post.date} />
            {post.lastmod && longDay(post.lastmod) !== longDay(post.date) && (
              <span>
                Updated <Day date={post.lastmod} />
              </span>
            )}
            <span className="figures">{post.minutes} min read</span>
          </div>
          <h1 className="mt-3 text-5xl font-semibold tracking-tight">{post.title}</h1>
          {post.summary && <p className="mt-4 text-xl text-soft">{post.summary}</p>}
        </div>
        <div className="byline furniture">
          {authors.map(({ slug, name, avatar }) => (
            <p key={slug}>
              <a href={authorAddress(slug)} rel="author" className="quiet target gap-2 text-ink">
                {avatar && <img src={avatar} alt="" width="48" height="48" className="portrait size-[3rem]" />}
                {name}
              </a>
            </p>
          ))}
          {series && <SeriesPart series={series} slug={post.slug} />}
        </div>
      </header>
      <Cover cover={post.cover} isLarge />
      <RunningHead post={post} />
      <Prose text={post} />
      {series && <SeriesParts series={series} slug={post.slug} />}
      {tags.length > 0 && (
        <ul aria-label="Tags" className="furniture flex flex-wrap gap-x-4">
          {tags.map(({ label, href }) => (
            <li key={href}>
              <a href={href} rel="tag" className="quiet target">
                <span aria-hidden="true" className="mr-px text-pencil">
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
