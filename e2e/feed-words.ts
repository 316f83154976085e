/** Compares the words of a post on its page with those of its text in a feed. */
import type { Element, ElementContent } from 'hast'
import { classes } from '../lib/markdown/tree'
import { elementsIn } from './pages'

const BLOCK =
  /^(p|li|td|th|h[1-6]|figcaption|pre|dt|dd|summary|blockquote|caption|div|section|table|ul|ol|dl|figure|details|t(?:head|body|r)|aside|nav|picture|video)$/
const isElement = (node: ElementContent): node is Element => node.type === 'element'

/** The words of every block, those of inner blocks by themselves, without what a page shows twice or only to the screen. */
function blocksIn(node: Element): string[] {
  const { hidden, ariaHidden, dataFootnoteBackref } = node.properties
  const names = classes(node)
  if (hidden || ariaHidden === 'true' || dataFootnoteBackref !== undefined || node.tagName === 'svg') return []
  if (names.some((name) => ['side-note', 'to-side', 'embed-provider', 'embed-title'].includes(name))) return []
  const blocks = node.children.filter(isElement).filter(({ tagName }) => BLOCK.test(tagName))
  const own = node.children.filter((child) => !(isElement(child) && BLOCK.test(child.tagName)))
  return [plain(wordsOf({ ...node, children: own })), ...blocks.flatMap(blocksIn)]
}
const wordsOf = (node: Element): string =>
  node.children
    .map((child) => {
      if (child.type === 'text') return child.value
      if (child.type !== 'element' || child.tagName === 'svg' || child.properties.ariaHidden === 'true') return ''
      const { dataFootnoteBackref } = child.properties
      return classes(child).includes('to-side') ||
        dataFootnoteBackref !== undefined ||
        classes(child).includes('side-note')
        ? ''
        : wordsOf(child)
    })
    .join('')
/** A task has its box as a sign in a feed. */
const plain = (words: string) =>
  words
    .replace(/\s+/g, ' ')
    .trim()
    .replace(/^[☑☐] /, '')

const counted = (blocks: string[]) => {
  const counts = new Map<string, number>()
  for (const words of blocks.filter(Boolean)) counts.set(words, (counts.get(words) ?? 0) + 1)
  return counts
}

/**
 * @param prose the element of the page with the text.
 * @param feed the HTML in the feed.
 * @returns how many different blocks the page has, and those that are not as often in the feed.
 */
export function wordsMissing(prose: Element | undefined, feed: string): { found: number; missing: string[] } {
  const body = elementsIn(`<div>${feed}</div>`).find(({ tagName }) => tagName === 'div')
  const [onPage, inFeed] = [counted(prose ? blocksIn(prose) : []), counted(body ? blocksIn(body) : [])]
  // A chart has its numbers without being unfolded, and its title once. Diagrams and embeds have a link beside their title.
  const inside = (node: Element): Element[] => node.children.filter(isElement).flatMap((one) => [one, ...inside(one)])
  const shownOtherwise = (prose ? inside(prose) : []).flatMap((one) => {
    if (classes(one).includes('chart')) return blocksIn(one).filter((words) => !/\d/.test(words))
    return classes(one).some((name) => /^(embed|diagram)$/.test(name)) ? blocksIn(one).slice(-1) : []
  })
  const missing = [...onPage].flatMap(([words, times]) =>
    shownOtherwise.includes(words) || inFeed.get(words) === times ? [] : [words],
  )
  return { found: onPage.size, missing }
}
