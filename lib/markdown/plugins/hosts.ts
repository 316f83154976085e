import type { Root } from 'hast'
import type { VFile } from 'vfile'
import { hasOddHost } from '../../site/host.mjs'
import { readSrcset, writeSrcset } from '../../site/srcset.mjs'
import { elements, foundIn, lineOf } from '../tree'

/** Attributes from which a browser loads, or to which it sends, without a click on a link. */
const LOADED = ['src', 'poster', 'data', 'action', 'formAction', 'background', 'dataFrame'] as const
/** Elements whose `href` is loaded too. */
const LOADING = /^(link|image|use|feimage|script|base)$/i

/**
 * Removes addresses whose host cannot be written in a policy (lib/site/host.mjs): a strange host could add words to the policy of the
 * page. A picture without its address shows its description, and the author gets a warning.
 */
export function hosts() {
  return (tree: Root, file: VFile) => {
    const { problems } = foundIn(file)
    elements(tree, (node) => {
      const odd = (address: string) => {
        if (!hasOddHost(address)) return false
        problems.push({ line: lineOf(node), severity: 'warning', message: reasonAgainst(address) })
        return true
      }
      const names = LOADING.test(node.tagName) ? [...LOADED, 'href', 'xLinkHref'] : LOADED
      for (const name of names) {
        const address = node.properties[name]
        if (typeof address === 'string' && odd(address)) delete node.properties[name]
      }
      for (const name of ['srcSet', 'imageSrcSet']) {
        const written = node.properties[name]
        if (typeof written !== 'string' && !Array.isArray(written)) continue
        const all = readSrcset(String(written))
        const kept = all.filter(({ address }) => !odd(address))
        if (kept.length === 0) delete node.properties[name]
        else if (kept.length < all.length) node.properties[name] = writeSrcset(kept)
      }
    })
  }
}

/** @returns the warning for an address that is removed. */
export function reasonAgainst(address: string): string {
  const host = URL.canParse(address, 'https://x') ? new URL(address, 'https://x').hostname : ''
  const why = host.startsWith('[')
    ? 'no policy of a page can name an IPv6 address. Write the name of the host'
    : `${host ? `${JSON.stringify(host)} is` : 'it has'} no name of a host. Mend it`
  return `the address ${JSON.stringify(address)} is left out, and nothing is loaded from it: ${why}, or put the file beside this one.`
}
