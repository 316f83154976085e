import { existsSync } from 'node:fs'
import type { Element, Root } from 'hast'
import { toString as textOf } from 'hast-util-to-string'
import type { VFile } from 'vfile'
import { isExternal } from '../../site/address'
import type { Media } from '../../store/types'
import { attach, whyNotOwn } from '../media/media'
import { classes, elements, foundIn, lineOf, sourceOf } from '../tree'

/**
 * Collects every link as the author wrote it (`lib/compile/check-links.ts` resolves it when all documents are known), marks links that
 * leave the site, and gives a file beside the document its address.
 *
 * `external` is for the style sheet, which adds an arrow. `noreferrer` hides from the other site which page its reader comes from.
 * `noopener` is for owners who open links in a new window. Words of the author (`me`, `nofollow`) stay.
 */
export function links() {
  return async (tree: Root, file: VFile) => {
    const found = foundIn(file)
    const anchors: Element[] = []
    elements(tree, (node) => {
      if (node.tagName === 'a' && typeof node.properties.href === 'string') anchors.push(node)
    })
    for (const node of anchors) {
      const href = String(node.properties.href)
      if (classes(node).includes('anchor')) continue
      if (isExternal(href)) {
        const { rel } = node.properties
        const said = Array.isArray(rel) ? rel.map(String) : String(rel ?? '').split(/\s+/)
        node.properties.rel = [...new Set([...said.filter(Boolean), 'noopener', 'noreferrer', 'external'])]
        continue
      }
      const attached = await attachment(href, found.folder)
      const why = attached && existsSync(attached.file) && whyNotOwn(attached.file)
      if (attached && why) {
        found.pictures.push(attached)
        found.problems.push({ line: lineIn(node, href, file), severity: 'error', message: `${href} ${why}` })
        delete node.properties.href
        continue
      }
      // Without such a file it may be an address of a page. It is noted all the same: when the file appears, the document is compiled again.
      if (attached) found.pictures.push(attached)
      if (attached?.stamp) {
        node.properties.href = attached.src + href.replace(/^[^?#]*/, '')
        continue
      }
      const link = { href, line: lineIn(node, href, file) }
      found.links.push(isBare(node, href) ? { ...link, bare: true } : link)
    }
  }
}

/** @returns whether the words of a link are its address, as those of `<https://…>` are. */
export function isBare(node: Element, href: string): boolean {
  const plain = (text: string) => {
    try {
      return decodeURI(text)
    } catch {
      return text
    }
  }
  const [shown, meant] = [textOf(node), href].map((address) => plain(address).replace(/^(https?:\/\/|mailto:)/i, ''))
  return shown === meant
}

/** The line of a link. A tag in MDX may have no position, so its address is searched for in the file. */
function lineIn(node: Element, href: string, file: VFile): number {
  const line = lineOf(node)
  if (line > 1) return line
  const text = sourceOf(file)
  const at = [`"${href}"`, `'${href}'`, href].map((one) => text.indexOf(one)).find((one) => one >= 0) ?? 0
  return text.slice(0, at).split('\n').length
}

/** The file beside the document that a link leads to, even if it is missing; undefined for a document, and for a name without an ending. */
async function attachment(href: string, folder: string): Promise<Media | undefined> {
  const name = href.replace(/[?#].*$/s, '')
  if (/^([a-z][a-z0-9+.-]*:|[\\/]|$)/i.test(name) || !/\.\w+$/.test(name) || /\.mdx?$/i.test(name)) return undefined
  return attach(name, folder)
}
