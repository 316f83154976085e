// Takes the framework out of a stored page. Next.js adds 135 kB of script that a page without client components does not use, a second
// copy of the text as data for them, and one style sheet for all pages. The script of a reading page is components/reader.ts.
// The page is parsed as a browser parses it, and changed at the positions of its elements, so that words of a post or the value of an
// attribute are never taken for an element.
import path from 'node:path'
import { defaultTreeAdapter, html as markup, serializeOuter } from 'parse5'
import { hashOf, pagePolicy } from '../server/policies.mjs'
import { PREFETCH, SPECULATION } from './own-scripts.mjs'
import { readInline, readSheet, wordsIn, wordsOfScript } from './page-files.mjs'
import { attribute, changed, inPlaceOf, placeOf, textOf } from './parse-page.mjs'
import { clientComponentsIn } from './payload.mjs'
import { readPage } from './read-page.mjs'
import { writeSheets } from './strip-css.mjs'

/** @typedef {import('./read-page.mjs').Page} Page */

/**
 * @param {string} html a page as Next.js stores it, or as this function returned it before.
 * @param {object} build
 * @param {string} build.dist the folder of the build (`.next`), for style sheets and scripts.
 * @param {Uint8Array} [build.payload] React's data of the page, which says whether it has client components.
 * @param {Record<string, string[]>} [build.allow] `allow` of site.config.ts.
 * @param {Map<string, string>} [build.modules] the file of each client module, by its id (`clientModules`).
 * @param {import('../site/services').ScriptElement} [build.counter] the script that counts visits, which is added to the head.
 * @param {boolean} [build.isCounted] whether the site counts visits: then no page is rendered before it is visited.
 * @returns {{ html: string, policy: string, needs: string[], scripts: string[] }} the page with the style it needs in its head, and its
 * content security policy. `needs` are the client components that keep the framework on this page, and `scripts` its addresses; both
 * are empty for a light page.
 * @throws {Error} with everything on the page that its policy would block without a word.
 */
export function lighten(html, { dist, payload, allow = {}, modules = new Map(), counter, isCounted = false }) {
  const text = counter ? withCounter(html, counter) : html
  const page = readPage(text)
  const components = payload ? clientComponentsIn(payload) : undefined
  const needs = [...(components?.modules ?? [])]
    .map((id) => modules.get(id) ?? `client module ${id}`)
    .filter(needsFramework)
  const light = needs.length === 0
  if (components && !light)
    for (const { module, props } of components.elements)
      if (isScriptOfNext(modules.get(module) ?? '')) addScript(page, props, components.resolve)
  if (page.problems.length > 0) throw new Error(page.problems.join('; '))

  const rules = isCounted ? PREFETCH : SPECULATION
  const made = light ? withoutFramework(text, page, dist, rules) : withFramework(text, page, dist)
  const policy = pagePolicy({ ...page, light, allow })
  return { html: made, policy, needs, scripts: light ? [] : [...page.chunks] }
}

/**
 * Adds the script that counts visits to the head of a page, unless it is there. It is then a script of the owner's like any other: its
 * hosts get into the policy.
 *
 * @param {string} html
 * @param {import('../site/services').ScriptElement} counter
 */
function withCounter(html, counter) {
  const { headEnd, readers } = readPage(html)
  if (headEnd < 0 || readers.has(counter.src)) return html
  const attributes = Object.entries(counter).map(([name, value]) => ({ name, value: value === true ? '' : value }))
  const script = defaultTreeAdapter.createElement('script', markup.NS.HTML, attributes)
  return changed(html, [{ from: headEnd, to: headEnd, text: serializeOuter(script) }])
}

/**
 * A reading page needs none of Next.js's own client components, except the one that loads scripts.
 *
 * @param {string} file
 */
const needsFramework = (file) => !/(^|\/)node_modules\/next\/dist\//.test(file) || isScriptOfNext(file)
/** @param {string} file */
const isScriptOfNext = (file) => /\/next\/dist\/(esm\/)?client\/script\.js$/.test(file)

/**
 * A script that `next/script` adds when the framework runs.
 *
 * @param {Page} page
 * @param {Record<string, any>} props
 * @param {(value: any) => any} resolve
 */
function addScript(page, { src, children, dangerouslySetInnerHTML }, resolve) {
  if (typeof src === 'string') return page.loads('script-src', resolve(src))
  const text = resolve(dangerouslySetInnerHTML?.__html ?? children)
  page.hashes.script.add(hashOf(Array.isArray(text) ? text.join('') : String(text ?? '')))
}

/**
 * @param {string} html
 * @param {Page} page
 * @param {string} dist
 * @param {string} rules which links the browser follows in advance.
 */
function withoutFramework(html, page, dist, rules) {
  const gone = page.hasParts ? page.framework : [...page.framework, ...page.markers]
  const changes = gone.map((node) => inPlaceOf(node))
  const words = new Set(page.words)
  for (const text of page.said) for (const word of wordsIn(text)) words.add(word)
  for (const address of page.readers) for (const word of wordsOfScript(address)) words.add(word)
  const sheets = page.sheets.map(({ href, text }) => (href === undefined ? readInline(text) : readSheet(href, dist)))
  const inline = page.sheets.flatMap(({ text }) => text ?? [])
  const linked = sheets.filter((_, at) => page.sheets[at]?.text === undefined)
  const written = writeSheets(linked, words, [...inline, ...page.said])
  const parts = page.sheets.map(({ text, media }) => {
    const css = text ?? written.shift() ?? ''
    return media && css ? `@media ${media}{${css}}` : css
  })
  // `</style>` in a string of a style sheet would end the element, so every `</` is escaped.
  const style = parts.map((css) => css.replaceAll('</', '<\\/')).join('')
  const fonts = linked.flatMap(({ fonts }) => fonts).filter((address) => style.includes(address))
  for (const [directive, address] of sheets.flatMap(({ loads }) => loads))
    if (style.includes(address)) page.loads(directive, address)
  for (const [index, { node }] of page.sheets.entries())
    changes.push(inPlaceOf(node, index === 0 ? `${preloadsFor(page, fonts)}<style>${style}</style>` : ''))
  if (!page.speculates && page.headEnd >= 0) {
    page.hashes.script.add(hashOf(rules))
    const text = `<script type="speculationrules">${rules}</script>`
    changes.push({ from: page.headEnd, to: page.headEnd, text })
  }
  if (page.sheets.length > 0) page.hashes.style.add(hashOf(style))
  return changed(html, changes)
}

/**
 * Keeps the framework on a page. Neighbouring inline scripts with data become one, so that the policy of a long text does not have a
 * hundred hashes.
 *
 * @param {string} html
 * @param {Page} page
 * @param {string} dist
 */
function withFramework(html, page, dist) {
  /** @type {import('./parse-page.mjs').Change[]} */
  const changes = []
  /** @type {{ node: import('./parse-page.mjs').PageElement, text: string, isData: boolean, end: number }[]} */
  const inline = []
  /** @type {(typeof inline)[number] | undefined} */
  let last
  for (const node of page.framework) {
    if (node.tagName !== 'script' || attribute(node, 'src') !== undefined) continue
    const isData = node.attrs.length === 0
    const { startOffset, endOffset: end } = placeOf(node)
    if (last && isData && last.end === startOffset) {
      last.text += `;${textOf(node)}`
      last.end = end
      changes.push(inPlaceOf(node))
    } else {
      last = { node, text: textOf(node), isData, end }
      inline.push(last)
    }
    if (!isData) last = undefined
  }
  for (const { node, text, isData } of inline) {
    page.hashes.script.add(hashOf(text))
    if (isData) changes.push(inPlaceOf(node, `<script>${text}</script>`))
  }
  for (const { href, text } of page.sheets) {
    const { loads } = href === undefined ? readInline(text) : readSheet(href, dist)
    for (const [directive, address] of loads) page.loads(directive, address)
  }
  return changed(html, changes)
}

/**
 * Fonts to fetch early besides the font of the text: italics if the text has any, otherwise the font of the furniture; and the fonts of
 * formulas.
 *
 * @param {Page} page
 * @param {string[]} fonts addresses.
 */
function preloadsFor({ words, preloaded }, fonts) {
  const files = []
  if (['em', 'i', 'cite', 'dfn', 'address'].some((name) => words.has(name))) files.push('literata_latin_italic')
  if (['code', 'kbd'].some((name) => words.has(name))) files.push('jetbrains_mono_latin')
  if (words.has('katex')) files.push('KaTeX_Main-Regular', 'KaTeX_Math-Italic')
  if (words.has('large-op')) files.push('KaTeX_Size2-Regular')
  return files
    .map((file) => fonts.find((address) => path.posix.basename(address).startsWith(file)))
    .filter((address) => address !== undefined && !preloaded.has(address))
    .map((address) => `<link rel="preload" href="${address}" as="font" crossorigin="" type="font/woff2"/>`)
    .join('')
}
