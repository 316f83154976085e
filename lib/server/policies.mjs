// Every content security policy (W3C CSP 3) that the site sends. Plain JavaScript: next.config.js and the cache handler read it too.
import { createHash, randomBytes } from 'node:crypto'

/**
 * @param {string} text of an inline script or style.
 * @returns its hash as a source of a content security policy.
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

/** The policy of the search's worker, which is its own and not that of the page: it runs WebAssembly and asks our own site. */
export const workerPolicy = "default-src 'none'; script-src 'self' 'wasm-unsafe-eval'; connect-src 'self'"

/**
 * The content security policy (W3C CSP 3) of pages for editors and of the sign-in page. Each answer has its own nonce, which its
 * scripts need.
 *
 * - Styles may be inline, because React moves style elements while a page arrives and gives them no nonce, and Mermaid writes some.
 * - A draft may show pictures, films and frames of any host on https, as its author wrote it.
 * - With GitHub or OpenID Connect, the form of /sign-in is redirected to the provider, and from there perhaps to another host. Browsers
 *   check each of these redirects against `form-action`.
 * - Plain http is allowed only when the site itself is served over plain http, on its author's machine.
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
 * The content security policy (W3C CSP 3) of a stored page: it may load what it contains, and nothing else.
 *
 * @param {object} page
 * @param {Map<string, Set<string>>} page.origins other hosts by directive, as `originOf` writes them.
 * @param {{ script: Set<string>, style: Set<string>, attribute: Set<string> }} page.hashes of its inline scripts, styles and style attributes.
 * @param {boolean} page.drawsDiagrams whether Mermaid draws in it: that writes drawings as text, with a style sheet in each.
 * @param {boolean} page.light whether it does without the scripts of the framework, which load styles and write scripts.
 * @param {boolean} [page.hasScripts] whether it has scripts of the site's owner.
 * @param {Record<string, string[]>} page.allow sources that site.config.ts adds to the directives of every page.
 */
export function pagePolicy({ origins, hashes, drawsDiagrams, light, hasScripts, allow }) {
  /** @type {(...directives: string[]) => string[]} */
  const of = (...directives) => [...new Set(directives.flatMap((name) => [...(origins.get(name) ?? [])]))]
  // Mermaid and libraries of client components write style sheets.
  const styles =
    drawsDiagrams || !light
      ? [...(light ? [] : ["'self'"]), "'unsafe-inline'"]
      : [...hashes.style, ...(hashes.attribute.size > 0 ? ["'unsafe-hashes'", ...hashes.attribute] : [])]
  // Only our own scripts are known to follow the rules of Trusted Types. The one policy lets through the address of the search's worker,
  // and nothing else (components/search/engine.ts).
  const isOurs = light && !hasScripts && of('script-src').length === 0 && !drawsDiagrams
  /** @type {Record<string, string[]>} */
  const rules = {
    'default-src': ["'none'"],
    'script-src': ["'self'", ...hashes.script, ...of('script-src')],
    'style-src': styles,
    'font-src': ["'self'", ...of('font-src')],
    // A script that counts visits reports to its own host, or to one that its element names, by a request or a picture.
    'img-src': ["'self'", 'data:', ...of('img-src', 'script-src', 'connect-src')],
    'media-src': ["'self'", ...of('media-src')],
    'frame-src': of('frame-src'),
    'connect-src': ["'self'", ...of('script-src', 'connect-src')],
    'manifest-src': of('manifest-src'),
    'form-action': ["'self'", ...of('form-action')],
    'frame-ancestors': ["'self'"],
    'base-uri': ["'none'"],
    ...(isOurs ? { 'require-trusted-types-for': ["'script'"], 'trusted-types': ['galley-search'] } : {}),
  }
  for (const [name, sources] of Object.entries(allow)) rules[name] = [...new Set([...(rules[name] ?? []), ...sources])]
  return Object.entries(rules)
    .filter(([, sources]) => sources.length > 0)
    .map(([name, sources]) => [name, ...sources].join(' '))
    .join('; ')
}
