/** A link to a list of posts, as a line of a table of contents: name, leader dots, number of posts. */
export function CountedLink({ href, label, count }: { href: string; label: string; count: number }) {
  return (
    <li className="flex break-inside-avoid items-baseline py-1">
      <a href={href} className="quiet text-lg">
        {label}
      </a>
      <span className="leader" aria-hidden="true" />
      <span className="furniture figures">
        {count}
        <span className="visually-hidden"> {count === 1 ? 'post' : 'posts'}</span>
      </span>
    </li>
  )
}
