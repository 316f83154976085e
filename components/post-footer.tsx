import type { PostSummary } from '@/lib/posts/published'
import { encodePath, postAddress } from '@/lib/site/address'
import type { Newsletter } from '@/lib/site/services'
import { site } from '@/site.config'
import { NewsletterForm } from './newsletter-form'
import { Contents } from './post-list'

type Props = {
  post: PostSummary
  newer: PostSummary | undefined
  older: PostSummary | undefined
  related: PostSummary[]
  newsletter: Newsletter | false
}

/** The end of a published post: share it, links to its source, to the newer and older post, and to related posts. */
export function PostFooter({ post, newer, older, related, newsletter }: Props) {
  return (
    <footer className="no-print mx-auto mt-10 grid w-full max-w-[41rem] gap-12 min-[76rem]:mx-0">
      <div className="furniture flex flex-wrap items-center gap-x-6">
        <Share post={post} />
        {site.repository.url && <Source post={post} />}
      </div>
      {newsletter && <NewsletterForm newsletter={newsletter} />}
      {(newer || older) && (
        <nav aria-label="Newer and older posts" className="grid gap-6 border-t border-rule pt-6 sm:grid-cols-2">
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
    </footer>
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
      className="target cursor-pointer underline decoration-1 underline-offset-[0.18em] hover:text-accent disabled:invisible"
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
