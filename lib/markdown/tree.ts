/** Functions that the plugins share, for a tree of HTML (hast) and for their findings. */
import type { Element, ElementContent, Root } from 'hast'
import type { VFile } from 'vfile'
import type { Body } from '../store/types'

/** The findings about a document while it is rendered. Paths in `pictures` and `imports` are absolute here. */
export type Found = Omit<Body, 'html' | 'ids' | 'cover'> & {
  /** The folder of the document, absolute. */
  folder: string
  /** The language of the document (BCP 47). */
  language: string
}

/** The findings about a document, which plugins read and add to. */
export const foundIn = (file: VFile) => (file.data as { found: Found }).found
/** The markdown of a document, with the line numbers of its file. In MDX, `file.value` may have been changed. */
export const sourceOf = (file: VFile) => (file.data as { source: string }).source

/** A node that has children. */
export type Parent = { children: unknown[] }

/** Calls `visitor` with every element below `node`, in document order, with its parent and its index. Children added meanwhile are not visited. */
export function elements(node: Root | Element, visitor: (element: Element, parent: Parent, index: number) => void) {
  for (const [index, child] of [...node.children].entries()) {
    if (child.type !== 'element') continue
    visitor(child, node, index)
    elements(child, visitor)
  }
}

/** Makes an element. */
export const element = (tagName: string, properties: Element['properties'], children: ElementContent[]): Element => ({
  type: 'element',
  tagName,
  properties,
  children,
})

/** Makes a text. */
export const text = (value: string) => ({ type: 'text' as const, value })

/** @returns the classes of an element. */
export const classes = ({ properties: { className } }: Element): string[] =>
  Array.isArray(className) ? className.map(String) : []

/** @returns the line of an element in the file; 1 when it is not known. */
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

/** @returns the only element in another; undefined when there is text or a second element beside it. */
export const onlyChild = (node: Element) => {
  const rest = node.children.filter((child) => child.type !== 'text' || child.value.trim())
  return rest.length === 1 && rest[0]?.type === 'element' ? rest[0] : undefined
}
