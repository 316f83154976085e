import type { Step } from '@/lib/site/steps'

/** The path from the blog to a page. The last step is the page itself. */
export function Breadcrumb({ steps }: { steps: Step[] }) {
  return (
    <nav aria-label="Breadcrumb" className="furniture">
      <ol className="flex flex-wrap gap-x-2">
        {steps.map(({ label, href }, index) => (
          <li key={label} className="flex min-w-0 gap-x-2">
            {index > 0 && <span aria-hidden="true">›</span>}
            {href ? (
              <a href={href} className="quiet">
                {label}
              </a>
            ) : (
              <span aria-current="page" className="line-clamp-1">
                {label}
              </span>
            )}
          </li>
        ))}
      </ol>
    </nav>
  )
}
