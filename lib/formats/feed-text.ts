import type { Element, ElementContent, RootContent } from 'hast'
import { fromHtml } from 'hast-util-from-html'
import { toHtml } from 'hast-util-to-html'
import { toString as textOf } from 'hast-util-to-string'
import { classes, element, elements, text } from '../markdown/tree'
import { readSrcset, writeSrcset } from '../site/srcset.mjs'

/** Elements that mean nothing outside of a page. */
const PAGE_ONLY = new Set(['script', 'style', 'link', 'meta', 'base', 'template', 'button', 'dialog'])
/** Boxes for the style sheet, whose content stands by itself. */
const BOXES = new Set(['wide-table', 'wide', 'tabs', 'tab', 'toc-inline'])
/** Attributes that a reader of feeds can use. */
const KEPT = new Set([
  ...['lang', 'dir', 'title', 'alt', 'width', 'height', 'href', 'hrefLang', 'src', 'srcSet', 'sizes', 'media', 'type'],
  ...['controls', 'poster', 'loop', 'muted', 'playsInline', 'preload', 'kind', 'srcLang', 'label', 'default', 'cite'],
  ...['colSpan', 'rowSpan', 'span', 'scope', 'align', 'start', 'reversed', 'value', 'open', 'dateTime'],
  ...['min', 'max', 'low', 'high', 'optimum'],
])
const ADDRESSES = ['href', 'src', 'poster', 'cite']
const LINKED = /^(https?|mailto|tel|sms|xmpp|ircs?):/
const LOADED = /^(https?:|data:image\/)/

/**
 * The HTML of a post as feed readers need it: all its words once, without scripts, style and the furniture of the page. Addresses are
 * absolute, and a link to a part of the post leads to the page. Code is plain text, a formula is MathML with its TeX, a diagram is
 * its source, an embed is a link, a chart is its table, and tabs follow each other.
 *
 * @param html the body of the post, as its page shows it.
 * @param address where the page is: absolute.
 * @returns `files` has the absolute addresses of the pictures, films and sounds that it shows, in order.
 */
export function feedText(html: string, address: string): { html: string; files: string[] } {
  const children = fromHtml(html, { fragment: true }).children.flatMap(fitted(address))
  const files = new Set<string>()
  elements({ type: 'root', children }, (node, parent) => {
    const isPart = node.tagName === 'source' && (parent as Partial<Element>).tagName === 'picture'
    if (!isPart && /^(img|video|audio|source)$/.test(node.tagName) && typeof node.properties.src === 'string')
      files.add(node.properties.src)
  })
  return { html: toHtml({ type: 'root', children }).trim(), files: [...files] }
}

/** @returns a function that gives what stands for a node in a feed. */
function fitted(base: string) {
  const all: All = (nodes) => nodes.flatMap(fit)
  const fit = (node: RootContent): ElementContent[] => {
    if (node.type === 'text') return [text(node.value)]
    if (node.type !== 'element' || isLeftOut(node)) return []
    const { tagName, children } = node
    const names = classes(node)
    const is = (name: string) => names.includes(name)
    if (tagName === 'pre') return [preformatted(node, all)]
    if (tagName === 'math' || tagName === 'svg') return [drawn(node)]
    if (tagName === 'input') return [text(node.properties.checked ? '☑' : '☐')]
    if (/^(iframe|object|embed)$/.test(tagName)) return frame(node, base)
    if (tagName === 'figure') {
      if (is('diagram')) return [diagram(node, base)]
      if (is('embed')) return [embed(node, all)]
      if (is('chart')) return [chart(node, all)]
      if (is('code') && !part(node, 'figcaption')) return all(children)
    }
    if (is('formula')) return [element('p', {}, all(children))]
    if (is('alert')) return [element('blockquote', {}, all(children))]
    if (is('alert-title') || is('tab-label')) return [element('p', {}, [element('strong', {}, all(children))])]
    if (names.some((name) => BOXES.has(name))) return all(children)
    const properties = keptOf(node, base)
    const isBare = tagName === 'span' ? Object.keys(properties).length === 0 : tagName === 'a' && !properties.href
    return isBare ? all(children) : [element(tagName, properties, all(children))]
  }
  return fit
}

/** Whether an element is not shown, is there twice, or does something on the page only. */
function isLeftOut(node: Element): boolean {
  const { hidden, ariaHidden, dataFootnoteBackref } = node.properties
  const names = classes(node)
  const isAnchor = names.includes('anchor') && node.children.length === 0
  const isSecond = names.includes('side-note') || names.includes('to-side')
  const isHidden = (hidden !== undefined && hidden !== 'until-found') || String(ariaHidden) === 'true'
  return PAGE_ONLY.has(node.tagName) || isAnchor || isSecond || isHidden || dataFootnoteBackref !== undefined
}

function keptOf(node: Element, base: string): Element['properties'] {
  const properties = Object.fromEntries(Object.entries(node.properties).filter(([name]) => KEPT.has(name)))
  for (const name of ADDRESSES) {
    if (typeof properties[name] !== 'string') continue
    const to = absolute(properties[name], base, name === 'href' ? LINKED : LOADED)
    if (to === undefined) delete properties[name]
    else properties[name] = to
  }
  if (typeof properties.srcSet === 'string') {
    const set = readSrcset(properties.srcSet).flatMap(({ address, descriptors }) => {
      const to = absolute(address, base, LOADED)
      return to === undefined ? [] : [{ address: to, descriptors }]
    })
    properties.srcSet = writeSrcset(set)
  }
  // The column of a table is aligned by a class on the page.
  const side = /^t[dh]$/.test(node.tagName) && classes(node).find((name) => /^(left|center|right)$/.test(name))
  return side ? { ...properties, align: side } : properties
}

/** @returns undefined for an address that cannot be read, or whose scheme is not allowed: it could run something. */
function absolute(address: string, base: string, allowed: RegExp): string | undefined {
  if (!URL.canParse(address, base)) return undefined
  const { href } = new URL(address, base)
  return allowed.test(href) ? href : undefined
}

const part = (node: Element, tagName: string) =>
  node.children.find((child): child is Element => child.type === 'element' && child.tagName === tagName)

type All = (nodes: ElementContent[]) => ElementContent[]

function preformatted(node: Element, all: All): Element {
  const code = part(node, 'code')
  if (code) {
    const language = classes(code).filter((name) => name.startsWith('language-'))
    const properties = language.length > 0 ? { className: language } : {}
    return element('pre', {}, [element('code', properties, [text(textOf(code))])])
  }
  const children = all(node.children)
  // A parser drops a line break at the beginning.
  return element('pre', {}, [...(textOf(node).startsWith('\n') ? [text('\n')] : []), ...children])
}

/** A formula or a drawing, without what belongs to the page. */
function drawn(node: Element): Element {
  const isPages = (name: string) => /^(className|style|tabIndex|data.*|on.*)$/.test(name)
  const properties = Object.entries(node.properties).filter(([name]) => !isPages(name))
  const children = node.children.flatMap((child): ElementContent[] =>
    child.type === 'text' ? [child] : child.type === 'element' && !isLeftOut(child) ? [drawn(child)] : [],
  )
  return element(node.tagName, Object.fromEntries(properties), children)
}

function frame({ properties }: Element, base: string): ElementContent[] {
  const href = absolute(String(properties.src ?? properties.data ?? ''), base, /^https?:/)
  return href ? [element('p', {}, [element('a', { href }, [text(String(properties.title || href))])])] : []
}

function diagram(node: Element, base: string): Element {
  const source = part(node, 'pre')
  const title = part(node, 'figcaption')
  const code = element('code', { className: ['language-mermaid'] }, [text(source ? textOf(source) : '')])
  const words = title ? [text(`${textOf(title)}: `)] : []
  const link = element('a', { href: base }, [text('see it drawn')])
  return element('figure', {}, [element('pre', {}, [code]), element('figcaption', {}, [...words, link])])
}

/** A card as a quotation, if it has one, over its title and its link. The link names the provider. */
function embed(node: Element, all: All): Element {
  const body: ElementContent[] = part(node, 'div')?.children ?? []
  const title = body.find((child) => child.type === 'element' && classes(child).includes('embed-title'))
  const quotation = body.filter((child) => child.type === 'element' && child.tagName === 'blockquote')
  const link: ElementContent[] = part(node, 'figcaption')?.children ?? []
  const words = title ? [text(`${textOf(title)}: `)] : []
  return element('figure', {}, [...all(quotation), element('figcaption', {}, [...words, ...all(link)])])
}

/** The drawing needs the style sheet, so the numbers stand for it. */
function chart(node: Element, all: All): Element {
  let table: Element | undefined
  elements(node, (inner) => {
    if (inner.tagName === 'table') table = inner
  })
  const cells: ElementContent[] = table?.children ?? []
  const rows = cells.filter((child) => child.type !== 'element' || child.tagName !== 'caption')
  const caption: ElementContent[] = part(node, 'figcaption')?.children ?? []
  const words = caption.flatMap((child, index) => [...(index > 0 ? [element('br', {}, [])] : []), ...all([child])])
  return element('figure', {}, [element('figcaption', {}, words), element('table', {}, all(rows))])
}
