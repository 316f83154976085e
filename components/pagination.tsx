import { listAddress } from '@/lib/site/address'

/** Links to the newer and older pages of a list; nothing for a list of one page. */
export function Pagination({ base, number, of }: { base: string; number: number; of: number }) {
  if (of === 1) return null
  return (
    <nav aria-label="Pages" className="furniture flex items-center gap-x-4 border-t border-rule pt-3">
      {number > 1 && (
        <a href={listAddress(base, number - 1)} rel="prev" className="target text-ink">
          Newer posts
        </a>
      )}
      <p className="figures">
        Page {number} of {of}
      </p>
      {number < of && (
        <a href={listAddress(base, number + 1)} rel="next" className="target text-ink">
          Older posts
        </a>
      )}
    </nav>
  )
}
