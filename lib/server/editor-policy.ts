import { randomBytes } from 'node:crypto'
import { themeScript } from '../site/scripts.mjs'
import { hashOf } from './policy.mjs'
import { settings } from './settings'

const themeHash = hashOf(themeScript)

/**
 * The content security policy (W3C CSP 3) of one answer that is made for an editor, or for who wants to become one. Scripts need
 * this answer's nonce; lib/server/policy.mjs has that of pages that are stored.
 *
 * - Styles may be inline: React moves them while a page arrives, and gives them no nonce; Mermaid writes them.
 * - A draft may show pictures, films and frames from anywhere on https, as its author wrote it.
 * - Where one can sign in with a provider, the form of /sign-in is sent on to it, and from there to any other; browsers hold that
 *   against `form-action`.
 * - Plain http is for a site that is served so itself, on its author's machine.
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
