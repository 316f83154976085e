import { authorThings } from '@/lib/formats/json-ld'
import type { Author, PostSummary, Text } from '@/lib/posts/published'
import { authorAddress, listAddress } from '@/lib/site/address'
import type { ListPage } from '@/lib/site/pagination'
import { JsonLd } from './json-ld'
import { Mend } from './mend'
import { PostPageList } from './post-page-list'
import { Prose } from './prose'

/** An author's profile, and one page of the author's posts. */
export function AuthorProfile({ author, page }: { author: Author & Text; page: ListPage<PostSummary> }) {
  const { name, avatar, occupation, company } = author
  const base = authorAddress(author.slug)
  const links = Object.entries((author.links ?? {}) as Record<string, string>)
  return (
    <>
      <JsonLd things={authorThings(author, listAddress(base, page.number))} />
      <Mend file={author.file} />
      <header className="mb-16 grid gap-8 md:grid-cols-[9.5rem_minmax(0,38rem)]">
        {avatar ? (
          <img src={avatar} alt="" width="152" height="152" className="size-28 rounded-full md:size-38" />
        ) : (
          <span />
        )}
        <div>
          <h1 className="text-4xl font-semibold tracking-tight">{name}</h1>
          {(occupation || company) && (
            <p className="furniture mt-2 text-base">{[occupation, company].filter(Boolean).join(', ')}</p>
          )}
          <Prose text={author} className="mt-6" />
          {links.length > 0 && (
            <ul className="mt-6 flex flex-wrap gap-x-6 font-sans">
              {links.map(([label, address]) => (
                <li key={label}>
                  <a
                    href={/^[^:/]+@/.test(address) ? `mailto:${address}` : address}
                    rel="me noopener"
                    className="target capitalize"
                  >
                    {label}
                  </a>
                </li>
              ))}
            </ul>
          )}
        </div>
      </header>
      <PostPageList page={page} base={base} />
    </>
  )
}
