import type { Text } from '@/lib/posts/published'

/** The headings of a text: in the margin of a wide screen, folded above the text on a narrow one. */
export function Toc({ headings }: { headings: Text['headings'] }) {
  return (
    <details className="toc">
      <summary>Contents</summary>
      <nav aria-label="Contents">
        <ol className="mt-2">
          {headings.map(({ id, text, depth }) => (
            <li key={id} className={depth === 3 ? 'inner' : undefined}>
              <a href={`#${encodeURIComponent(id)}`}>{text}</a>
            </li>
          ))}
        </ol>
      </nav>
    </details>
  )
}
