/** What the plugins share: small things to do with a tree of HTML (hast), and what they find on the way. */
import type { Element, ElementContent, Root } from 'hast'
import type { VFile } from 'vfile'
import type { Body } from '../store/types'

/** What is found in a document while it is rendered. `pictures` and `imports` are absolute here. */
export type Found = Omit<Body, 'html' | 'ids' | 'cover'> & {
  /** Of the document, absolute. */
  folder: string
  /** BCP 47. */
  language: string
}

export const foundIn = (file: VFile) => (file.data as { found: Found }).found
/** The markdown of a document, on the lines of its file; what MDX is made into stands in `file.value` later. */
export const sourceOf = (file: VFile) => (file.data as { source: string }).source

export type Parent = { children: unknown[] }

/** Calls `visitor` with every element below `node`, in document order, and where it stands; a new child is not visited. */
export function elements(node: Root | Element, visitor: (element: Element, parent: Parent, index: number) => void) {
  for (const [index, child] of [...node.children].entries()) {
    if (child.type !== 'element') continue
    visitor(child, node, index)
    elements(child, visitor)
  }
}

export const element = (tagName: string, properties: Element['properties'], children: ElementContent[]): Element => ({
  type: 'element',
  tagName,
  properties,
  children,
})

export const text = (value: string) => ({ type: 'text' as const, value })

/** @returns the classes of an element. */
export const classes = ({ properties: { className } }: Element): string[] =>
  Array.isArray(className) ? className.map(String) : []

/** @returns the line of the file that an element comes from; 1 when that is not known. */
export const lineOf = (node: Element) => node.position?.start.line ?? 1

/** @returns the text of an element, without the numbers of its footnotes. */
export const wordsOf = (node: Element): string =>
  node.children
    .map((child) =>
      child.type === 'text' ? child.value : child.type === 'element' && !callIn(child) ? wordsOf(child) : '',
    )
    .join('')

/** @returns the link in an element that calls a footnote: `<sup><a href="#fn-1">`. */
export function callIn({ tagName, children: [link] }: Element): Element | undefined {
  const isCall = tagName === 'sup' && link?.type === 'element' && link.properties.dataFootnoteRef !== undefined
  return isCall ? link : undefined
}

/** @returns the one element in another, when nothing but white space stands beside it. */
export const onlyChild = (node: Element) => {
  const rest = node.children.filter((child) => child.type !== 'text' || child.value.trim())
  return rest.length === 1 && rest[0]?.type === 'element' ? rest[0] : undefined
}
