type Props = {
  href: string
  label: string
  count: number
  className?: string
  /** Whether this is the list whose page is shown. */
  isCurrent?: boolean
}

/** A link to a list of posts: name and number of posts. */
export function CountedLink({ href, label, count, className = '', isCurrent = false }: Props) {
  return (
    <li className="break-inside-avoid">
      <a href={href} aria-current={isCurrent ? 'page' : undefined} className={`quiet target mr-1 ${className}`}>
        {label}
      </a>
      <span className="furniture figures">
        {count}
        <span className="visually-hidden"> {count === 1 ? 'post' : 'posts'}</span>
      </span>
    </li>
  )
}
