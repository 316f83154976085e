import type { Element, Root } from 'hast'
import { toHtml } from 'hast-util-to-html'

/** Unicode reserves these characters for use inside programs. They stand for `<` and `>` while `toHtml` writes attributes. */
const INSIDE: Record<string, string> = { '<': '\uFDD0', '>': '\uFDD1' }
const WRITTEN: Record<string, string> = { '\uFDD0': '&#x3C;', '\uFDD1': '&#x3E;' }

/**
 * @returns the HTML of a tree. `<` and `>` are escaped in attributes too, where HTML does not require it, so that each one in the result
 * belongs to a tag or a comment.
 */
export function htmlOf(tree: Root): string {
  const restore: (() => void)[] = []
  const hide = (node: Root | Element) => {
    for (const child of node.children) {
      if (child.type !== 'element') continue
      const { properties } = child
      for (const [name, value] of Object.entries(properties)) {
        const hidden = Array.isArray(value) ? value.map(escaped) : escaped(value)
        if (String(hidden) === String(value)) continue
        properties[name] = hidden as Element['properties'][string]
        restore.push(() => {
          properties[name] = value
        })
      }
      hide(child)
      if (child.content) hide(child.content)
    }
  }
  hide(tree)
  const html = toHtml(tree).replace(/[\uFDD0\uFDD1]/g, (mark) => WRITTEN[mark] ?? '')
  for (const back of restore) back()
  return html
}

const escaped = <Value>(value: Value) =>
  typeof value === 'string' ? value.replace(/[<>]/g, (mark) => INSIDE[mark] ?? mark) : value
