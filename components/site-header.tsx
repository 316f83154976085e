import { sections } from '@/lib/site/sections.mjs'
import { site } from '@/site.config'
import { ThemeSwitch } from './theme-switch'

export function SiteHeader() {
  return (
    <header className="site sheet flex flex-wrap items-center gap-x-8 gap-y-2 pt-6 pb-5 md:pt-9">
      <a href="/" className="quiet text-2xl font-semibold tracking-tight">
        {site.title}
      </a>
      <div className="ml-auto flex items-center gap-x-4 md:order-last md:ml-0">
        <a href={sections.search} className="search-link quiet target font-sans">
          Search
        </a>
        <ThemeSwitch />
      </div>
      <nav aria-label="Main" className="w-full font-sans md:ml-auto md:w-auto">
        <ul className="flex flex-wrap gap-x-6">
          {site.navigation.map(({ label, href }) => (
            <li key={href}>
              <a href={href} className="quiet target">
                {label}
              </a>
            </li>
          ))}
        </ul>
      </nav>
    </header>
  )
}
