import type { Element, ElementContent, Root } from 'hast'
import { fromHtml } from 'hast-util-from-html'
import { toString as textOf } from 'hast-util-to-string'
import type { VFile } from 'vfile'
import { classes, element, elements, foundIn, lineOf, type Parent, text } from '../tree'

/** The most groups in a formula. KaTeX takes seconds for thousands of nested groups; a long formula of a textbook has a few hundred. */
const OPENINGS = 1000

/**
 * Sets formulas with KaTeX: spans for the screen, MathML for a screen reader. A formula that KaTeX cannot read stays as its source, with
 * a warning. `$$…$$` alone in a paragraph, `$$` fences and ```` ```math ```` are blocks; all others are part of the line.
 */
export function maths() {
  return async (tree: Root, file: VFile) => {
    const formulas: { node: Element; parent: Parent; index: number; isBlock: boolean }[] = []
    elements(tree, (node, parent, index) => {
      const inner = node.tagName === 'pre' ? node.children[0] : node
      if (inner?.type !== 'element' || inner.tagName !== 'code') return
      const names = classes(inner)
      if (node.tagName === 'pre' && names.includes('language-math'))
        formulas.push({ node, parent, index, isBlock: true })
      else if (names.includes('math-inline'))
        formulas.push({ node, parent, index, isBlock: names.includes('math-display') })
    })
    if (formulas.length === 0) return
    const { default: katex } = await import('katex')
    for (const { node, parent, index, isBlock } of formulas) {
      const source = textOf(node).replace(/^`(.*)`$/s, '$1')
      try {
        if (source.split(/\{|\\begin|\\left/).length > OPENINGS)
          throw new Error(`it opens more than ${OPENINGS} groups. Make several formulas of it`)
        const html = katex.renderToString(source.trim(), {
          displayMode: isBlock,
          maxExpand: 500,
          maxSize: 30,
          strict: false,
        })
        const children = fromHtml(html, { fragment: true }).children as ElementContent[]
        parent.children[index] = isBlock
          ? element('div', { className: ['formula'], tabIndex: 0, role: 'group', ariaLabel: 'Formula' }, children)
          : children[0]
        if (!foundIn(file).needs.includes('maths')) foundIn(file).needs.push('maths')
      } catch (error) {
        foundIn(file).problems.push({
          line: lineOf(node),
          severity: 'warning',
          message: `KaTeX cannot read this formula, and it is set as its source: ${(error as Error).message.replace(/^KaTeX parse error: /, '').split('\n')[0]}`,
        })
        parent.children[index] = element(isBlock ? 'pre' : 'code', {}, [text(source)])
      }
    }
  }
}
