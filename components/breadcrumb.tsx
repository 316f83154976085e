import type { Step } from '@/lib/site/steps'

/** The path from the blog to a page, without the page itself, whose title is below. */
export function Breadcrumb({ steps }: { steps: Step[] }) {
  return (
    <nav aria-label="Breadcrumb">
      <ol className="flex flex-wrap gap-x-1">
        {steps.slice(0, -1).map(({ label, href }, index) => (
          <li key={label} className="flex gap-x-1">
            {index > 0 && <span aria-hidden="true">›</span>}
            <a href={href} className="quiet">
              {label}
            </a>
          </li>
        ))}
      </ol>
    </nav>
  )
}
