import { CountedLink } from './counted-link'

type Entry = { href: string; label: string; count: number }

/** A list of links in the margin with the number of posts behind each; nothing when it would be empty. */
export function MarginLinks({ title, entries, current }: { title: string; entries: Entry[]; current?: string }) {
  if (entries.length === 0) return null
  return (
    <nav aria-label={title}>
      <p className="title">{title}</p>
      <ul className="flex flex-wrap gap-x-4 lg:block">
        {entries.map((entry) => (
          <CountedLink key={entry.href} {...entry} className="text-ink" isCurrent={entry.href === current} />
        ))}
      </ul>
    </nav>
  )
}
