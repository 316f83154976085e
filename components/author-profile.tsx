import { authorThings } from '@/lib/formats/json-ld'
import type { Author, PostSummary, Text } from '@/lib/posts/published'
import { authorAddress, listAddress } from '@/lib/site/address'
import type { ListPage } from '@/lib/site/pagination'
import { JsonLd } from './json-ld'
import { Mend } from './mend'
import { PageFrame } from './page-frame'
import { Pagination } from './pagination'
import { PostList } from './post-list'
import { Prose } from './prose'

/** An author's profile, and one page of the author's posts. */
export function AuthorProfile({ author, page }: { author: Author & Text; page: ListPage<PostSummary> }) {
  const { name, avatar, occupation, company } = author
  const base = authorAddress(author.slug)
  const links = Object.entries((author.links ?? {}) as Record<string, string>)
  return (
    <PageFrame address={listAddress(base, page.number)}>
      <JsonLd things={authorThings(author, listAddress(base, page.number))} />
      <Mend file={author.file} />
      <div className="article mb-8">
        <header className="post-head">
          {avatar && (
            <img
              src={avatar}
              alt=""
              width="160"
              height="160"
              className="portrait size-[6.4rem] lg:order-last lg:size-[10rem]"
            />
          )}
          <div>
            <h1 className="text-4xl font-semibold tracking-tight">{name}</h1>
            {(occupation || company) && (
              <p className="furniture mt-1">{[occupation, company].filter(Boolean).join(', ')}</p>
            )}
          </div>
        </header>
        <Prose text={author} />
        {links.length > 0 && (
          <ul className="furniture flex flex-wrap gap-x-4">
            {links.map(([label, address]) => (
              <li key={label}>
                <a
                  href={/^[^:/]+@/.test(address) ? `mailto:${address}` : address}
                  rel="me noopener"
                  className="target text-ink capitalize"
                >
                  {label}
                </a>
              </li>
            ))}
          </ul>
        )}
      </div>
      <div className="with-margin">
        <div>
          <PostList posts={page.items} />
          <Pagination base={base} number={page.number} of={page.of} />
        </div>
      </div>
    </PageFrame>
  )
}
