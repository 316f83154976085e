// A stored page without the framework. Next.js sends 135 kB of script that a reading page does nothing with, the text a
// second time as data for it, and one style sheet for all pages. What a page does in the browser is in components/reader.ts.
// A page is read by an HTML parser, as a browser reads it, and changed at the places of its elements: words of a post, and what
// stands in an attribute, are never taken for an element.
import { readFileSync } from 'node:fs'
import path from 'node:path'
import { defaultTreeAdapter, parse, parseFragment } from 'parse5'
import { originOf } from './host.mjs'
import { clientComponentsIn } from './payload.mjs'
import { hashOf, policyOf } from './policy.mjs'
import { isRun, never, themeScript } from './scripts.mjs'
import { parseSheet, writeSheet } from './sheet.mjs'

/** Pages of the site that are read next: fetched when their link is seen, made ready when it is pointed at or touched. */
const NEXT_PAGES = {
  and: [
    { href_matches: '/*' },
    { not: { href_matches: ['/drafts*', '/sign-in*', '/api/*', '/media/*', '/video/*', '/*.*'] } },
    { not: { selector_matches: '[download], [target], [rel~="external"], [href^="#"]' } },
  ],
}
const SPECULATION = JSON.stringify({
  prefetch: [{ where: NEXT_PAGES, eagerness: 'eager' }],
  prerender: [{ where: NEXT_PAGES, eagerness: 'moderate' }],
})

/**
 * @param {string} html a page as Next.js stores it, or as this function left it.
 * @param {object} build
 * @param {string} build.dist where the build is (`.next`), for style sheets and scripts.
 * @param {Uint8Array} [build.payload] React's data of the page, which says whether it has client components.
 * @param {Record<string, string[]>} [build.allow] `allow` of site.config.ts.
 * @param {Map<string, string>} [build.modules] the file of each client module, by its id (`clientModules`).
 * @returns {{ html: string, policy: string, needs: string[], scripts: string[] }} the page with the style it needs in its head,
 * and its content security policy. `needs` are the client components for which it keeps the framework, whose files are
 * `scripts`; both are empty for a light page.
 * @throws {Error} with all that the policy would silently keep from working.
 */
export function lighten(html, { dist, payload, allow = {}, modules = new Map() }) {
  const page = readPage(html)
  const components = payload ? clientComponentsIn(payload) : { modules: [], elements: [] }
  const needs = [...components.modules].map((id) => modules.get(id) ?? `client module ${id}`).filter(needsFramework)
  const light = needs.length === 0
  if (!light) for (const { module, props } of components.elements) addScript(page, modules.get(module) ?? '', props)
  if (page.problems.length > 0) throw new Error(page.problems.join('; '))

  const made = light ? withoutFramework(html, page, dist) : withFramework(html, page, dist)
  const policy = policyOf({ ...page, ...made, light, allow })
  return { html: made.html, policy, needs, scripts: light ? [] : [...page.chunks] }
}

/** Next.js's own client components do nothing that a reading page needs, but for the one that loads scripts. */
const needsFramework = (file) =>
  !/(^|\/)node_modules\/next\/dist\//.test(file) || /\/dist\/(esm\/)?client\/script\.js$/.test(file)

/** A script that `next/script` adds when the framework runs. */
function addScript(page, file, { src, children, dangerouslySetInnerHTML }) {
  if (!/\/dist\/(esm\/)?client\/script\.js$/.test(file)) return
  const text = dangerouslySetInnerHTML?.__html ?? (Array.isArray(children) ? children.join('') : children)
  if (typeof src === 'string') page.loads('script-src', src)
  else if (typeof text === 'string') page.hashes.script.add(hashOf(text))
}

/** parse5's own tree, without the copies that it makes of each place: they take a third of the time. */
const treeAdapter = {
  ...defaultTreeAdapter,
  updateNodeSourceCodeLocation({ sourceCodeLocation: place }, { endOffset, endTag }) {
    if (!place) return
    place.endOffset = endOffset
    place.endTag = endTag
  },
}

/** All of a page that decides what it loads, by walking its elements once. */
function readPage(html) {
  const page = {
    /** Names of elements, classes and ids. */
    words: new Set(),
    /** The framework's: elements and comments of which a light page has none, and the addresses of its scripts. */
    framework: [],
    chunks: new Set(),
    /** Style sheets, in their order. */
    sheets: [],
    preloaded: new Set(),
    /** Scripts of ours whose words decide on style. */
    readers: new Set(),
    speculates: false,
    drawsDiagrams: false,
    /** Hosts by directive, and hashes of what is inline. */
    origins: new Map(),
    hashes: { script: new Set(), style: new Set(), attribute: new Set() },
    /** Whether there are inline scripts that are the owner's. */
    hasScripts: false,
    problems: [],
    headEnd: -1,
    loads(directive, address) {
      const origin = originOf(address)
      if (origin) this.origins.set(directive, (this.origins.get(directive) ?? new Set()).add(origin))
    },
  }
  const walk = (node, inText) => {
    for (const child of node.childNodes ?? []) {
      if (isMarker(child) && !inText) page.framework.push(child)
      if (child.tagName === undefined) continue
      readElement(child, node, page, inText)
      walk(child.content ?? child, inText || (child.tagName === 'div' && classes(child).includes('prose')))
      // With scripts a browser takes it for text, and without them for elements: what those load is in the policy too.
      if (child.tagName === 'noscript') readElements(parseFragment(textOf(child)), page, inText)
    }
  }
  walk(parse(html, { sourceCodeLocationInfo: true, treeAdapter }), false)
  return page
}

/** React's comments around a part of a page that could come later. */
const isMarker = ({ nodeName, data }) => nodeName === '#comment' && /^\/?\$$/.test(data)

/** What a part of the page loads, where nothing is taken out. */
function readElements(node, page, inText) {
  for (const child of node.childNodes ?? []) {
    if (child.tagName === undefined) continue
    readLoads(child, node, page, inText)
    if (child.tagName === 'style') page.hashes.style.add(hashOf(textOf(child)))
    if (child.tagName === 'link' && attribute(child, 'rel') === 'stylesheet') page.hashes.style.add("'self'")
    readElements(child, page, inText)
  }
}

/** @returns the value of an attribute, or nothing. */
const attribute = (node, name) => node.attrs.find((each) => each.name === name)?.value
const classes = (node) => (attribute(node, 'class') ?? '').split(/\s+/)
const textOf = (node) => node.childNodes.map((child) => child.value ?? '').join('')

function readElement(node, parent, page, inText) {
  page.words.add(node.tagName)
  for (const { name, value } of node.attrs)
    if (name === 'class' || name === 'id') for (const word of value.split(/\s+/)) page.words.add(word)
  if (node.tagName === 'script') return readScript(node, page, inText)
  if (node.tagName === 'head') page.headEnd = node.sourceCodeLocation?.endTag?.startOffset ?? -1
  if (node.tagName === 'meta' && attribute(node, 'name') === 'next-size-adjust') page.framework.push(node)
  if (node.tagName === 'div' && parent.tagName === 'body' && isEmptied(node)) page.framework.push(node)
  if (node.tagName === 'link') readLink(node, page)
  if (node.tagName === 'style') page.sheets.push({ node, text: textOf(node), media: attribute(node, 'media') })
  if (!inText && classes(node).includes('prose')) {
    const diagrams = attribute(node, 'data-diagrams')
    page.drawsDiagrams ||= diagrams !== undefined
    if (diagrams) page.readers.add(diagrams)
  }
  readLoads(node, parent, page, inText)
}

/** What Next.js leaves of the title and so on, which it has put into the head: `<div hidden><!--$--><!--/$--></div>`. */
const isEmptied = ({ attrs, childNodes }) =>
  attrs.length === 1 && attrs[0].name === 'hidden' && childNodes.length > 0 && childNodes.every(isMarker)

function readScript(node, page, inText) {
  const src = attribute(node, 'src')
  const text = textOf(node)
  if (!isRun(attribute(node, 'type'))) return
  const isHtml = node.namespaceURI === 'http://www.w3.org/1999/xhtml'
  if (inText || !isHtml)
    return page.problems.push(
      `there is a <script> in ${inText ? 'its text' : 'a drawing'}. Put scripts into app/layout.tsx or a component`,
    )
  if (src !== undefined) {
    if (src.startsWith('/_next/')) {
      page.framework.push(node)
      if (attribute(node, 'nomodule') === undefined) page.chunks.add(src)
    } else if (src.startsWith('/assets/')) page.readers.add(src)
    page.loads('script-src', src)
    return
  }
  if (attribute(node, 'id') === '_R_' || /^\(?self\.__next_f\b/.test(text)) page.framework.push(node)
  else {
    page.hashes.script.add(hashOf(text))
    page.hasScripts ||= text !== themeScript && text !== SPECULATION
  }
  page.speculates ||= attribute(node, 'type') === 'speculationrules'
}

function readLink(node, page) {
  const kinds = (attribute(node, 'rel') ?? '').toLowerCase().split(/\s+/)
  const href = attribute(node, 'href') ?? ''
  if (kinds.includes('stylesheet')) {
    if (originOf(href))
      page.problems.push(
        `the style sheet ${href} is another site's. Put it into app/ and import it, or into public/ and name it from there`,
      )
    else if (!kinds.includes('alternate')) page.sheets.push({ node, href, media: attribute(node, 'media') })
  }
  if (kinds.includes('preload') || kinds.includes('modulepreload')) {
    page.preloaded.add(href)
    if (href.startsWith('/_next/') && /^(script|)$/.test(attribute(node, 'as') ?? '')) page.framework.push(node)
  }
}

/** Where the attributes of these elements lead, by directive of the policy. */
const LOADS = {
  img: [['img-src', 'src', 'srcset']],
  image: [['img-src', 'href', 'xlink:href']],
  feImage: [['img-src', 'href', 'xlink:href']],
  input: [['img-src', 'src']],
  video: [
    ['media-src', 'src'],
    ['img-src', 'poster'],
  ],
  audio: [['media-src', 'src']],
  track: [['media-src', 'src']],
  iframe: [['frame-src', 'src']],
  figure: [['frame-src', 'data-frame']],
  form: [['form-action', 'action']],
  button: [['form-action', 'formaction']],
}
const OF_LINKS = { font: 'font-src', image: 'img-src', script: 'script-src', video: 'media-src' }

function readLoads(node, parent, page, inText) {
  const remedy = never.get(node.tagName)
  if (remedy) page.problems.push(`no page may have <${node.tagName}>. ${remedy}`)
  const style = attribute(node, 'style')
  if (style && !inText) page.hashes.attribute.add(hashOf(style))
  const load = (directive, name) => {
    const value = attribute(node, name)
    if (value === undefined) return
    for (const address of name === 'srcset' ? addressesOf(value) : [value]) page.loads(directive, address)
  }
  for (const [directive, ...names] of LOADS[node.tagName] ?? []) for (const name of names) load(directive, name)
  if (node.tagName === 'source') {
    const directive = parent.tagName === 'picture' ? 'img-src' : 'media-src'
    for (const name of ['src', 'srcset']) load(directive, name)
  }
  if (node.tagName === 'link') {
    const kinds = (attribute(node, 'rel') ?? '').toLowerCase().split(/\s+/)
    if (kinds.some((kind) => /icon$/.test(kind))) load('img-src', 'href')
    if (kinds.includes('manifest')) load('manifest-src', 'href')
    if (kinds.includes('modulepreload')) load('script-src', 'href')
    const directive = kinds.includes('preload') && OF_LINKS[attribute(node, 'as') ?? '']
    if (directive) load(directive, 'href')
  }
}

/** @returns the addresses of a `srcset` (HTML §2.5.10). */
function addressesOf(srcset) {
  const found = []
  for (let rest = srcset; ; ) {
    rest = rest.replace(/^[\s,]+/, '')
    const [address = ''] = /^\S+/.exec(rest) ?? []
    if (!address) return found
    found.push(address.replace(/,+$/, ''))
    rest = rest.slice(address.length)
    // A comma at the end of an address ends the candidate; else one outside of parentheses does.
    if (!address.endsWith(',')) rest = rest.replace(/^(?:\([^)]*\)|[^,(])*/, '')
  }
}

/** Writes a page anew, with other text in place of some of its nodes. */
function replaced(html, changes) {
  let made = ''
  let at = 0
  for (const { from, to, text } of changes.sort((a, b) => a.from - b.from)) {
    // What is inside of something that has gone has gone with it.
    if (from < at) continue
    made += html.slice(at, from) + text
    at = to
  }
  return made + html.slice(at)
}

const inPlaceOf = ({ sourceCodeLocation: { startOffset, endOffset } }, text = '') => ({
  from: startOffset,
  to: endOffset,
  text,
})

function withoutFramework(html, page, dist) {
  const changes = page.framework.map((node) => inPlaceOf(node))
  const words = new Set(page.words)
  for (const address of page.readers) for (const word of readWords(address)) words.add(word)
  const parts = page.sheets.map(({ href, text = '', media }) => {
    const sheet = href === undefined ? undefined : readSheet(href, dist)
    const css = sheet ? writeSheet(sheet, words) : text
    for (const [directive, address] of sheet?.loads ?? []) page.loads(directive, address)
    return { css: media && css ? `@media ${media}{${css}}` : css, fonts: sheet?.fonts ?? [] }
  })
  // Nothing in a style sheet of ours ends the element that it stands in.
  const style = parts.map(({ css }) => css.replaceAll('</', '<\\/')).join('')
  const fonts = parts.flatMap(({ fonts }) => fonts).filter((address) => style.includes(address))
  for (const [index, { node }] of page.sheets.entries())
    changes.push(inPlaceOf(node, index === 0 ? `${preloadsFor(page, fonts)}<style>${style}</style>` : ''))
  if (!page.speculates && page.headEnd >= 0) {
    page.hashes.script.add(hashOf(SPECULATION))
    const text = `<script type="speculationrules">${SPECULATION}</script>`
    changes.push({ from: page.headEnd, to: page.headEnd, text })
  }
  if (page.sheets.length > 0) page.hashes.style.add(hashOf(style))
  return { html: replaced(html, changes) }
}

/**
 * A page with the framework, as Next.js has stored it. Scripts that hand over data and stand side by side become one, so that a long
 * text does not have a hundred hashes in its policy.
 */
function withFramework(html, page, dist) {
  const changes = []
  const inline = []
  let last
  for (const node of page.framework) {
    if (node.tagName !== 'script' || attribute(node, 'src') !== undefined) continue
    const isData = node.attrs.length === 0
    if (last && isData && last.end === node.sourceCodeLocation.startOffset) {
      last.text += `;${textOf(node)}`
      changes.push(inPlaceOf(node))
    } else {
      last = { node, text: textOf(node), isData }
      inline.push(last)
    }
    last.end = node.sourceCodeLocation.endOffset
    if (!isData) last = undefined
  }
  for (const { node, text, isData } of inline) {
    page.hashes.script.add(hashOf(text))
    if (isData) changes.push(inPlaceOf(node, `<script>${text}</script>`))
  }
  for (const { href, text } of page.sheets) {
    if (text !== undefined) page.hashes.style.add(hashOf(text))
    else for (const [directive, address] of readSheet(href, dist).loads) page.loads(directive, address)
  }
  return { html: replaced(html, changes) }
}

/** Fonts besides that of the text, to be fetched early: of formulas; italics where a text has them, else that of the furniture. */
function preloadsFor({ words, preloaded }, fonts) {
  const hasItalics = ['em', 'i', 'cite', 'dfn', 'address'].some((name) => words.has(name))
  const files = [hasItalics ? 'literata_latin_italic' : 'instrument_sans_latin']
  if (words.has('katex')) files.push('KaTeX_Main-Regular', 'KaTeX_Math-Italic')
  if (words.has('large-op')) files.push('KaTeX_Size2-Regular')
  return files
    .map((file) => fonts.find((address) => path.posix.basename(address).startsWith(file)))
    .filter((address) => address && !preloaded.has(address))
    .map((address) => `<link rel="preload" href="${address}" as="font" crossorigin="" type="font/woff2"/>`)
    .join('')
}

const scripts = new Map()
/** @returns the words of a script of ours, in `public/assets`. */
function readWords(address) {
  if (!scripts.has(address)) {
    const file = inPublic(address)
    scripts.set(address, readFileSync(/*turbopackIgnore: true*/ file, 'utf8').match(/[\w-]+/g) ?? [])
  }
  return scripts.get(address)
}

const inPublic = (address) => {
  const { pathname } = new URL(address, 'http://here.invalid')
  return path.join(/*turbopackIgnore: true*/ 'public', decodeURIComponent(pathname))
}

const sheets = new Map()
function readSheet(address, dist) {
  if (!sheets.has(address)) {
    // A build with NEXT_DEPLOYMENT_ID, as all of Vercel's, puts it after a question mark.
    const { pathname } = new URL(address, 'http://here.invalid')
    const file = pathname.startsWith('/_next/')
      ? path.join(/*turbopackIgnore: true*/ dist, decodeURIComponent(pathname).slice('/_next/'.length))
      : inPublic(address)
    sheets.set(address, parseSheet(readFileSync(/*turbopackIgnore: true*/ file, 'utf8'), pathname))
  }
  return sheets.get(address)
}
