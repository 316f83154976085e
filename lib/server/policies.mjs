// Every content security policy (W3C CSP 3) that the site sends. Plain JavaScript: next.config.js and the cache handler read it too.
import { createHash, randomBytes } from 'node:crypto'

/**
 * @param {string} text of an inline script or style.
 * @returns its hash, as a content security policy has it.
 */
export const hashOf = (text) => `'sha256-${createHash('sha256').update(text).digest('base64')}'`

/**
 * The policy of a document that loads nothing: an error, or a refusal with its own style.
 *
 * @param {string} [style] the text of its `<style>`.
 */
export const barePolicy = (style) =>
  `default-src 'none'; ${style ? `style-src ${hashOf(style)}; ` : ''}base-uri 'none'; form-action 'none'; frame-ancestors 'none'`

/** The policy of a drawing or another file that is opened by itself: nothing in it may run. */
export const mediaPolicy = "default-src 'none'; style-src 'unsafe-inline'; img-src data:; sandbox"

/**
 * The policy of a page that is made for an editor, and of the sign-in page, with a nonce of its own for its scripts.
 *
 * - Styles may be inline: React moves them while a page arrives, and gives them no nonce; Mermaid writes them.
 * - A draft may show pictures, films and frames from anywhere on https, as its author wrote it.
 * - A provider's sign-in page is reached by the form of /sign-in, and may send the browser on to any host; browsers check each step
 *   against `form-action`.
 * - Plain http is for a site that is served by http itself, on its author's machine.
 *
 * @param {object} site
 * @param {string} site.origin of the site: `https://blog.example`.
 * @param {boolean} site.hasProvider whether editors can sign in with a provider.
 * @param {string} site.script the text of the inline script in the head of every page.
 */
export function editorPolicy({ origin, hasProvider, script }) {
  const nonce = randomBytes(16).toString('base64')
  const anywhere = origin.startsWith('https:') ? 'https:' : 'https: http:'
  const rules = [
    "default-src 'none'",
    `script-src 'self' 'nonce-${nonce}' ${hashOf(script)}`,
    "style-src 'self' 'unsafe-inline'",
    "font-src 'self'",
    `img-src 'self' data: ${anywhere}`,
    `media-src 'self' ${anywhere}`,
    "frame-src 'self' https:",
    "connect-src 'self'",
    `form-action 'self'${hasProvider ? ` ${anywhere}` : ''}`,
    "frame-ancestors 'self'",
    "base-uri 'none'",
  ]
  return rules.join('; ')
}

/**
 * The policy of a stored page: it allows what the page loads, and nothing else.
 *
 * @param {object} page
 * @param {Map<string, Set<string>>} page.origins other hosts, by directive, in the form of `originOf`.
 * @param {{ script: Set<string>, style: Set<string>, attribute: Set<string> }} page.hashes of what is inline.
 * @param {boolean} page.drawsDiagrams Mermaid writes its drawings as text, and a style sheet into each.
 * @param {boolean} page.light whether the page is without the framework, which loads styles and writes scripts.
 * @param {boolean} [page.hasScripts] whether it has scripts of the owner's.
 * @param {Record<string, string[]>} page.allow what site.config.ts adds to each page.
 */
export function pagePolicy({ origins, hashes, drawsDiagrams, light, hasScripts, allow }) {
  /** @type {(...directives: string[]) => string[]} */
  const of = (...directives) => [...new Set(directives.flatMap((name) => [...(origins.get(name) ?? [])]))]
  // Mermaid, and libraries of client components, write style sheets.
  const styles =
    drawsDiagrams || !light
      ? [...(light ? [] : ["'self'"]), "'unsafe-inline'"]
      : [...hashes.style, ...(hashes.attribute.size > 0 ? ["'unsafe-hashes'", ...hashes.attribute] : [])]
  // Only scripts that we know keep to the rules of trusted types.
  const isOurs = light && !hasScripts && of('script-src').length === 0 && !drawsDiagrams
  /** @type {Record<string, string[]>} */
  const rules = {
    'default-src': ["'none'"],
    'script-src': ["'self'", ...hashes.script, ...of('script-src')],
    'style-src': styles,
    'font-src': ["'self'", ...of('font-src')],
    // Scripts that count visits tell their own host, by a request or a picture.
    'img-src': ["'self'", 'data:', ...of('img-src', 'script-src')],
    'media-src': ["'self'", ...of('media-src')],
    'frame-src': of('frame-src'),
    'connect-src': ["'self'", ...of('script-src')],
    'manifest-src': of('manifest-src'),
    'form-action': ["'self'", ...of('form-action')],
    'frame-ancestors': ["'self'"],
    'base-uri': ["'none'"],
    ...(isOurs ? { 'require-trusted-types-for': ["'script'"], 'trusted-types': ["'none'"] } : {}),
  }
  for (const [name, sources] of Object.entries(allow)) rules[name] = [...new Set([...(rules[name] ?? []), ...sources])]
  return Object.entries(rules)
    .filter(([, sources]) => sources.length > 0)
    .map(([name, sources]) => [name, ...sources].join(' '))
    .join('; ')
}
