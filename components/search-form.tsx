import { LONGEST_QUERY } from '@/lib/posts/find'
import { sections } from '@/lib/site/sections.mjs'

/** The search as a plain form: the server answers it at /search. */
export function SearchForm() {
  return (
    <search>
      <form action={sections.search} className="flex max-w-[38rem] gap-1 font-sans">
        <label className="grow">
          <span className="visually-hidden">Words to search for</span>
          <input
            type="search"
            name="q"
            maxLength={LONGEST_QUERY}
            autoComplete="off"
            enterKeyHint="search"
            className="w-full rounded-sm border border-soft bg-paper px-2 py-1"
          />
        </label>
        <button type="submit" className="rounded-sm border border-soft px-3 py-1">
          Search
        </button>
      </form>
    </search>
  )
}
