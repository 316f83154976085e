import type { Element, ElementContent, Root } from 'hast'
import type { VFile } from 'vfile'
import { site } from '@/site.config'
import { elements, foundIn, wordsOf } from '../tree'

const segments = new Intl.Segmenter(site.language, { granularity: 'word' })
const unspaced = /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Thai}]/u

/** Counts the words, and keeps the text of the first paragraph for the excerpt. */
export function facts() {
  return (tree: Root, file: VFile) => {
    const found = foundIn(file)
    elements(tree, (node, parent) => {
      if (node.tagName === 'p' && !found.firstParagraph && parent === tree)
        found.firstParagraph = wordsOf(node).replace(/\s+/g, ' ').trim()
    })
    for (const node of tree.children) if (node.type === 'element') found.words += wordsIn(textIn(node))
  }
}

function wordsIn(text: string): number {
  if (!unspaced.test(text)) return text.match(/[\p{L}\p{N}][\p{L}\p{N}\p{M}'’.-]*/gu)?.length ?? 0
  // In pieces, because the time of the segmenter grows with the square of the length.
  const pieces = text.match(/.{1,1000}/gsu) ?? []
  return pieces.flatMap((piece) => [...segments.segment(piece)]).filter(({ isWordLike }) => isWordLike).length
}

/** The text of a block, with a space after each inner block: `hast-util-to-string` would join two words at a paragraph's end. */
function textIn(node: Element): string {
  const parts = node.children.map((child: ElementContent) =>
    child.type === 'text' ? child.value : child.type === 'element' ? textIn(child) : '',
  )
  return /^(p|li|td|th|h[1-6]|dt|dd|figcaption)$/.test(node.tagName) ? `${parts.join('')} ` : parts.join('')
}
