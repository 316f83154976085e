import { subscribe } from 'node:diagnostics_channel'
import type { IncomingMessage } from 'node:http'

/** Carries the other end of a connection to where requests are answered; Next.js does not. */
export const PEER_HEADER = 'x-galley-peer'

/**
 * Looks at every request before anything else sees it: writes the header, over whatever a stranger has sent in it, and
 * takes percent signs literally in an address that is no UTF-8, to which Next.js would answer 500 (16.4.6, 2026-11).
 */
export function notePeers() {
  subscribe('http.server.request.start', (message) => {
    const { request } = message as { request: IncomingMessage }
    request.headers[PEER_HEADER] = request.socket.remoteAddress ?? ''
    const [path = '', ...query] = (request.url ?? '').split('?')
    try {
      decodeURIComponent(path)
    } catch {
      request.url = [path.replaceAll('%', '%25'), ...query].join('?')
    }
  })
}
