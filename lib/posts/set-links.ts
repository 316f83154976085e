import { type DefaultTreeAdapterTypes, defaultTreeAdapter, html as names, parseFragment } from 'parse5'
import { lockedAddress, partsOf } from '../site/address'
import { readSrcset, writeSrcset } from '../site/srcset.mjs'
import { changed } from '../static/parse-page.mjs'
import type { Changes, Media } from '../store/types'

/** Chooses the new value of an attribute. @returns the value, null to remove the attribute, or undefined to leave it. */
type NewValue = (tag: string, attribute: string, value: string) => string | null | undefined

/**
 * Sets the links of a compiled body as the manifest has them.
 *
 * @param changes by the address as it is written in the document; null takes the link from its words.
 */
export const withLinks = (html: string, changes: Changes | undefined): string =>
  changes ? withAttributes(html, settingLinks(changes)) : html

/**
 * Sets the links of a draft's body, and gives the pictures, films and files in it addresses that only editors can open.
 *
 * @param changes by the address as it is written in the document; null takes the link from its words.
 * @param pictures of the body.
 */
export function withLockedMedia(html: string, changes: Changes, pictures: Media[]): string {
  const [setLink, lock] = [settingLinks(changes), lockingMedia(pictures)]
  return withAttributes(html, (tag, attribute, value) => {
    const link = setLink(tag, attribute, value)
    return link === undefined ? lock(tag, attribute, value) : link
  })
}

function settingLinks(changes: Changes): NewValue {
  // An HTML parser reads every end of a line as \n.
  const read = new Map(Object.entries(changes).map(([written, to]) => [written.replace(/\r\n?/g, '\n'), to]))
  return (tag, attribute, value) => (tag === 'a' && attribute === 'href' ? read.get(value) : undefined)
}

function lockingMedia(pictures: Media[]): NewValue {
  const known = new Set(pictures.flatMap(({ kept }) => kept.map(({ src }) => src)))
  const locked = (value: string): string | undefined => {
    const [address, query, fragment] = partsOf(value)
    return known.has(address) ? `${lockedAddress(address)}${query}${fragment}` : undefined
  }
  return (_tag, attribute, value) => {
    if (attribute !== 'srcset' && attribute !== 'imagesrcset') return locked(value)
    const all = readSrcset(value)
    if (!all.some(({ address }) => locked(address))) return undefined
    return writeSrcset(all.map((one) => ({ ...one, address: locked(one.address) ?? one.address })))
  }
}

type Node = DefaultTreeAdapterTypes.Node

/** Changes attributes where they stand in the HTML; all the rest stays as it is, to the letter. */
function withAttributes(html: string, set: NewValue): string {
  const options = { sourceCodeLocationInfo: true, scriptingEnabled: false }
  const around = defaultTreeAdapter.createElement('div', names.NS.HTML, [])
  const nodes: Node[] = [parseFragment(around, html, options)]
  const changes: Parameters<typeof changed>[1] = []
  for (let node = nodes.pop(); node; node = nodes.pop()) {
    if ('content' in node) nodes.push(node.content)
    if ('childNodes' in node) for (const child of node.childNodes) nodes.push(child)
    if (!('attrs' in node)) continue
    const places = node.sourceCodeLocation?.attrs ?? {}
    for (const { name, value, prefix } of node.attrs) {
      const written = prefix ? `${prefix}:${name}` : name
      const place = places[written]
      const to = place && set(node.tagName, written, value)
      if (!place || to === undefined) continue
      // The space before an attribute goes with it.
      if (to === null) changes.push({ from: place.startOffset - 1, to: place.endOffset, text: '' })
      else
        changes.push({
          from: place.startOffset,
          to: place.endOffset,
          text: `${written}="${to.replace(/["&<>]/g, escaped)}"`,
        })
    }
  }
  return changed(html, changes)
}

const escaped = (mark: string) => `&#x${mark.charCodeAt(0).toString(16).toUpperCase()};`
