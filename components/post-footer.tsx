import type { Author, PostSummary } from '@/lib/posts/published'
import { authorAddress, encodePath, postAddress } from '@/lib/site/address'
import { sections } from '@/lib/site/sections.mjs'
import type { Newsletter } from '@/lib/site/services'
import { site } from '@/site.config'
import { NewsletterForm } from './newsletter-form'
import { Contents } from './post-list'

type Props = {
  post: PostSummary
  /** The authors that have a page. */
  authors: Pick<Author, 'slug' | 'name' | 'avatar' | 'occupation' | 'company'>[]
  newer: PostSummary | undefined
  older: PostSummary | undefined
  related: PostSummary[]
  newsletter: Newsletter | false
}

/** The end of a published post: who wrote it, share and follow, the older and newer post, related posts, and its source. */
export function PostFooter({ post, authors, newer, older, related, newsletter }: Props) {
  return (
    <footer className="no-print mt-8 grid w-full max-w-[37.5rem] gap-8">
      {authors.length > 0 && (
        <ul className="grid gap-4 border-t border-rule pt-4">
          {authors.map((author) => (
            <AuthorCard key={author.slug} author={author} />
          ))}
        </ul>
      )}
      <div className="furniture flex flex-wrap items-center gap-x-4">
        <Share post={post} />
        <a href={sections.feeds} className="target text-ink">
          Follow by feed
        </a>
      </div>
      {newsletter && <NewsletterForm newsletter={newsletter} />}
      {(newer || older) && (
        <nav aria-label="Newer and older posts" className="grid gap-4 border-t border-rule pt-4 sm:grid-cols-2">
          {older && <Neighbour label="Older" post={older} rel="prev" />}
          {newer && <Neighbour label="Newer" post={newer} rel="next" />}
        </nav>
      )}
      {related.length > 0 && (
        <section aria-labelledby="related">
          <h2 id="related" className="mb-2 font-sans text-sm font-semibold">
            Read on
          </h2>
          <Contents posts={related} />
        </section>
      )}
      {site.repository.url && (
        <p className="furniture flex flex-wrap gap-x-4">
          <Source post={post} />
        </p>
      )}
    </footer>
  )
}

function AuthorCard({ author }: { author: Props['authors'][number] }) {
  const { slug, name, avatar, occupation, company } = author
  const work = [occupation, company].filter(Boolean).join(', ')
  return (
    <li className="flex items-center gap-x-3">
      {avatar && <img src={avatar} alt="" width="64" height="64" className="portrait size-[4rem]" />}
      <p className="furniture">
        <a href={authorAddress(slug)} rel="author" className="quiet text-lg font-semibold text-ink">
          {name}
        </a>
        {work && <span className="block">{work}</span>}
      </p>
    </li>
  )
}

/** A button without a script does nothing, so it is not to be seen before components/reader.ts enables it. */
function Share({ post }: { post: PostSummary }) {
  const address = post.canonicalUrl ?? site.address + postAddress(post.slug)
  return (
    <button
      type="button"
      data-share={address}
      disabled
      suppressHydrationWarning
      className="target cursor-pointer underline decoration-1 underline-offset-[0.18em] hover:text-pencil disabled:invisible"
    >
      Share
    </button>
  )
}

function Source({ post }: { post: PostSummary }) {
  const { url, branch } = site.repository
  const file = encodePath(`content/${post.file}`)
  const title = encodeURIComponent(`Problem with “${post.title}”`)
  const body = encodeURIComponent(`Post: ${site.address}${postAddress(post.slug)}\nFile: content/${post.file}\n\n`)
  return (
    <>
      <a href={`${url}/blob/${branch}/${file}`} rel="noopener" className="target">
        View source
      </a>
      <a href={`${url}/issues/new?title=${title}&body=${body}`} rel="noopener" className="target">
        Report a problem with this post
      </a>
    </>
  )
}

function Neighbour({ label, post, rel }: { label: string; post: PostSummary; rel: string }) {
  return (
    <p className={rel === 'next' ? 'sm:text-right sm:col-start-2' : ''}>
      <span className="furniture block">{label}</span>
      <a href={postAddress(post.slug)} rel={rel} className="quiet text-lg leading-snug" lang={post.lang}>
        {post.title}
      </a>
    </p>
  )
}
