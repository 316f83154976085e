import type { Element, ElementContent, Root } from 'hast'
import { fromParse5 } from 'hast-util-from-parse5'
import { defaultHandlers, type Handle, type State, toMdast } from 'hast-util-to-mdast'
import { toString as textOf } from 'hast-util-to-string'
import type { BlockContent, Nodes as Markdown, Paragraph, PhrasingContent } from 'mdast'
import { defListToMarkdown } from 'mdast-util-definition-list'
import { gfmToMarkdown } from 'mdast-util-gfm'
import { mathToMarkdown } from 'mdast-util-math'
import {
  defaultHandlers as defaultToMarkdown,
  type Handle as ToMarkdown,
  type Options as ToMarkdownExtension,
  toMarkdown,
  type Unsafe,
} from 'mdast-util-to-markdown'
import { parseFragment } from 'parse5'
import { callIn, classes, element, elements, text } from '../markdown/tree'
import { safelyDecoded } from '../site/address'
import { codeIn } from './code-in-html'

/**
 * Writes the HTML of a compiled text as markdown: GFM (0.29), its alerts and footnotes, formulas between dollars, definition lists as in
 * PHP Markdown Extra, and a fence for each diagram. What has no markdown (`<kbd>`, `<sub>`, `<details>`) stays HTML; what is for the
 * screen only (links of headings, notes in the margin, tables of contents, drawings of charts) is left out. Rendered again, it is the
 * same text.
 *
 * @param html with the links of the published page: what has no address there is words here.
 * @param page the whole address of the page. Links and pictures get whole addresses by it.
 */
export function htmlToMarkdown(html: string, page: string): string {
  // Without positions, which hast-util-from-html adds and hast-util-to-mdast copies: that takes half of the time.
  const tree = fromParse5(parseFragment(html)) as Root
  prepare(tree, page)
  const markdown = toMdast(tree, { newlines: true, document: true, handlers: { ...handlers, ...footnotes(tree) } })
  return toMarkdown(markdown, {
    bullet: '-',
    rule: '-',
    listItemIndent: 'one',
    handlers: { root: withFewerEscapes },
    extensions,
  })
}

/** Made once: each has regular expressions, which are compiled at their first use. */
const extensions: ToMarkdownExtension[] = [
  gfmToMarkdown({ tablePipeAlign: false }),
  mathToMarkdown(),
  defListToMarkdown as never,
]

const reference: Unsafe = { character: '&', after: '(?:#|[A-Za-z][A-Za-z0-9]{0,40};)', inConstruct: 'phrasing' }

/** An ampersand needs a backslash only where it would begin a character reference: addresses have many. */
const withFewerEscapes: ToMarkdown = (node, _parent, state, info) => {
  state.unsafe = [...state.unsafe.filter(({ character }) => character !== '&'), reference]
  return defaultToMarkdown.root(node, undefined, state, info)
}

/** Makes addresses whole, and turns what only the site's own style sheet understands into plain HTML. */
function prepare(tree: Root, page: string) {
  elements(tree, (node) => {
    const { properties } = node
    for (const name of ['href', 'src'])
      if (typeof properties[name] === 'string') properties[name] = whole(properties[name], page)
    const names = classes(node)
    if (/^t[hd]$/.test(node.tagName)) properties.align = names.find((name) => /^(left|center|right)$/.test(name))
    node.children = node.children.filter((child) => !isNamed(child, 'span') || !classes(child).includes('side-note'))
    if (names.includes('chart')) node.children = node.children.flatMap(partsOfChart)
    if (names.includes('chart-note')) node.children.unshift(text(' '))
    if (/^(katex|formula)$/.test(names[0] ?? '')) setFormula(node)
    if (node.tagName === 'pre' || (node.tagName === 'figure' && /^(code|diagram)$/.test(names[0] ?? ''))) setCode(node)
  })
}

/** The numbers of a chart are in a table that can be folded. Its drawing and what explains that are left out. */
const partsOfChart = (child: ElementContent) =>
  isNamed(child, 'details')
    ? child.children.filter((one) => !isNamed(one, 'summary'))
    : isNamed(child, 'figcaption')
      ? [child]
      : []

/** Code has an element for each token. */
function setCode(block: Element) {
  const { value, lang, meta } = codeIn(block)
  block.tagName = 'pre'
  block.properties = { dataLang: lang, dataMeta: meta }
  block.children = [text(value)]
}

/** KaTeX keeps the source of a formula beside its hundred elements. */
function setFormula(node: Element) {
  const found: string[] = []
  elements(node, (inner) => {
    if (inner.tagName === 'annotation') found.push(textOf(inner))
  })
  if (found[0] === undefined) return
  node.properties.dataFormula = found[0]
  node.children = [text('formula')]
}

const whole = (address: string, page: string) => (URL.canParse(address, page) ? new URL(address, page).href : address)

const isNamed = (child: Root['children'][number], name: string): child is Element =>
  child.type === 'element' && child.tagName === name

/** A node of mdast. The types of its extensions are not known to hast-util-to-mdast. */
const node = (type: string, rest: object) => ({ type, ...rest }) as Markdown
const raw = (value: string) => node('html', { value }) as { type: 'html'; value: string }
const words = (state: State, from: Element) => state.all(from) as PhrasingContent[]
const blocks = (state: State, children: ElementContent[]) => state.toFlow(state.all(element('div', {}, children)))
const paragraph = (children: PhrasingContent[]): Paragraph => ({ type: 'paragraph', children })
const linkTo = (url: string, value: string): PhrasingContent => ({
  type: 'link',
  url,
  title: null,
  children: [{ type: 'text', value }],
})
const escaped = (value: string) => value.replace(/[&<>"]/g, (mark) => `&#${mark.charCodeAt(0)};`)

const handlers: Record<string, Handle> = {
  ...Object.fromEntries(['kbd', 'sub', 'mark', 'abbr', 'u', 'ins'].map((name) => [name, asHtml])),
  nav: () => undefined,
  img(state, { properties, ...picture }) {
    // An address that is not allowed was taken out.
    if (properties.src) return defaultHandlers.img(state, { ...picture, properties })
    return properties.alt ? { type: 'text', value: String(properties.alt) } : undefined
  },
  a(state, link) {
    // The link of a heading to itself, and that of a footnote back to its call.
    if (classes(link).includes('anchor') || link.properties.dataFootnoteBackref !== undefined) return undefined
    const { href, title } = link.properties
    // A link to what is not published, or the mark of a place.
    if (!href) return state.all(link)
    return node('link', { url: String(href), title: title ? String(title) : null, children: words(state, link) })
  },
  span(state, span) {
    const { dataFormula: value } = span.properties
    return value === undefined ? state.all(span) : node('inlineMath', { value })
  },
  div(state, box) {
    const { dataFormula: value } = box.properties
    return value === undefined ? state.toFlow(state.all(box)) : node('math', { value })
  },
  p(state, block) {
    const children = words(state, block)
    if (children.length === 0) return undefined
    return paragraph(classes(block).includes('tab-label') ? [{ type: 'strong', children }] : children)
  },
  pre: (_state, block) =>
    node('code', { lang: block.properties.dataLang, meta: block.properties.dataMeta, value: textOf(block) }),
  figure: (state, figure) => card(state, figure) ?? state.toFlow(state.all(figure)),
  aside: (state, box) => alert(state, box) ?? state.toFlow(state.all(box)),
  details(state, box) {
    const summary = box.children.find((child) => isNamed(child, 'summary'))
    const opening = summary ? `\n<summary>${escaped(textOf(summary).trim())}</summary>` : ''
    const inner = box.children.filter((child) => child !== summary)
    return [raw(`<details>${opening}`), ...blocks(state, inner), raw('</details>')]
  },
  table(state, table) {
    const caption = table.children.find((child) => isNamed(child, 'caption'))
    const made = defaultHandlers.table(state, table)
    return caption && !classes(caption).includes('visually-hidden') ? [paragraph(words(state, caption)), made] : made
  },
  dl(state, list) {
    const items = list.children.filter((child) => child.type === 'element')
    if (items.some(({ tagName }) => !/^d[td]$/.test(tagName))) return defaultHandlers.dl(state, list)
    const children = items.map((item) =>
      item.tagName === 'dt'
        ? node('defListTerm', { children: words(state, item) })
        : node('defListDescription', { spread: false, children: state.toFlow(state.all(item)) }),
    )
    return node('defList', { children })
  },
  video: film,
  audio: film,
}

/** An element that stays HTML, with markdown in it. */
function asHtml(state: State, { tagName, properties: { title }, children }: Element): Markdown[] {
  const opening = typeof title === 'string' ? `<${tagName} title="${escaped(title)}">` : `<${tagName}>`
  return [raw(opening), ...state.all(element('span', {}, children)), raw(`</${tagName}>`)]
}

/** A film or a sound is a link to its file. */
function film(_state: State, { properties, children }: Element): Markdown | undefined {
  const source = children.find((child) => isNamed(child, 'source'))
  const url = properties.src ?? source?.properties.src
  if (typeof url !== 'string') return undefined
  return linkTo(url, safelyDecoded(url.split('/').at(-1) ?? url))
}

/** A card of another site is its quotation, and a link with its name. A figure of the author's own may have the class and no link. */
function card(state: State, figure: Element): Markdown[] | undefined {
  const parts: Element[] = []
  elements(figure, (part) => parts.push(part))
  const said = (name: string) => textOf(parts.find((part) => classes(part).includes(name)) ?? text(''))
  const quote = parts.find(({ tagName }) => tagName === 'blockquote')
  const link = parts.findLast(({ tagName }) => tagName === 'a')
  if (!link || !classes(figure).includes('embed')) return undefined
  const name = [...new Set([said('embed-provider'), said('embed-title')])].filter(Boolean).join(': ')
  return [...(quote ? blocks(state, [quote]) : []), paragraph([linkTo(String(link.properties.href), name)])]
}

/**
 * An alert is written as on GitHub; a title of its own follows its kind, as in Obsidian. A box that an author wrote as HTML may have the
 * class and no title.
 */
function alert(state: State, box: Element): Markdown | undefined {
  const kind = String(box.properties.ariaLabel)
  const title = box.children.find(
    (child): child is Element => isNamed(child, 'p') && classes(child).includes('alert-title'),
  )
  if (!title || !classes(box).includes('alert')) return undefined
  const opening: PhrasingContent[] = [raw(`[!${kind.toUpperCase()}]`)]
  if (textOf(title).trim() !== kind) opening.push(raw(' '), ...words(state, title))
  const [first, ...rest] = blocks(
    state,
    box.children.filter((child) => child !== title),
  )
  const isWords = first?.type === 'paragraph'
  if (isWords) opening.push(raw('\n'), ...first.children)
  const children = [paragraph(opening), ...(first && !isWords ? [first] : []), ...rest] as BlockContent[]
  return { type: 'blockquote', children }
}

/** Handlers for the footnotes of a text: their calls, and the section at its end. A note is named by the number that readers see. */
function footnotes(tree: Root): Record<string, Handle> {
  const numbers = new Map<unknown, string>()
  for (const section of tree.children)
    if (isNotes(section))
      elements(section, ({ tagName, properties: { id } }) => {
        if (tagName === 'li' && id) numbers.set(id, String(numbers.size + 1))
      })
  return {
    sup(state, sup) {
      const link = callIn(sup)
      const href = String(link?.properties.href)
      const hash = URL.canParse(href) ? new URL(href).hash.slice(1) : ''
      const number = hash && (numbers.get(hash) ?? numbers.get(safelyDecoded(hash)))
      return number ? node('footnoteReference', { identifier: number, label: number }) : asHtml(state, sup)
    },
    section(state, section) {
      if (!isNotes(section)) return state.toFlow(state.all(section))
      const notes: Element[] = []
      elements(section, (note) => {
        if (note.tagName === 'li' && numbers.has(note.properties.id)) notes.push(note)
      })
      return notes.map((note) => {
        const number = numbers.get(note.properties.id)
        return node('footnoteDefinition', { identifier: number, label: number, children: blocks(state, note.children) })
      })
    },
  }
}

const isNotes = (part: Root['children'][number]): part is Element =>
  isNamed(part, 'section') && part.properties.dataFootnotes !== undefined
