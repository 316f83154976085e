import { existsSync } from 'node:fs'
import type { Element, Root } from 'hast'
import { toString as textOf } from 'hast-util-to-string'
import type { VFile } from 'vfile'
import { site } from '@/site.config'
import type { Media } from '../../store/types'
import { attach, whyNotOwn } from '../media/media'
import { classes, elements, foundIn, lineOf, sourceOf } from '../tree'

/**
 * Collects every link as it is written (where it leads is known when all documents are: `lib/compile/check-links.ts`), marks those
 * that leave the site, and gives a file beside the document its address.
 *
 * `external` says what the link is, and is what the style sheet marks. `noreferrer` keeps from the other site which page its
 * reader comes from, and covers `noopener` wherever an owner lets links open in a new window. What the author wrote (`me`,
 * `nofollow`) stays.
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
      // Where there is no such file it may be an address; one that comes to be there later compiles the document again.
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

const home = new URL(site.address)

/** @returns whether a link leaves the site: another host, or another port of the same. */
export function isExternal(href: string): boolean {
  if (!/^([a-z][a-z0-9+.-]*:|[\\/]{2})/i.test(href) || !URL.canParse(href, home)) return false
  const url = new URL(href, home)
  return /^https?:$/.test(url.protocol) && url.host !== home.host
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

/** The line of a link. Tags in MDX have none: they are looked for in the file. */
function lineIn(node: Element, href: string, file: VFile): number {
  const line = lineOf(node)
  if (line > 1) return line
  const text = sourceOf(file)
  const at = [`"${href}"`, `'${href}'`, href].map((one) => text.indexOf(one)).find((one) => one >= 0) ?? 0
  return text.slice(0, at).split('\n').length
}

/** A file beside the document that a link leads to, there or not: no document itself, and no bare name. */
async function attachment(href: string, folder: string): Promise<Media | undefined> {
  const name = href.replace(/[?#].*$/s, '')
  if (/^([a-z][a-z0-9+.-]*:|[\\/]|$)/i.test(name) || !/\.\w+$/.test(name) || /\.mdx?$/i.test(name)) return undefined
  return attach(name, folder)
}
