import type { Root } from 'hast'
import type { VFile } from 'vfile'
import { hasOddHost } from '../../site/host.mjs'
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
        const all = candidates(String(written))
        const kept = all.filter(({ address }) => !odd(address))
        if (kept.length === 0) delete node.properties[name]
        else if (kept.length < all.length) node.properties[name] = writeCandidates(kept)
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

type Candidate = { address: string; descriptors: string }

/** Reads a `srcset` as browsers do (HTML §4.8.4.2.2). */
export function candidates(srcset: string): Candidate[] {
  const found: Candidate[] = []
  let at = 0
  const skip = (isSkipped: (mark: string) => boolean) => {
    const from = at
    while (at < srcset.length && isSkipped(srcset.charAt(at))) at++
    return srcset.slice(from, at)
  }
  const isSpace = (mark: string) => ' \t\n\f\r'.includes(mark)
  for (;;) {
    skip((mark) => isSpace(mark) || mark === ',')
    const address = skip((mark) => !isSpace(mark))
    if (!address) return found
    if (address.endsWith(',')) {
      found.push({ address: withoutCommas(address), descriptors: '' })
      continue
    }
    let depth = 0
    const descriptors = skip((mark) => {
      depth += mark === '(' ? 1 : mark === ')' ? -1 : 0
      return mark !== ',' || depth > 0
    })
    found.push({ address, descriptors: descriptors.trim() })
  }
}

function withoutCommas(text: string): string {
  let end = text.length
  while (text.charAt(end - 1) === ',') end--
  return text.slice(0, end)
}

/** Writes a `srcset`, the reverse of `candidates`. */
export const writeCandidates = (list: Candidate[]) =>
  list.map(({ address, descriptors }) => `${address} ${descriptors}`.trim()).join(', ')
