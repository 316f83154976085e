import { DraftProblems } from '@/components/editors/draft-problems'
import { getProblems } from '@/lib/posts/problems'

/** What the checks found in a published file. Only `Mend` shows this, in development. */
export function Mending({ file }: { file: string }) {
  const problems = getProblems(file)
  if (problems.length === 0) return null
  // Public pages do not load the style sheet of the editors' pages, which has these rules too.
  return (
    <div
      style={{
        font: '0.78rem/1.5 var(--font-mono)',
        borderLeft: '3px solid var(--color-accent)',
        paddingLeft: '0.9rem',
      }}
    >
      <DraftProblems problems={problems} />
    </div>
  )
}
