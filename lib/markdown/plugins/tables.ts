import type { Element, Root } from 'hast'
import { toString as textOf } from 'hast-util-to-string'
import { element, elements } from '../tree'

/** Puts each table into a box that scrolls, with a tab stop for the keyboard. Alignments become classes. */
export function tables() {
  return (tree: Root) => {
    elements(tree, (node, parent, index) => {
      if (node.tagName === 'tr') setScopes(node, (parent as Partial<Element>).tagName === 'thead')
      const { align, ...properties } = node.properties
      if (/^t[hd]$/.test(node.tagName) && /^(left|center|right)$/.test(String(align)))
        node.properties = { ...properties, className: [String(align)] }
      if (node.tagName !== 'table') return
      const caption = node.children.find((child) => child.type === 'element' && child.tagName === 'caption')
      parent.children[index] = element(
        'div',
        {
          className: ['wide-table'],
          tabIndex: 0,
          role: 'group',
          ariaLabel: caption ? `Table: ${textOf(caption)}` : 'Table',
        },
        [node],
      )
    })
  }
}

/** A header cell is for its column; at the beginning of a row outside `<thead>` it is for the row. */
function setScopes(row: Element, isHead: boolean) {
  const cells = row.children.filter((child) => child.type === 'element')
  const first = cells.findIndex(({ tagName }) => tagName === 'td')
  for (const [at, cell] of cells.entries())
    if (cell.tagName === 'th') cell.properties.scope ??= !isHead && at < first ? 'row' : 'col'
}

/** Labels the box of a task for screen readers. */
export function tasks() {
  return (tree: Root) => {
    elements(tree, (node) => {
      if (node.tagName === 'input') node.properties.ariaLabel = node.properties.checked ? 'Done' : 'To do'
    })
  }
}
