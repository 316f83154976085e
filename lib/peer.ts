import { subscribe } from 'node:diagnostics_channel'
import type { IncomingMessage } from 'node:http'

/** Carries the other end of a connection to where requests are answered; Next.js does not. */
export const PEER_HEADER = 'x-galley-peer'

/** Writes the header into every request, over whatever a stranger has sent in it, before anything else sees it. */
export function notePeers() {
  subscribe('http.server.request.start', (message) => {
    const { request } = message as { request: IncomingMessage }
    request.headers[PEER_HEADER] = request.socket.remoteAddress ?? ''
  })
}
