import GithubSlugger from 'github-slugger'
import type { Element, ElementContent, Root } from 'hast'
import { toString as textOf } from 'hast-util-to-string'
import type { VFile } from 'vfile'
import { isReserved } from './sanitise'
import { classes, element, elements, foundIn, type Parent, text } from './tree'

/**
 * Gives every heading a stable id and a link to itself, and collects the table of contents. An id is made from the words
 * as GitHub makes it, in any script, or is said at the end of the heading: `## Words {#an-id}`.
 */
export function headings() {
  return (tree: Root, file: VFile) => {
    const slugger = new GithubSlugger()
    const found: Element[] = []
    elements(tree, (node) => {
      if (/^h[1-6]$/.test(node.tagName) && node.properties.id !== 'footnote-label') found.push(node)
    })
    for (const node of found) {
      const said = takeId(node)
      if (said) node.properties.id = said
      if (typeof node.properties.id === 'string') slugger.slug(node.properties.id, true)
    }
    for (const node of found) {
      const words = textOf({ ...node, children: node.children.filter((child) => !isNoteCall(child)) })
      const depth = Number(node.tagName[1])
      // The page has its own first heading.
      if (depth === 1) node.tagName = 'h2'
      const id =
        typeof node.properties.id === 'string'
          ? node.properties.id
          : slugger.slug(words).replace(/^_+/, '') || slugger.slug('section')
      node.properties.id = id
      node.children.push(
        element(
          'a',
          { className: ['anchor'], href: `#${encodeURIComponent(id)}`, ariaLabel: `Link to “${words}”` },
          [],
        ),
      )
      if (depth <= 3) foundIn(file).headings.push({ id, text: words, depth: depth === 3 ? 3 : 2 })
    }
  }
}

const isNoteCall = (node: ElementContent) =>
  node.type === 'element' &&
  node.tagName === 'sup' &&
  node.children.some((child) => child.type === 'element' && child.properties.dataFootnoteRef !== undefined)

/** Takes `{#an-id}` from the end of a heading. */
function takeId(node: Element): string | undefined {
  const last = node.children.at(-1)
  const match = last?.type === 'text' ? /\s*\{#([^\s{}]+)\}\s*$/.exec(last.value) : null
  if (!match || last?.type !== 'text' || isReserved(match[1] ?? '')) return undefined
  last.value = last.value.slice(0, match.index)
  return match[1]
}

/** Writes the table of contents where a document asks for it: `::toc`, or `<TOCInline />` in MDX. */
export function contentsInPlace() {
  return (tree: Root, file: VFile) => {
    const places: { node: Element; parent: Parent; index: number }[] = []
    elements(tree, (node, parent, index) => {
      if (classes(node).includes('toc-here')) places.push({ node, parent, index })
    })
    for (const { node, parent, index } of places) {
      const { dataFrom = 2, dataTo = 3, dataIndent = 3, dataFold, dataExclude = '' } = node.properties
      const excluded = String(dataExclude).split('\n').filter(Boolean).map(meaning)
      const wanted = foundIn(file).headings.filter(
        ({ depth, text: words }) =>
          depth >= Number(dataFrom) && depth <= Number(dataTo) && !excluded.some((means) => means(words)),
      )
      const items = wanted.map(({ id, text: words, depth }) =>
        element('li', depth >= Number(dataIndent) ? { className: ['inner'] } : {}, [
          element('a', { href: `#${encodeURIComponent(id)}` }, [text(words)]),
        ]),
      )
      const list = element('ul', {}, items)
      parent.children[index] = element('nav', { className: ['toc-inline'], ariaLabel: 'In this text' }, [
        dataFold
          ? element('details', dataFold === 'open' ? { open: true } : {}, [
              element('summary', {}, [text('In this text')]),
              list,
            ])
          : list,
      ])
    }
  }
}

/** @returns whether a heading is meant by some words, or by a regular expression for the whole of it. */
function meaning(words: string): (heading: string) => boolean {
  let pattern: RegExp | undefined
  try {
    pattern = new RegExp(`^(?:${words})$`, 'i')
  } catch {
    // Words with signs, such as "C++", are no pattern.
  }
  return (heading) => heading === words || pattern?.test(heading) === true
}
