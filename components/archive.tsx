import type { Year } from '@/lib/posts/published'
import { yearAddress } from '@/lib/site/address'
import { ListHeader } from './list-header'
import { MarginLinks } from './margin-links'
import { Contents } from './post-list'

/** Posts as a table of contents, by year: one year, or all of them on one page. */
export function Archive({ title, shown, years }: { title: string; shown: Year[]; years: Year[] }) {
  return (
    <div className="with-margin">
      <div>
        <ListHeader title={title}>{shown.length === 0 && 'Nothing has been published yet.'}</ListHeader>
        {shown.map(({ year, posts }) => (
          <section key={year} aria-labelledby={`of-${year}`}>
            {year !== title && (
              <h2 id={`of-${year}`} className="year-head figures border-b border-rule">
                {year}
              </h2>
            )}
            <Contents posts={posts} dated />
          </section>
        ))}
      </div>
      <aside className="margin-matter furniture">
        <MarginLinks
          title="Years"
          entries={years.map(({ year, posts }) => ({ href: yearAddress(year), label: year, count: posts.length }))}
          current={yearAddress(title)}
        />
      </aside>
    </div>
  )
}
