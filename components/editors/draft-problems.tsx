import type { DraftSummary } from '@/lib/posts/drafts'

/** The problems that the checks found in a draft, in the words of `npm run check`. */
export function DraftProblems({ problems }: Pick<DraftSummary, 'problems'>) {
  if (problems.length === 0) return null
  return (
    <ul className="mend rows grid gap-0.5" aria-label="To mend">
      {problems.map(({ file, line, message }) => (
        <li key={`${line} ${message}`}>
          content/{file}:{line}: {message}
        </li>
      ))}
    </ul>
  )
}
