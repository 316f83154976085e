import { randomUUID } from 'node:crypto'
import { isIP } from 'node:net'
import { once } from './process-wide'

/** Internal header with the socket's remote address. Its name is random per process, so clients cannot set it. */
export const peerHeader = () => once('peer header', () => `x-galley-peer-${randomUUID()}`)

/**
 * The client address of a request, by which attempts are limited: an IPv4 address, or the /64 network of an IPv6 address.
 *
 * @param peer the socket's remote address.
 * @param forwarded the `X-Forwarded-For` header. Only its last entries count, which our own proxies have written.
 * @param proxies how many proxies of ours stand before the server.
 */
export function clientAddress(peer: string, forwarded: string, proxies: number): string {
  const hops = [...forwarded.split(',').map((hop) => hop.trim()), peer]
  const address = (hops[Math.max(0, hops.length - 1 - proxies)] ?? peer).replace(/^::ffff:(?=\d+\.)/i, '')
  if (isIP(address) === 6) return network(address)
  return isIP(address) === 4 ? address : 'unknown'
}

/** The first 64 bits of an IPv6 address. One household or one rented server usually gets such a network. */
function network(address: string): string {
  const [head = '', tail] = address.replace(/%.*$/, '').toLowerCase().split('::')
  const groups = head.split(':').filter(Boolean)
  const after = tail?.split(':').filter(Boolean) ?? []
  const all =
    tail === undefined
      ? groups
      : [...groups, ...Array(Math.max(0, 8 - groups.length - after.length)).fill('0'), ...after]
  return `${all
    .slice(0, 4)
    .map((group) => Number.parseInt(group, 16).toString(16))
    .join(':')}::/64`
}
