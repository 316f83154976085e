import { sections } from '@/lib/site/sections.mjs'
import { site } from '@/site.config'

export function SiteFooter() {
  return (
    <footer className="site sheet furniture mt-20 pb-10">
      <div className="flex flex-wrap gap-x-8 gap-y-2 border-t border-rule pt-6">
        <p className="mr-auto">
          <a href="/" className="quiet target font-serif text-base text-ink">
            {site.title}
          </a>
          , set in Literata and Instrument Sans.
        </p>
        <ul className="flex flex-wrap gap-x-6">
          <li>
            <a href={sections.feeds} className="quiet target">
              Feeds
            </a>
          </li>
          {site.social.map(({ label, href }) => (
            <li key={href}>
              <a href={href} rel="me noopener" className="quiet target">
                {label}
              </a>
            </li>
          ))}
        </ul>
      </div>
    </footer>
  )
}
