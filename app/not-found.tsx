import { ListHeader } from '@/components/list-header'

export const metadata = { title: 'Not found', robots: { index: false } }

export default function NotFound() {
  return (
    <div className="crop max-w-[46rem] px-8 py-12 md:px-14 md:py-16">
      <p className="slug-line mb-6">404 · no such sheet</p>
      <ListHeader title="Nothing is printed here.">
        <p>
          The address may be old, or mistyped, or it never was. Everything that has been published is in the archive.
        </p>
      </ListHeader>
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
    </div>
  )
}
