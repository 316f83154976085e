import compiled from '@/.contentlayer/compiled.json'
import { ListHeader } from '@/components/list-header'
import { PageFrame } from '@/components/page-frame'
import { SearchForm } from '@/components/search-form'
import { sections } from '@/lib/site/sections.mjs'

export const metadata = { title: 'Not found', robots: { index: false } }

export default async function NotFound() {
  return (
    <PageFrame>
      <ListHeader title="Nothing is printed here.">
        <p>
          The address may be old, or mistyped, or it never was. Everything that has been published is in the archive.
        </p>
      </ListHeader>
      <SearchForm />
      <p className="furniture mt-4 flex flex-wrap gap-x-4">
        <a href="/archive" className="target text-ink">
          Archive
        </a>
        <a href="/tags" className="target text-ink">
          Tags
        </a>
        <a href="/" className="target text-ink">
          Front page
        </a>
      </p>
      {/* One page is stored for every address that is not there, so a browser asks what is like its own. */}
      <script type="module" src={compiled.nearest} async />
      <div data-nearest={sections.nearest} aria-live="polite" className="nearest" suppressHydrationWarning />
      {await comeBack()}
    </PageFrame>
  )
}

/** In development the missing page may be written while its author looks at this one. A build does not contain this. */
async function comeBack() {
  if (process.env.NODE_ENV !== 'development') return null
  const { ComeBack } = await import('@/components/dev/come-back')
  return <ComeBack revision={compiled.revision} />
}
