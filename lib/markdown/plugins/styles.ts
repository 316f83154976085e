import { createHash } from 'node:crypto'
import type { Root } from 'hast'
import type { VFile } from 'vfile'
import { classes, elements, foundIn } from '../tree'

/**
 * Turns `style` attributes (KaTeX writes many, most of them the same few) into classes of a small style sheet of the
 * document: fewer bytes, and a content security policy need not allow them.
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
