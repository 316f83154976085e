// Which hosts a policy may name. Plain JavaScript, for the pages that are made light (lib/static) and for the compiler.

/** A label of the name of a host (RFC 1123 §2.1), as the URL parser leaves it. It has no underscore, and browsers' policies refuse one too. */
const LABEL = /^(?!-)[a-z0-9-]{1,63}(?<!-)$/

/** An address that begins with neither a scheme nor two slashes stays here, whatever tabs and backslashes it has. */
const HERE = 'here.invalid'

/**
 * The URL of an address as a browser reads it in a page, and whether it takes the page's own scheme (`//pics.example/x.png`).
 *
 * @param {string} address
 */
function read(address) {
  const [base, otherBase] = [`https://${HERE}/`, `http://${HERE}/`]
  if (!URL.canParse(address, base) || !URL.canParse(address, otherBase)) return undefined
  const [url, other] = [new URL(address, base), new URL(address, otherBase)]
  return { url, takesScheme: url.protocol !== other.protocol }
}

/**
 * The host of an address as a source of a content security policy (W3C CSP 3 §2.3.1): a name as the DNS has it, in Punycode, or
 * an IPv4 address, with its port. That grammar has no IPv6.
 *
 * @param {string} address absolute, or relative to the page's protocol.
 * @returns {string | undefined} `https://pics.example`, `https://pics.example:8443`; `pics.example` for `//pics.example/x.png`;
 * nothing for a path, another scheme, and a host of any other form, whose text could say more than a host.
 */
export function originOf(address) {
  const { url, takesScheme } = read(address) ?? {}
  if (!url || !/^https?:$/.test(url.protocol) || url.hostname === HERE) return undefined
  // The dot at the end of a full name is in the DNS and in the grammar.
  const name = url.hostname.endsWith('.') ? url.hostname.slice(0, -1) : url.hostname
  const isName = name.length <= 253 && name.split('.').every((label) => LABEL.test(label))
  return isName ? (takesScheme ? url.host : url.origin) : undefined
}

/**
 * @param {string} address as it stands in a page.
 * @returns {boolean} whether it names a host that no policy can name, or cannot be read at all, so that it must not be loaded.
 */
export function hasOddHost(address) {
  const { url } = read(address) ?? {}
  if (!url) return true
  return url.hostname !== HERE && /^https?:$/.test(url.protocol) && originOf(address) === undefined
}
