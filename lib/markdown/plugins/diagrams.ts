import type { Element, Root } from 'hast'
import { toString as textOf } from 'hast-util-to-string'
import type { VFile } from 'vfile'
import { classes, element, elements, foundIn, lineOf, type Parent, text } from '../tree'

/**
 * Sets a fenced `mermaid` block as its source, and checks the syntax. The drawing is made in the browser (components/diagrams.ts), because
 * Mermaid has to measure text.
 */
export function diagrams() {
  return async (tree: Root, file: VFile) => {
    const found = foundIn(file)
    const blocks: { node: Element; code: Element; parent: Parent; index: number }[] = []
    elements(tree, (node, parent, index) => {
      const code = node.tagName === 'pre' ? node.children[0] : undefined
      if (code?.type === 'element' && classes(code).includes('language-mermaid'))
        blocks.push({ node, code, parent, index })
    })
    if (blocks.length > 0) found.needs.push('diagrams')
    for (const { node, code, parent, index } of blocks) {
      const source = textOf(code).trim()
      const title = /title="([^"]*)"/.exec(String(code.properties.dataMeta ?? ''))?.[1]
      const problem = await problemIn(source)
      if (problem) {
        // For an error at the end, Mermaid names the line after the last one.
        const line = lineOf(node) + Math.min(problem.line ?? 0, source.split('\n').length)
        const message = `Mermaid cannot draw this, and it is set as its source: ${problem.message}`
        found.problems.push({ line, severity: 'warning', message })
      }
      const label = title ? `Source of the diagram: ${title}` : 'Source of the diagram'
      const pre = element('pre', { tabIndex: 0, role: 'group', ariaLabel: label }, [text(source)])
      const caption = title ? [element('figcaption', {}, [text(title)])] : []
      parent.children[index] = element('figure', { className: [problem ? 'code' : 'diagram'] }, [pre, ...caption])
    }
  }
}

/** @returns the error of Mermaid's parser, with its line if it has one, counted from 1; undefined when there is no error. */
async function problemIn(source: string): Promise<{ message: string; line?: number } | undefined> {
  const { default: purify } = await import('dompurify')
  // Mermaid's parser cleans labels with DOMPurify, which has no methods without a document. The result of this parse is not used.
  if (!purify.isSupported) Object.assign(purify, { addHook() {}, sanitize: (label: string) => label })
  const { default: mermaid } = await import('mermaid')
  try {
    await mermaid.parse(source)
  } catch (error) {
    const { message } = error as Error
    const line = /(?:Parse error on line|at line|Line:?) (\d+)/i.exec(message)?.[1]
    const lines = message.split('\n')
    return {
      message: (lines.find((one) => one.startsWith('Expecting')) ?? lines[0] ?? '').slice(0, 160),
      ...(line ? { line: Number(line) } : {}),
    }
  }
  return undefined
}
