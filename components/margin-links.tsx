type Entry = { href: string; label: string; count: number }

/** A list of links in the margin with the number of posts behind each; nothing when it would be empty. */
export function MarginLinks({ title, entries, current }: { title: string; entries: Entry[]; current?: string }) {
  if (entries.length === 0) return null
  return (
    <nav aria-label={title}>
      <p className="title">{title}</p>
      <ul className="flex flex-wrap gap-x-4 lg:block">
        {entries.map(({ href, label, count }) => (
          <li key={href}>
            <a href={href} aria-current={href === current ? 'page' : undefined} className="quiet target mr-1 text-ink">
              {label}
            </a>
            <span className="figures">
              {count}
              <span className="visually-hidden"> {count === 1 ? 'post' : 'posts'}</span>
            </span>
          </li>
        ))}
      </ul>
    </nav>
  )
}
