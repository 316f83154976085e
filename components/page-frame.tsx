import type { ReactNode } from 'react'
import { SiteFooter } from './site-footer'
import { SiteHeader } from './site-header'

/**
 * A page between the header and the footer.
 *
 * @param address from the root; the header marks the section that it is in. An error page has no address.
 */
export function PageFrame({ address, children }: { address?: string; children: ReactNode }) {
  return (
    <>
      <SiteHeader address={address} />
      <main id="main" tabIndex={-1} className="sheet page outline-none">
        {children}
      </main>
      <SiteFooter />
    </>
  )
}
