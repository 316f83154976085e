import { createHash } from 'node:crypto'

/**
 * @param {string} text of an inline script or style.
 * @returns its hash, as a content security policy has it.
 */
export const hashOf = (text) => `'sha256-${createHash('sha256').update(text).digest('base64')}'`

/**
 * What a stored page may load, and nothing else: a content security policy (W3C CSP 3).
 *
 * @param {object} page
 * @param {Map<string, Set<string>>} page.origins other hosts, by directive, in the form of `originOf`.
 * @param {{ script: Set<string>, style: Set<string>, attribute: Set<string> }} page.hashes of what is inline.
 * @param {boolean} page.drawsDiagrams Mermaid writes its drawings as text, and a style sheet into each.
 * @param {boolean} page.light whether the page is without the framework, which loads styles and writes scripts.
 * @param {boolean} [page.hasScripts] whether it has scripts of the owner's.
 * @param {Record<string, string[]>} page.allow what site.config.ts adds to each page.
 */
export function policyOf({ origins, hashes, drawsDiagrams, light, hasScripts, allow }) {
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
