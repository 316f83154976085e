import type { Element, ElementContent, Root } from 'hast'
import { fromHtml } from 'hast-util-from-html'

/** Elements in a paragraph whose words stand elsewhere or say nothing in plain text. */
const left = /(^|\s)(side-note|katex|formula|anchor|visually-hidden)(\s|$)/

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

function plain(node: Root | Element | ElementContent): string {
  if (node.type === 'text') return node.value
  if (!('children' in node)) return ''
  const { className, dataFootnoteRef } = 'properties' in node ? node.properties : {}
  const classes = Array.isArray(className) ? className.join(' ') : ''
  if (dataFootnoteRef !== undefined || left.test(classes)) return ''
  return node.children.map((child) => plain(child as ElementContent)).join('')
}
