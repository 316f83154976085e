import { listAddress } from '@/lib/site/address'

/** Links to the newer and older pages of a list; nothing for a list of one page. */
export function Pagination({ base, number, of }: { base: string; number: number; of: number }) {
  if (of === 1) return null
  return (
    <nav aria-label="Pages" className="mt-14 flex items-center gap-6 border-t border-rule pt-5 font-sans">
      {number > 1 && (
        <a href={listAddress(base, number - 1)} rel="prev" className="target">
          Newer posts
        </a>
      )}
      <p className="furniture figures ml-auto">
        Page {number} of {of}
      </p>
      {number < of && (
        <a href={listAddress(base, number + 1)} rel="next" className="target">
          Older posts
        </a>
      )}
    </nav>
  )
}
