import type { Element, ElementContent, Root } from 'hast'
import { callIn, element, elements, text } from '../tree'

/** Where a note can stand beside the line that calls it: the right edge of all these is the column's. */
const OPEN = /^(p|li|ol|ul|blockquote|em|strong|a|del|sup|dl|dd)$/
/** What a note beside the text may consist of. */
const PHRASING = /^(p|em|strong|a|code|del|sup|sub|kbd|abbr|mark|q|cite|small|br|span|i|b|u|s)$/

/** A note as it stands at the end, its number, and the id of the same note at the side, if it is there. */
type Note = { end: Element; number: number; side?: string }

/**
 * Puts each footnote also beside the line that calls it first, for screens with room. The style sheet shows one of the
 * two, the note at the side or the one at the end, and the links to it, so that nobody meets a note twice. A note with
 * more in it than text, or one that is called from a table only, stays at the end.
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
        // An item that is not displayed does not count.
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

/** The id of the note that is called; both are written encoded. */
const noteOf = (link: Element) => String(link.properties.href).slice(1)

/** @returns the note to stand beside a call, when it is the first and can have it. */
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

/** @returns a copy as text without blocks, ids and links back; nothing when there are blocks in it. */
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
