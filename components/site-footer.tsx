import { sections } from '@/lib/site/sections.mjs'
import { site } from '@/site.config'

export function SiteFooter() {
  return (
    <footer className="site sheet furniture mt-16 pb-8">
      <div className="flex flex-wrap items-center gap-x-6 border-t border-rule pt-3">
        <p className="mr-auto">{site.footer || site.title}</p>
        <ul className="flex flex-wrap gap-x-4">
          {site.social.map(({ label, href }) => (
            <li key={href}>
              <a href={href} rel="me noopener" className="quiet target">
                {label}
              </a>
            </li>
          ))}
          <li>
            <a href={sections.feeds} className="quiet target">
              Feeds
            </a>
          </li>
        </ul>
      </div>
    </footer>
  )
}
