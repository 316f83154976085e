import { DraftProblems } from '@/components/editors/draft-problems'
import { getProblems } from '@/lib/posts/problems'

/** The problems that the checks found in a published file. Only `Mend` uses this, in development. */
export function Mending({ file }: { file: string }) {
  const problems = getProblems(file)
  if (problems.length === 0) return null
  // These rules are also in editors.css, which public pages do not load.
  return (
    <div
      style={{
        font: '0.78rem/1.5 var(--font-mono)',
        borderLeft: '3px solid var(--color-pencil)',
        paddingLeft: '0.9rem',
      }}
    >
      <DraftProblems problems={problems} />
    </div>
  )
}
