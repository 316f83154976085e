import { randomBytes } from 'node:crypto'
import { themeScript } from '../site/scripts.mjs'
import { hashOf } from './policy.mjs'
import { settings } from './settings'

const themeHash = hashOf(themeScript)

/**
 * The content security policy (W3C CSP 3) of pages for editors and of the sign-in page. Each answer has its own nonce, which its
 * scripts need. The policy of stored pages is in lib/server/policy.mjs.
 *
 * - Styles may be inline, because React moves style elements while a page arrives and gives them no nonce, and Mermaid writes some.
 * - A draft may show pictures, films and frames of any host on https, as its author wrote it.
 * - With GitHub or OpenID Connect, the form of /sign-in is redirected to the provider, and from there perhaps to another host. Browsers
 *   check each of these redirects against `form-action`.
 * - Plain http is allowed only when the site itself is served over plain http, on its author's machine.
 */
export function editorPolicy(): string {
  const nonce = randomBytes(16).toString('base64')
  const { origin, github, oidc } = settings()
  const anywhere = origin.startsWith('https:') ? 'https:' : 'https: http:'
  const rules = [
    "default-src 'none'",
    `script-src 'self' 'nonce-${nonce}' ${themeHash}`,
    "style-src 'self' 'unsafe-inline'",
    "font-src 'self'",
    `img-src 'self' data: ${anywhere}`,
    `media-src 'self' ${anywhere}`,
    "frame-src 'self' https:",
    "connect-src 'self'",
    `form-action 'self'${github || oidc ? ` ${anywhere}` : ''}`,
    "frame-ancestors 'self'",
    "base-uri 'none'",
  ]
  return rules.join('; ')
}
