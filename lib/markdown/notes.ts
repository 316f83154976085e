import type { Element, ElementContent, Root } from 'hast'
import { elements, type Parent, text } from './tree'

/** Where a note can stand beside the line that calls it: the right edge of all these is the column's. */
const OPEN = /^(p|li|ol|ul|blockquote|em|strong|a|del|sup|dl|dd)$/
/** What a note beside the text may consist of. */
const PHRASING = /^(p|em|strong|a|code|del|sup|sub|kbd|abbr|mark|q|cite|small|br|span|i|b|u|s)$/

/**
 * Puts each footnote also beside the line that calls it first, for screens with room. The style sheet shows one of the
 * two, the note at the side or the one at the end, and the link to it, so that nobody meets a note twice. A note with
 * more in it than text, or one that is called from a table, stays at the end only.
 */
export function notes() {
  return (tree: Root) => {
    const section = tree.children.findLast(
      (node): node is Element => node.type === 'element' && node.properties.dataFootnotes !== undefined,
    )
    if (!section) return
    const ends = new Map<string, Element>()
    elements(section, (node) => {
      if (node.tagName === 'li' && typeof node.properties.id === 'string') ends.set(node.properties.id, node)
    })
    const walk = (node: Root | Element, isOpen: boolean) => {
      for (const child of [...node.children]) {
        if (child.type !== 'element' || child === section) continue
        if (child.tagName === 'sup' && isOpen) beside(child, node, ends)
        else walk(child, isOpen && OPEN.test(child.tagName))
      }
    }
    walk(tree, true)
    const isAnyLeft = [...ends.values()].some((end) => end.properties.className === undefined)
    section.properties.className = isAnyLeft ? ['footnotes'] : ['footnotes', 'all-beside']
  }
}

function beside(call: Element, parent: Parent, ends: Map<string, Element>) {
  const link = call.children[0]
  if (link?.type !== 'element' || link.properties.dataFootnoteRef === undefined) return
  const id = decodeURIComponent(String(link.properties.href).slice(1))
  const end = ends.get(id)
  if (!end || end.properties.className) return
  const content = phrasing(end.children)
  if (!content) return
  const number = [...ends.keys()].indexOf(id) + 1
  end.properties.className = ['beside']
  // An item that is not displayed does not count.
  for (const [place, item] of [...ends.values()].entries()) item.properties.value = String(place + 1)
  const side = `side-${id}`
  const { id: _id, ariaDescribedBy: _label, ...properties } = link.properties
  const toSide: Element = {
    ...link,
    properties: { ...properties, href: `#${encodeURIComponent(side)}`, className: ['to-side'] },
  }
  call.children.push(toSide)
  link.properties.className = ['to-end']
  const note: Element = {
    type: 'element',
    tagName: 'span',
    properties: { className: ['side-note'], role: 'note', id: side },
    children: [
      { type: 'element', tagName: 'span', properties: { className: ['number'] }, children: [text(`${number} `)] },
      ...content,
    ],
  }
  const at = parent.children.indexOf(call)
  parent.children.splice(at + 1, 0, note)
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
