import { sections } from '@/lib/site/sections.mjs'
import { site } from '@/site.config'
import { ThemeSwitch } from './theme-switch'

const links = [
  ...site.navigation,
  { label: 'Search', href: sections.search, className: 'search-link' },
  { label: 'Feeds', href: sections.feeds },
]

/** @param address of the page, from the root: the link to its section is marked. */
export function SiteHeader({ address = '' }: { address?: string | undefined }) {
  return (
    <header className="site sheet masthead">
      <a href="/" className="name" aria-current={address === '/' ? 'page' : undefined}>
        {site.masthead || site.title}
      </a>
      <nav aria-label="Main">
        <ul>
          {links.map(({ label, href, ...link }) => (
            <li key={href} className="flex">
              <a href={href} {...link} aria-current={markOf(href, address)}>
                {label}
              </a>
            </li>
          ))}
        </ul>
      </nav>
      <ThemeSwitch />
    </header>
  )
}

const markOf = (href: string, address: string) =>
  address === href ? 'page' : address.startsWith(`${href}/`) ? 'true' : undefined
