import type { DetailedHTMLProps, HTMLAttributes } from 'react'
import { type Comments, giscusFrame } from '@/lib/site/services'

declare module 'react/jsx-runtime' {
  namespace JSX {
    interface IntrinsicElements {
      'post-comments': DetailedHTMLProps<HTMLAttributes<HTMLElement>, HTMLElement>
    }
  }
}

type Props = {
  comments: Comments
  /** The address of the module made of components/comments.ts. */
  script: string
  page: Parameters<typeof giscusFrame>[1]
}

/** The place of comments under a post. Without its script it is a link to them, and nothing is asked of giscus before a reader wants it. */
export function PostComments({ comments, script, page }: Props) {
  return (
    <section aria-label="Comments" className="no-print mt-8 w-full max-w-[37.5rem] border-t border-rule pt-4">
      <script type="module" src={script} async />
      <h2 className="font-sans text-sm font-semibold">Comments</h2>
      <post-comments
        // No heading of a text has an id with "_".
        id="post_comments"
        data-frame={giscusFrame(comments, page)}
        data-loading={comments.loading}
        suppressHydrationWarning
      >
        <p className="furniture">
          They are kept on GitHub, among the{' '}
          <a href={`https://github.com/${comments.repo}/discussions`} rel="noopener">
            discussions of {comments.repo}
          </a>
          .
        </p>
      </post-comments>
    </section>
  )
}
