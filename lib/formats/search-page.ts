import type { Element } from 'hast'
import { toHtml } from 'hast-util-to-html'
import { type DefaultTreeAdapterTypes, parse } from 'parse5'

type Node = DefaultTreeAdapterTypes.ChildNode | DefaultTreeAdapterTypes.Document
type PageElement = DefaultTreeAdapterTypes.Element

/**
 * Makes a function that puts an answer into the page of the search: the query into its field, and the results into the element
 * `#search-answer`. The rest of the page stays byte for byte as the build has stored it, so its policy still fits.
 *
 * @param html the stored page.
 * @throws for a page without the field or the element.
 */
export function searchPageOf(html: string): (query: string, results: Element[]) => string {
  const elements = elementsOf(parse(html, { sourceCodeLocationInfo: true }))
  const find = (name: string, value: string) =>
    elements.find(({ attrs }) => attrs.some((one) => one.name === name && one.value === value))?.sourceCodeLocation
  const field = find('name', 'q')?.startTag
  const place = find('id', 'search-answer')
  if (!field || !place?.startTag || !place.endTag) throw new Error('The page of the search has no field or no place.')
  const [inField, from, to] = [field.startOffset + '<input'.length, place.startTag.endOffset, place.endTag.startOffset]
  return (query, results) => {
    const value = query.replaceAll('&', '&amp;').replaceAll('"', '&quot;').replaceAll('<', '&lt;')
    const shown = results.map((one) => toHtml(one)).join('')
    return `${html.slice(0, inField)} value="${value}"${html.slice(inField, from)}${shown}${html.slice(to)}`
  }
}

function elementsOf(node: Node): PageElement[] {
  const children = 'childNodes' in node ? node.childNodes.flatMap(elementsOf) : []
  return 'tagName' in node ? [node, ...children] : children
}
