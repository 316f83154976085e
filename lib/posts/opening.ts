import type { Nodes } from 'hast'
import { fromHtml } from 'hast-util-from-html'

/** Classes of elements in a paragraph whose words stand elsewhere, or say nothing in plain text. */
const LEFT = new Set(['side-note', 'anchor', 'visually-hidden'])

/**
 * The first words of a text, as plain text: whole paragraphs, until there are `least` words. The last one ends after a sentence, or with
 * an ellipsis, when the words would be more than `most`. What stands before the first heading, list, picture or code is all that counts.
 *
 * @param html of a compiled text.
 */
export function openingOf(html: string, least = 60, most = 90): string[] {
  const paragraphs: string[] = []
  let count = 0
  for (const node of fromHtml(html, { fragment: true }).children) {
    if (node.type !== 'element') continue
    if (node.tagName !== 'p') {
      if (paragraphs.length > 0) break
      continue
    }
    const words = plain(node).trim().split(/\s+/).filter(Boolean)
    if (words.length === 0) continue
    const rest = words.slice(0, most - count)
    if (rest.length < words.length) {
      const sentence = rest.findLastIndex((word) => /[.!?…。！？]["'”’»)]*$/.test(word))
      paragraphs.push(sentence >= 0 ? rest.slice(0, sentence + 1).join(' ') : `${rest.join(' ')} …`)
      break
    }
    paragraphs.push(words.join(' '))
    count += words.length
    if (count >= least) break
  }
  return paragraphs
}

function plain(node: Nodes): string {
  if (node.type === 'text') return node.value
  if (!('children' in node)) return ''
  if (node.type === 'element') {
    const { className, dataFootnoteRef } = node.properties
    const classes = Array.isArray(className) ? className.map(String) : []
    if (dataFootnoteRef !== undefined || classes.some((name) => LEFT.has(name))) return ''
    // A formula is there in several forms; one of them is what its author wrote.
    if (classes.includes('katex')) return sourceOf(node) ?? ''
  }
  return node.children.map(plain).join('')
}

/** The TeX of a formula. */
function sourceOf(node: Nodes): string | undefined {
  if (!('children' in node)) return undefined
  if (node.type === 'element' && node.tagName === 'annotation') return plain({ type: 'root', children: node.children })
  for (const child of node.children) {
    const found = sourceOf(child)
    if (found !== undefined) return found
  }
  return undefined
}
