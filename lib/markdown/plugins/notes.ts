import type { Element, ElementContent, Root } from 'hast'
import { callIn, element, elements, text } from '../tree'

/** Elements inside which a footnote can stand in the margin: their right edge is that of the column. */
const OPEN = /^(p|li|ol|ul|blockquote|em|strong|a|del|sup|dl|dd)$/
/** Elements that a note in the margin may contain. */
const PHRASING = /^(p|em|strong|a|code|del|sup|sub|kbd|abbr|mark|q|cite|small|br|span|i|b|u|s)$/

/** A footnote: its element at the end of the text, its number, and the id of its copy in the margin, if it has one. */
type Note = { end: Element; number: number; side?: string }

/**
 * Copies each footnote into the margin beside its first call, for wide screens. The style sheet shows only one of the two, and the links
 * to it, so that a reader does not meet a note twice. A note with blocks in it, or one that is called only from a table, has no copy.
 */
export function notes() {
  return (tree: Root) => {
    const section = tree.children.findLast(
      (node): node is Element => node.type === 'element' && node.properties.dataFootnotes !== undefined,
    )
    if (!section) return
    const found = new Map<string, Note>()
    const ids = new Set<unknown>()
    elements(tree, ({ properties: { id } }) => ids.add(id))
    elements(section, (node) => {
      const { id } = node.properties
      if (node.tagName === 'li' && typeof id === 'string') found.set(id, { end: node, number: found.size + 1 })
    })
    const walk = (node: Root | Element, isOpen: boolean) => {
      const children: Root['children'] = []
      for (const child of node.children) {
        children.push(child)
        if (child.type !== 'element' || child === section) continue
        const beside = isOpen ? noteBeside(child, found, ids) : undefined
        if (beside) children.push(beside)
        else walk(child, isOpen && OPEN.test(child.tagName))
      }
      node.children = children as ElementContent[]
    }
    walk(tree, true)
    const all = [...found.values()]
    if (all.some(({ side }) => side))
      for (const { end, number, side } of all) {
        if (side) end.properties.className = ['beside']
        // A list item that is not displayed is not counted by the browser.
        end.properties.value = String(number)
      }
    elements(tree, (node) => {
      const link = callIn(node)
      const side = link && found.get(noteOf(link))?.side
      if (!link || !side) return
      const { id: _id, ariaDescribedBy: _label, ...properties } = link.properties
      node.children.push({ ...link, properties: { ...properties, href: `#${side}`, className: ['to-side'] } })
      link.properties.className = ['to-end']
    })
    section.properties.className = all.every(({ side }) => side) ? ['footnotes', 'all-beside'] : ['footnotes']
  }
}

/** The id of the footnote that a link calls; ids of footnotes are percent-encoded too. */
const noteOf = (link: Element) => String(link.properties.href).slice(1)

/** @returns the copy of a note for the margin; undefined when this is not its first call, or when it can have no copy. */
function noteBeside(call: Element, found: Map<string, Note>, ids: Set<unknown>): Element | undefined {
  const link = callIn(call)
  const note = link && found.get(noteOf(link))
  const content = note && !note.side ? phrasing(note.end.children) : undefined
  if (!link || !note || !content) return undefined
  note.side = `side-${noteOf(link)}`
  while (ids.has(note.side)) note.side += '-note'
  ids.add(note.side)
  return element('span', { className: ['side-note'], role: 'note', id: note.side }, [
    element('span', { className: ['number'] }, [text(`${note.number} `)]),
    ...content,
  ])
}

/** @returns a copy without ids and links back, each paragraph as a span; undefined when there are other blocks in it. */
function phrasing(nodes: ElementContent[]): ElementContent[] | undefined {
  const copy: ElementContent[] = []
  for (const node of nodes) {
    if (node.type !== 'element') {
      if (node.type === 'text') copy.push({ ...node })
      continue
    }
    if (node.properties.dataFootnoteBackref !== undefined) continue
    if (!PHRASING.test(node.tagName) || node.properties.dataFootnoteRef !== undefined) return undefined
    const children = phrasing(node.children)
    if (!children) return undefined
    const { id: _id, ...properties } = node.properties
    copy.push(
      node.tagName === 'p'
        ? { ...node, tagName: 'span', properties: { className: ['paragraph'] }, children }
        : { ...node, properties, children },
    )
  }
  return copy
}
