import type { Post } from '@/lib/posts/published'
import { site } from '@/site.config'

type Props = { post: Pick<Post, 'title' | 'minutes' | 'headings' | 'toc' | 'lang'> }

/**
 * The line that stays at the top of the screen while a post is read: the contents, site and title, how far one is. Without the script of
 * the page it has the contents and the minutes of the whole.
 */
export function RunningHead({ post }: Props) {
  // components/reader.ts may have written the section and the minute before React compares the HTML.
  const { title, minutes, headings, toc } = post
  return (
    <div className="running-head no-print">
      {toc && headings.length >= 3 && (
        <details className="toc">
          <summary>
            Contents <span data-section="" dangerouslySetInnerHTML={{ __html: '' }} suppressHydrationWarning />
          </summary>
          <nav aria-label="Contents">
            <ol>
              {headings.map(({ id, text, depth }) => (
                <li key={id} className={depth === 3 ? 'inner' : undefined}>
                  <a href={`#${encodeURIComponent(id)}`}>{text}</a>
                </li>
              ))}
            </ol>
          </nav>
        </details>
      )}
      <p className="running-title" aria-hidden="true">
        <span>{site.masthead || site.title}</span>
        <span>{title}</span>
      </p>
      <span
        className="figures"
        data-minutes={minutes}
        dangerouslySetInnerHTML={{ __html: `${minutes} min` }}
        suppressHydrationWarning
      />
    </div>
  )
}
