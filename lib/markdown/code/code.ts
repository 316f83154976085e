import type { Element, ElementContent, Root } from 'hast'
import { toString as textOf } from 'hast-util-to-string'
import type { VFile } from 'vfile'
import { classes, element, elements, foundIn, lineOf, type Parent, text as textNode } from '../tree'
import { readFence, readLines } from './fence'
import { type Token, tokensOf } from './highlight'

/**
 * Highlights a fenced block.
 *
 * @param info the words after the three backticks: `ts title="lib/clock.ts" {2,4-5}`; see `readFence`.
 * @returns a figure with the title, if any, and the code, with a class for each kind of token; and a warning for the author.
 */
export async function codeBlock(code: string, info: string): Promise<{ figure: Element; warning?: string }> {
  const fence = readFence(info)
  const { language, title, firstNumber } = fence
  const lines = readLines(code, fence)
  const { tokens, warning } = await tokensOf(lines, language)
  const isNumbered = firstNumber !== undefined
  const needsLines = isNumbered || lines.some(({ marks }) => marks.has('focused'))
  const children: ElementContent[] = []
  const last = lines.length - 1
  const patterns = new Map<string[], RegExp>()
  const patternOf = (words: string[]) => {
    const pattern = patterns.get(words) ?? anyOf(words)
    patterns.set(words, pattern)
    return pattern
  }
  for (const [index, { marks, words }] of lines.entries()) {
    const line = tokens[index] ?? []
    // The line break is inside the line's element, so that the element can be a block and the code is still copied correctly.
    if (index < last) line.push({ kind: undefined, value: '\n' })
    const isElement = needsLines || marks.size > 0
    const content: ElementContent[] = isElement ? [] : children
    addTokens(content, words.length ? cut(line, patternOf(words)) : line)
    if (isElement) children.push(element('span', { className: ['line', ...marks] }, content))
  }
  const className = [...(language ? [`language-${language}`] : []), ...(isNumbered ? ['numbered'] : [])]
  const inner = element('code', className.length ? { className } : {}, children)
  if (isNumbered) {
    const digits = String(firstNumber + lines.length - 1).length
    const style = [firstNumber !== 1 && `--before:${firstNumber - 1}`, digits > 2 && `--digits:${digits}ch`]
    if (style.some(Boolean)) inner.properties.style = style.filter(Boolean).join(';')
  }
  const label = title ? `Code: ${title}` : 'Code'
  const pre = element('pre', { tabIndex: 0, role: 'group', ariaLabel: label }, [inner])
  const caption = title ? [element('figcaption', {}, [textNode(title)])] : []
  return { figure: element('figure', { className: ['code'] }, [...caption, pre]), ...(warning ? { warning } : {}) }
}

type Piece = Token & { word?: number }

/** @returns a pattern that matches any of the words literally; the longest word wins. */
function anyOf(words: string[]) {
  const sought = [...words].sort((a, b) => b.length - a.length)
  return new RegExp(sought.map((word) => word.replace(/[.*+?^${}()|[\]\\]/g, '\\$&')).join('|'), 'g')
}

/** @returns the tokens, cut where one of the words begins or ends. Pieces of the same word have the same number. */
function cut(tokens: Token[], words: RegExp): Piece[] {
  const text = tokens.map(({ value }) => value).join('')
  const places = [...text.matchAll(words)].map((found) => [found.index, found.index + found[0].length])
  const pieces: Piece[] = []
  let at = 0
  let word = 0
  for (const { kind, value } of tokens) {
    const end = at + value.length
    while (at < end) {
      const [from = end, to = end] = places[word] ?? []
      const isInside = at >= from
      const next = Math.min(end, isInside ? to : from)
      pieces.push({ kind, value: text.slice(at, next), ...(isInside ? { word } : {}) })
      at = next
      if (at >= to) word++
    }
  }
  return pieces
}

/** Adds tokens to the content of a line or a block. Plain text joins the text before it. */
function addTokens(content: ElementContent[], pieces: Piece[]) {
  let mark: Element | undefined
  let inMark: number | undefined
  for (const { kind, value, word } of pieces) {
    if (value === '') continue
    if (word === undefined) {
      const before = content.at(-1)
      if (kind) content.push(element('span', { className: [kind] }, [textNode(value)]))
      else if (before?.type === 'text') before.value += value
      else content.push(textNode(value))
    } else {
      if (!mark || word !== inMark) {
        mark = element('mark', {}, [])
        content.push(mark)
      }
      mark.children.push(kind ? element('span', { className: [kind] }, [textNode(value)]) : textNode(value))
    }
    inMark = word
  }
}

/** Highlights fenced code. Any other `<pre>` can be wide too, so it gets a tab stop to be scrolled with the keyboard. */
export function code() {
  return async (tree: Root, file: VFile) => {
    const blocks: { block: Element; parent: Parent; index: number }[] = []
    elements(tree, (node, parent, index) => {
      if (node.tagName === 'pre') blocks.push({ block: node, parent, index })
    })
    for (const { block, parent, index } of blocks) {
      const [inner, ...others] = block.children.filter((child) => child.type !== 'text' || child.value.trim() !== '')
      if (inner?.type !== 'element' || inner.tagName !== 'code' || others.length > 0) {
        block.properties = { tabIndex: 0, role: 'group', ariaLabel: 'Preformatted text', ...block.properties }
        continue
      }
      const language = classes(inner).find((name) => name.startsWith('language-'))
      const { dataMeta } = inner.properties
      const info = [language?.slice('language-'.length), dataMeta].filter(Boolean).join(' ')
      const { figure, warning } = await codeBlock(textOf(inner), info)
      parent.children[index] = figure
      if (warning) foundIn(file).problems.push({ line: lineOf(block), severity: 'warning', message: warning })
    }
  }
}
