/** A line of a table of contents that leads to a list: its name, leader dots, and how many posts are in it. */
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
