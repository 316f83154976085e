import type { Category, PostSummary, Series, Tag } from '@/lib/posts/published'
import { categoryAddress, categoryTitle, postAddress, seriesAddress, tagAddress } from '@/lib/site/address'
import { site } from '@/site.config'
import { CountedLink } from './counted-link'
import { Day } from './day'
import { Mend } from './mend'
import { Contents } from './post-list'

type Props = { posts: PostSummary[]; categories: Category[]; series: Series[]; tags: Tag[] }

/** The front page: the newest post in large type, the other posts as a table of contents, and lists of categories, tags and series. */
export function FrontPage({ posts, categories, series, tags }: Props) {
  const [lead, ...rest] = posts
  if (!lead) return <Empty />
  const words = posts.reduce((sum, post) => sum + post.words, 0)
  return (
    <>
      <section className="crop" aria-labelledby="lead">
        <p className="slug-line flex flex-wrap gap-x-5">
          <span>
            {posts.length} {posts.length === 1 ? 'post' : 'posts'}
          </span>
          <span>{words.toLocaleString(site.language)} words</span>
          <span className="md:ml-auto">
            last pulled <Day date={lead.date} />
          </span>
        </p>
        <div className="py-10 md:px-10 md:py-16">
          <h1 id="lead" className="max-w-[18ch] text-4xl font-semibold tracking-tight" lang={lead.lang}>
            <a href={postAddress(lead.slug)} className="quiet">
              {lead.title}
            </a>
          </h1>
          <p className="mt-5 max-w-[36rem] text-lg leading-snug md:text-xl text-soft" lang={lead.lang}>
            {lead.excerpt}
          </p>
          <Mend file={lead.file} />
          <p className="furniture mt-6">
            {lead.category && <>{categoryTitle(lead.category)}, </>}
            {lead.minutes} {lead.minutes === 1 ? 'minute' : 'minutes'}
          </p>
        </div>
        <p className="slug-line">{site.description}</p>
      </section>
      <div className="mt-16 grid gap-x-20 gap-y-14 lg:grid-cols-[minmax(0,41rem)_minmax(0,1fr)]">
        {rest.length > 0 && (
          <section aria-labelledby="lately">
            <h2 id="lately" className="mb-4 border-b border-ink pb-2 font-sans text-sm font-semibold">
              Lately
            </h2>
            <Contents posts={rest.slice(0, 9)} dated />
            <p className="mt-5 font-sans">
              <a href="/archive" className="target">
                Everything, by year
              </a>
            </p>
          </section>
        )}
        <div className="grid content-start gap-12">
          {categories.length + tags.length > 0 && (
            <section aria-labelledby="subjects">
              <h2 id="subjects" className="mb-3 border-b border-ink pb-2 font-sans text-sm font-semibold">
                By subject
              </h2>
              <ul>
                {categories.map(({ name, posts: inside }) => (
                  <CountedLink
                    key={name}
                    href={categoryAddress(name)}
                    label={categoryTitle(name)}
                    count={inside.length}
                  />
                ))}
              </ul>
              <ul aria-label="Tags" className="furniture mt-4 flex flex-wrap gap-x-4">
                {[...tags]
                  .sort((a, b) => b.posts.length - a.posts.length)
                  .slice(0, 10)
                  .map(({ key, label }) => (
                    <li key={key}>
                      <a href={tagAddress(key)} className="quiet target">
                        {label}
                      </a>
                    </li>
                  ))}
              </ul>
            </section>
          )}
          {series.length > 0 && (
            <section aria-labelledby="series">
              <h2 id="series" className="mb-3 border-b border-ink pb-2 font-sans text-sm font-semibold">
                In parts
              </h2>
              <ul>
                {series.map(({ name, posts: parts }) => (
                  <CountedLink key={name} href={seriesAddress(name)} label={name} count={parts.length} />
                ))}
              </ul>
            </section>
          )}
        </div>
      </div>
    </>
  )
}

function Empty() {
  return (
    <section className="crop px-8 py-12">
      <h1 className="text-3xl font-semibold tracking-tight">A blank sheet.</h1>
      <p className="mt-3 max-w-[36rem] text-lg text-soft">
        Nothing has been published yet. <code className="font-mono text-base">npm run new -- "My first post"</code>{' '}
        writes a draft; take out its draft line when it is ready.
      </p>
    </section>
  )
}
