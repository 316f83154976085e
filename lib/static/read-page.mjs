// Reads a stored page in one walk: the addresses it loads, the names in it, and its inline scripts and styles.
import { parseFragment } from 'parse5'
import { hashOf } from '../server/policies.mjs'
import { isRun } from '../site/elements.mjs'
import { originOf } from '../site/host.mjs'
import { PREFETCH, SPECULATION, themeScript } from './own-scripts.mjs'
import { attribute, classes, isElement, kindsOf, parsePage, textOf } from './parse-page.mjs'
import { readLoads } from './read-loads.mjs'

/** @typedef {import('./parse-page.mjs').PageNode} PageNode */
/** @typedef {import('./parse-page.mjs').PageElement} PageElement */
/** @typedef {ReturnType<typeof readPage>} Page */
/** @typedef {{ node: PageElement, media: string | undefined } & ({ text: string, href?: undefined } | { href: string, text?: undefined })} SheetOfPage */

/**
 * @param {string} html a page of a build.
 * @returns everything that the policy and the style of the page depend on.
 */
export function readPage(html) {
  const page = {
    /** Names of elements, classes and ids. @type {Set<string>} */
    words: new Set(),
    /** Elements of the framework, removed from a light page. @type {PageElement[]} */
    framework: [],
    /** Comments of React around parts of the page. @type {PageNode[]} */
    markers: [],
    /** Whether React inserts a part later. It finds the place by these comments, so they must stay. */
    hasParts: false,
    /** Addresses of the framework's scripts. @type {Set<string>} */
    chunks: new Set(),
    /** Style sheets, in their order. @type {SheetOfPage[]} */
    sheets: [],
    /** @type {Set<string>} */
    preloaded: new Set(),
    /** Addresses of scripts that are not the framework's: rules for the classes named in them stay. @type {Set<string>} */
    readers: new Set(),
    speculates: false,
    drawsDiagrams: false,
    /** Other hosts, by directive of the policy. @type {Map<string, Set<string>>} */
    origins: new Map(),
    /** Hashes of inline scripts, styles and style attributes. */
    hashes: {
      /** @type {Set<string>} */
      script: new Set(),
      /** @type {Set<string>} */
      style: new Set(),
      /** @type {Set<string>} */
      attribute: new Set(),
    },
    /** Inline scripts and values of attributes that may name a class, a custom property or an animation. @type {string[]} */
    said: [],
    /** Whether the owner has added a script. */
    hasScripts: false,
    /** @type {string[]} */
    problems: [],
    headEnd: -1,
    /**
     * @param {string} directive
     * @param {string} address
     */
    loads(directive, address) {
      const origin = originOf(address) ?? ofOurs(directive, address)
      if (origin) this.origins.set(directive, (this.origins.get(directive) ?? new Set()).add(origin))
    },
  }
  /** @type {(node: PageNode, inText: boolean) => void} */
  const walk = (node, inText) => {
    for (const child of node.childNodes ?? []) {
      if (isMarker(child) && !inText) page.markers.push(child)
      if (child.nodeName === '#comment' && /^\$[?~!]/.test(child.data ?? '')) page.hasParts = true
      if (!isElement(child)) continue
      readElement(child, node, page, inText)
      walk(child.content ?? child, inText || (child.tagName === 'div' && classes(child).includes('prose')))
      // A browser without scripts reads the elements in a `<noscript>`, so the policy allows their addresses too.
      if (child.tagName === 'noscript') readElements(parseFragment(textOf(child)), page, inText)
    }
  }
  walk(parsePage(html), false)
  return page
}

/**
 * `frame-src` and `manifest-src` allow nothing by default, so an address of our own site needs `'self'` there.
 *
 * @param {string} directive
 * @param {string} address
 */
function ofOurs(directive, address) {
  if (address === 'data:') return address
  const isOwn =
    URL.canParse(address, 'http://here.invalid') && new URL(address, 'http://here.invalid').hostname === 'here.invalid'
  return isOwn && /^(frame|manifest)-src$/.test(directive) ? "'self'" : undefined
}

/**
 * The comments that React puts around a part of a page that could come later: `<!--$-->` and `<!--/$-->`.
 *
 * @param {PageNode} node
 */
const isMarker = ({ nodeName, data }) => nodeName === '#comment' && /^\/?\$$/.test(data ?? '')

/**
 * Reads the elements of a `<noscript>`, which is not changed.
 *
 * @param {PageNode} node
 * @param {Page} page
 * @param {boolean} inText
 */
function readElements(node, page, inText) {
  for (const child of node.childNodes ?? []) {
    if (!isElement(child)) continue
    readWords(child, page)
    readLoads(child, node, page, inText)
    if (child.tagName === 'style') page.hashes.style.add(hashOf(textOf(child)))
    if (isSheet(child) && !isForeign(child, page)) page.hashes.style.add("'self'")
    readElements(child, page, inText)
  }
}

/**
 * @param {PageElement} node
 * @param {Page} page
 */
function readWords({ tagName, attrs }, page) {
  page.words.add(tagName)
  for (const { name, value } of attrs) {
    if (name === 'class' || name === 'id') for (const word of value.split(/\s+/)) page.words.add(word)
    if (name === 'style' || value.includes('var(')) page.said.push(value)
  }
}

/**
 * @param {PageElement} node
 * @param {PageNode} parent
 * @param {Page} page
 * @param {boolean} inText
 */
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

/**
 * The empty element that Next.js leaves where the title was before it moved to the head: `<div hidden><!--$--><!--/$--></div>`.
 *
 * @param {PageElement} node
 */
const isEmptied = ({ attrs, childNodes }) =>
  attrs.length === 1 && attrs[0]?.name === 'hidden' && childNodes.length > 0 && childNodes.every(isMarker)

/** Attributes of a script that counts visits, which name the host that it reports to: those of Plausible, Umami and GoatCounter. */
const REPORTS = ['data-api', 'data-host-url', 'data-goatcounter']

/**
 * @param {PageElement} node
 * @param {Page} page
 * @param {boolean} inText
 */
function readScript(node, page, inText) {
  const src = attribute(node, 'src')
  const text = textOf(node)
  if (!isRun(attribute(node, 'type'))) return
  const isHtml = node.namespaceURI === 'http://www.w3.org/1999/xhtml'
  if (inText || !isHtml) {
    const place = inText ? 'its text' : 'a drawing'
    page.problems.push(`there is a <script> in ${place}. Put scripts into app/layout.tsx or a component`)
    return
  }
  if (src !== undefined) {
    if (src.startsWith('/_next/')) {
      page.framework.push(node)
      if (attribute(node, 'nomodule') === undefined) page.chunks.add(src)
    } else {
      page.readers.add(src)
      page.hasScripts ||= !src.startsWith('/assets/')
    }
    for (const name of REPORTS) {
      const host = attribute(node, name)
      if (host !== undefined) page.loads('connect-src', host)
    }
    return page.loads('script-src', src)
  }
  if (attribute(node, 'id') === '_R_' || /^\(?self\.__next_f\b/.test(text)) page.framework.push(node)
  else {
    page.hashes.script.add(hashOf(text))
    const isOwners = ![themeScript, SPECULATION, PREFETCH].includes(text)
    page.hasScripts ||= isOwners
    if (isOwners) page.said.push(text)
  }
  page.speculates ||= attribute(node, 'type') === 'speculationrules'
}

/** @param {PageElement} node */
const isSheet = (node) => node.tagName === 'link' && kindsOf(node).includes('stylesheet')

/**
 * @param {PageElement} node
 * @param {Page} page
 */
function isForeign(node, page) {
  const href = attribute(node, 'href') ?? ''
  if (!originOf(href)) return false
  const remedy = 'Put it into app/ and import it, or into public/ and name it from there'
  page.problems.push(`the style sheet ${href} is another site's. ${remedy}`)
  return true
}

/**
 * @param {PageElement} node
 * @param {Page} page
 */
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
