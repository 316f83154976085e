import { createHash } from 'node:crypto'
import type { Root } from 'hast'
import type { VFile } from 'vfile'
import { classes, elements, foundIn } from '../tree'

/**
 * Turns `style` attributes into classes, and a small style sheet of the document. KaTeX writes many, most of them the same few. This saves
 * bytes, and the policy need not allow style attributes.
 */
export function styles() {
  return (tree: Root, file: VFile) => {
    const rules = new Map<string, string>()
    elements(tree, (node) => {
      const { style } = node.properties
      if (typeof style !== 'string') return
      delete node.properties.style
      const name = rules.get(style) ?? `s${createHash('sha256').update(style).digest('hex').slice(0, 6)}`
      rules.set(style, name)
      node.properties.className = [...classes(node), name]
    })
    for (const [style, name] of rules)
      foundIn(file).css += `.${name}{${style.replace(/;$/, '').replaceAll('<', '\\3c ')}}`
  }
}
