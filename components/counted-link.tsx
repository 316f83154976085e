/** A link to a list of posts: name and number of posts. */
export function CountedLink({ href, label, count }: { href: string; label: string; count: number }) {
  return (
    <li className="break-inside-avoid py-0.5">
      <a href={href} className="quiet target mr-1 text-lg">
        {label}
      </a>
      <span className="furniture figures">
        {count}
        <span className="visually-hidden"> {count === 1 ? 'post' : 'posts'}</span>
      </span>
    </li>
  )
}
