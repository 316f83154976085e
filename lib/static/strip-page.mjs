// A stored page without the framework. Next.js sends 135 kB of script that a reading page does nothing with, the text a
// second time as data for it, and one style sheet for all pages. What a page does in the browser is in components/reader.ts.
// A page is read by an HTML parser, as a browser reads it, and changed at the places of its elements: words of a post, and what
// stands in an attribute, are never taken for an element.
import { existsSync, readFileSync } from 'node:fs'
import path from 'node:path'
import { defaultTreeAdapter, Parser, parseFragment, Token } from 'parse5'
import { hashOf, policyOf } from '../server/policy.mjs'
import { originOf } from '../site/host.mjs'
import { isRun, never, themeScript } from '../site/scripts.mjs'
import { clientComponentsIn } from './payload.mjs'
import { loadsOf, parseSheet, writeSheets } from './strip-css.mjs'

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
  const components = payload ? clientComponentsIn(payload) : undefined
  const needs = [...(components?.modules ?? [])]
    .map((id) => modules.get(id) ?? `client module ${id}`)
    .filter(needsFramework)
  const light = needs.length === 0
  if (!light)
    for (const { module, props } of components.elements)
      if (isScriptOfNext(modules.get(module) ?? '')) addScript(page, props, components.resolve)
  if (page.problems.length > 0) throw new Error(page.problems.join('; '))

  const made = light ? withoutFramework(html, page, dist) : withFramework(html, page, dist)
  const policy = policyOf({ ...page, light, allow })
  return { html: made, policy, needs, scripts: light ? [] : [...page.chunks] }
}

/** Next.js's own client components do nothing that a reading page needs, but for the one that loads scripts. */
const needsFramework = (file) => !/(^|\/)node_modules\/next\/dist\//.test(file) || isScriptOfNext(file)
const isScriptOfNext = (file) => /\/next\/dist\/(esm\/)?client\/script\.js$/.test(file)

/** A script that `next/script` adds when the framework runs. */
function addScript(page, { src, children, dangerouslySetInnerHTML }, resolve) {
  if (typeof src === 'string') return page.loads('script-src', resolve(src))
  const text = resolve(dangerouslySetInnerHTML?.__html ?? children)
  page.hashes.script.add(hashOf(Array.isArray(text) ? text.join('') : String(text ?? '')))
}

/** Directives that the policy has for no page by itself: an address of our own needs them too. */
const ofOurs = (directive, address) => {
  if (address === 'data:') return address
  const isOwn =
    URL.canParse(address, 'http://here.invalid') && new URL(address, 'http://here.invalid').hostname === 'here.invalid'
  return isOwn && /^(frame|manifest)-src$/.test(directive) ? "'self'" : undefined
}

/** Elements that may be taken out or looked for: where they stand is remembered. */
const PLACED = new Set(['script', 'style', 'link', 'meta', 'div', 'head'])

/**
 * parse5's parser, which remembers where some elements and all comments stand, as `place`. It can do so for every node
 * (`sourceCodeLocationInfo`), at twice the time.
 */
class PlacingParser extends Parser {
  constructor() {
    super({
      treeAdapter: {
        ...defaultTreeAdapter,
        createElement: (name, ...rest) => {
          const element = defaultTreeAdapter.createElement(name, ...rest)
          // Other elements are made by the way: `<tr>` opens its `<tbody>`.
          if (PLACED.has(name) && this.at?.tagName === name) element.place = { ...this.at.location }
          return element
        },
        createCommentNode: (data) => ({ ...defaultTreeAdapter.createCommentNode(data), place: this.at?.location }),
        onItemPop: ({ place, tagName }) => {
          if (!place || this.at?.tagName !== tagName || this.at.type !== Token.TokenType.END_TAG) return
          place.endTag = this.at.location.startOffset
          place.endOffset = this.at.location.endOffset
        },
      },
    })
    this.tokenizer.options.sourceCodeLocationInfo = true
    this.tokenizer.currentLocation = this.tokenizer.getCurrentLocation(-1)
    this.options = { ...this.options, sourceCodeLocationInfo: false }
  }
  onStartTag(token) {
    this.at = token
    super.onStartTag(token)
  }
  onEndTag(token) {
    this.at = token
    super.onEndTag(token)
  }
  onComment(token) {
    this.at = token
    super.onComment(token)
  }
}

/** @returns the document that a browser makes of a page. */
function parsed(html) {
  const parser = new PlacingParser()
  parser.tokenizer.write(html, true)
  return parser.document
}

/** All of a page that decides what it loads, by walking its elements once. */
function readPage(html) {
  const page = {
    /** Names of elements, classes and ids. */
    words: new Set(),
    /** The framework's: elements and comments of which a light page has none, and the addresses of its scripts. */
    framework: [],
    /** React's comments around parts of the page, and whether it puts one of these in its place later, by counting them. */
    markers: [],
    hasParts: false,
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
    /** Words of scripts and values of attributes that may name a class, a custom property or an animation. */
    said: [],
    /** Whether there are scripts that are the owner's. */
    hasScripts: false,
    problems: [],
    headEnd: -1,
    loads(directive, address) {
      const origin = originOf(address) ?? ofOurs(directive, address)
      if (origin) this.origins.set(directive, (this.origins.get(directive) ?? new Set()).add(origin))
    },
  }
  const walk = (node, inText) => {
    for (const child of node.childNodes ?? []) {
      if (isMarker(child) && !inText) page.markers.push(child)
      if (child.nodeName === '#comment' && /^\$[?~!]/.test(child.data)) page.hasParts = true
      if (child.tagName === undefined) continue
      readElement(child, node, page, inText)
      walk(child.content ?? child, inText || (child.tagName === 'div' && classes(child).includes('prose')))
      // With scripts a browser takes it for text, and without them for elements: what those load is in the policy too.
      if (child.tagName === 'noscript') readElements(parseFragment(textOf(child)), page, inText)
    }
  }
  walk(parsed(html), false)
  return page
}

/** React's comments around a part of a page that could come later. */
const isMarker = ({ nodeName, data }) => nodeName === '#comment' && /^\/?\$$/.test(data)

/** What is in a `<noscript>`: it stays as it is. */
function readElements(node, page, inText) {
  for (const child of node.childNodes ?? []) {
    if (child.tagName === undefined) continue
    readWords(child, page)
    readLoads(child, node, page, inText)
    if (child.tagName === 'style') page.hashes.style.add(hashOf(textOf(child)))
    if (isSheet(child) && !isForeign(child, page)) page.hashes.style.add("'self'")
    readElements(child, page, inText)
  }
}

/** @returns the value of an attribute, or nothing. */
const attribute = (node, name) => node.attrs.find((each) => each.name === name)?.value
const classes = (node) => (attribute(node, 'class') ?? '').split(/\s+/)
const textOf = (node) => node.childNodes.map((child) => child.value ?? '').join('')

function readWords({ tagName, attrs }, page) {
  page.words.add(tagName)
  for (const { name, value } of attrs) {
    if (name === 'class' || name === 'id') for (const word of value.split(/\s+/)) page.words.add(word)
    if (name === 'style' || value.includes('var(')) page.said.push(value)
  }
}

function readElement(node, parent, page, inText) {
  readWords(node, page)
  if (node.tagName === 'script') return readScript(node, page, inText)
  if (node.tagName === 'head') page.headEnd = node.place?.endTag ?? -1
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
    } else {
      page.readers.add(src)
      page.hasScripts ||= !src.startsWith('/assets/')
    }
    return page.loads('script-src', src)
  }
  if (attribute(node, 'id') === '_R_' || /^\(?self\.__next_f\b/.test(text)) page.framework.push(node)
  else {
    page.hashes.script.add(hashOf(text))
    const isOwners = text !== themeScript && text !== SPECULATION
    page.hasScripts ||= isOwners
    if (isOwners) page.said.push(text)
  }
  page.speculates ||= attribute(node, 'type') === 'speculationrules'
}

/** What a link is to its page. */
const kindsOf = (node) => (attribute(node, 'rel') ?? '').toLowerCase().split(/\s+/)
const isSheet = (node) => node.tagName === 'link' && kindsOf(node).includes('stylesheet')

function isForeign(node, page) {
  const href = attribute(node, 'href') ?? ''
  if (!originOf(href)) return false
  const remedy = 'Put it into app/ and import it, or into public/ and name it from there'
  page.problems.push(`the style sheet ${href} is another site's. ${remedy}`)
  return true
}

function readLink(node, page) {
  const kinds = kindsOf(node)
  const href = attribute(node, 'href') ?? ''
  if (isSheet(node) && !isForeign(node, page) && !kinds.includes('alternate'))
    page.sheets.push({ node, href, media: attribute(node, 'media') })
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
  input: [
    ['img-src', 'src'],
    ['form-action', 'formaction'],
  ],
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
  for (const [directive, address] of loadsOf(style ?? '', false)) page.loads(directive, address)
  const handler = node.attrs.find(({ name }) => /^on[a-z]/.test(name) && !node.tagName.includes('-'))
  if (handler) page.problems.push(`<${node.tagName}> has ${handler.name}="…". Write it in a script or a custom element`)
  const load = (directive, name) => {
    const value = attribute(node, name)
    if (value === undefined) return
    if (inText && directive === 'script-src' && originOf(value))
      page.problems.push(
        `its text asks for a script of ${originOf(value)}. Put scripts into app/layout.tsx or a component`,
      )
    for (const address of name === 'srcset' ? addressesOf(value) : [value]) page.loads(directive, address)
  }
  for (const [directive, ...names] of LOADS[node.tagName] ?? []) for (const name of names) load(directive, name)
  if (node.tagName === 'source') {
    const directive = parent.tagName === 'picture' ? 'img-src' : 'media-src'
    for (const name of ['src', 'srcset']) load(directive, name)
  }
  if (node.tagName === 'link') {
    const kinds = kindsOf(node)
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

const inPlaceOf = ({ place: { startOffset, endOffset } }, text = '') => ({
  from: startOffset,
  to: endOffset,
  text,
})

function withoutFramework(html, page, dist) {
  const gone = page.hasParts ? page.framework : [...page.framework, ...page.markers]
  const changes = gone.map((node) => inPlaceOf(node))
  const words = new Set(page.words)
  for (const text of page.said) for (const word of wordsIn(text)) words.add(word)
  for (const address of page.readers) for (const word of wordsOfScript(address)) words.add(word)
  const sheets = page.sheets.map(({ href, text }) => (href === undefined ? readInline(text) : readSheet(href, dist)))
  const inline = page.sheets.flatMap(({ text }) => text ?? [])
  const linked = sheets.filter((_, at) => page.sheets[at].text === undefined)
  const written = writeSheets(linked, words, [...inline, ...page.said])
  const parts = page.sheets.map(({ text, media }) => {
    const css = text ?? written.shift()
    return media && css ? `@media ${media}{${css}}` : css
  })
  // Nothing in a style sheet of ours ends the element that it stands in.
  const style = parts.map((css) => css.replaceAll('</', '<\\/')).join('')
  const fonts = linked.flatMap(({ fonts }) => fonts).filter((address) => style.includes(address))
  for (const [directive, address] of sheets.flatMap(({ loads }) => loads))
    if (style.includes(address)) page.loads(directive, address)
  for (const [index, { node }] of page.sheets.entries())
    changes.push(inPlaceOf(node, index === 0 ? `${preloadsFor(page, fonts)}<style>${style}</style>` : ''))
  if (!page.speculates && page.headEnd >= 0) {
    page.hashes.script.add(hashOf(SPECULATION))
    const text = `<script type="speculationrules">${SPECULATION}</script>`
    changes.push({ from: page.headEnd, to: page.headEnd, text })
  }
  if (page.sheets.length > 0) page.hashes.style.add(hashOf(style))
  return replaced(html, changes)
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
    if (last && isData && last.end === node.place.startOffset) {
      last.text += `;${textOf(node)}`
      changes.push(inPlaceOf(node))
    } else {
      last = { node, text: textOf(node), isData }
      inline.push(last)
    }
    last.end = node.place.endOffset
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
  return replaced(html, changes)
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

const wordsIn = (text) => text.match(/[\w-]+/g) ?? []

const scripts = new Map()
/** @returns the words of a script: of ours, and of one in `public/`; of others nobody knows them. */
function wordsOfScript(address) {
  if (!scripts.has(address)) {
    const file = originOf(address) ? '' : inPublic(address)
    const isThere = address.startsWith('/assets/') || (file && existsSync(/*turbopackIgnore: true*/ file))
    scripts.set(address, isThere ? wordsIn(readFileSync(/*turbopackIgnore: true*/ file, 'utf8')) : [])
  }
  return scripts.get(address)
}

/** A style sheet that stands in a page: it is read for what it loads, and to be sure that it ends where it should. */
function readInline(text) {
  try {
    return parseSheet(text, '/')
  } catch (error) {
    throw new Error(`a <style> cannot be read: ${error.message}`)
  }
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
