import compiled from '@/.contentlayer/compiled.json'
import { ListHeader } from '@/components/list-header'
import { sections } from '@/lib/site/sections.mjs'

export const metadata = { title: 'Not found', robots: { index: false } }

export default async function NotFound() {
  return (
    <div className="crop max-w-[46rem] px-8 py-12 md:px-14 md:py-16">
      <p className="slug-line mb-6">404 · no such sheet</p>
      <ListHeader title="Nothing is printed here.">
        <p>
          The address may be old, or mistyped, or it never was. Everything that has been published is in the archive.
        </p>
      </ListHeader>
      <form action={sections.search} className="mb-6 flex flex-wrap gap-2 font-sans">
        <input
          name="q"
          type="search"
          required
          aria-label="Search"
          className="min-h-10 min-w-0 flex-[1_1_9rem] rounded-sm border border-soft bg-paper px-3 text-ink"
        />
        <button type="submit" className="min-h-10 cursor-pointer rounded-sm border border-soft px-4 font-semibold">
          Search
        </button>
      </form>
      <p className="flex flex-wrap gap-x-6 font-sans">
        <a href="/archive" className="target">
          Archive
        </a>
        <a href="/tags" className="target">
          Tags
        </a>
        <a href="/" className="target">
          Front page
        </a>
      </p>
      {/* One page is stored for every address that is not there, so a browser asks what is like its own. */}
      <script type="module" src={compiled.nearest} async />
      <div data-nearest={sections.nearest} aria-live="polite" className="nearest" suppressHydrationWarning />
      {await comeBack()}
    </div>
  )
}

/** In development the missing page may be written while its author looks at this one. A build does not contain this. */
async function comeBack() {
  if (process.env.NODE_ENV !== 'development') return null
  const { ComeBack } = await import('@/components/dev/come-back')
  return <ComeBack revision={compiled.revision} />
}
