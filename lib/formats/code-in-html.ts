import type { Element, ElementContent } from 'hast'
import { toString as textOf } from 'hast-util-to-string'
import type { Code } from 'mdast'
import { classes, elements } from '../markdown/tree'

/**
 * A block of code, or the source of a diagram, as a fence with its language and title. Code with lines that were added or removed is a
 * fence of the language `diff`.
 *
 * @param block a `<pre>`, or the figure around it.
 */
export function codeIn(block: Element): Code {
  const parts = [block]
  elements(block, (part) => parts.push(part))
  const named = (tag: string) => parts.find(({ tagName }) => tagName === tag)
  const [pre, title] = [named('pre') ?? block, named('figcaption')]
  const code = named('code')
  const isDiff = parts.some((part) => classes(part).some((name) => name in signs))
  const language = classes(code ?? pre).find((name) => name.startsWith('language-'))
  return {
    type: 'code',
    lang: isDiff ? 'diff' : classes(block).includes('diagram') ? 'mermaid' : (language?.slice(9) ?? null),
    meta: title ? `title="${textOf(title).replaceAll('"', '\u201d')}"` : null,
    value: (isDiff ? differences((code ?? pre).children) : textOf(pre)).replace(/\n$/, ''),
  }
}

const signs: Record<string, string> = { added: '+', removed: '-' }

/** Lines that are the same, added or removed have a sign before them. Each of the last two is an element of its own. */
function differences(parts: ElementContent[]): string {
  let text = ''
  for (const part of parts) {
    const value = 'value' in part ? part.value : part.type === 'element' ? textOf(part) : ''
    const sign = (part.type === 'element' && signs[classes(part).find((name) => name in signs) ?? '']) || ' '
    text += value.replace(/[^\n]*\n|[^\n]+$/g, (line, at: number) =>
      (at === 0 && text !== '' && !text.endsWith('\n')) || line === '\n' ? line : sign + line,
    )
  }
  return text
}
