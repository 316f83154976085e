import { randomUUID } from 'node:crypto'
import { subscribe } from 'node:diagnostics_channel'
import type { IncomingMessage, ServerResponse } from 'node:http'
import { once } from './once'

/** Carries the other end of a connection to where requests are answered; Next.js does not. Nobody outside knows its name. */
export const peerHeader = () => once('peer header', () => `x-galley-peer-${randomUUID()}`)

const belowDrafts = /^[/\\]+(drafts|api[/\\]+draft-media)([/\\?]|$)/i

/** What a route says its answer is long, which Next.js takes out by its own name. Players want to know before they begin. */
export const lengthHeader = 'X-Galley-Length'

const mayBeFilm = /^\/(video|api\/draft-media)\//

/**
 * Looks at every request before Next.js sees it, and does four things that it leaves undone (16.4.6, 2026-11):
 *
 * - it says who is at the other end of the connection;
 * - every answer below /drafts gets the headers of next.config.js, those too that Next.js gives before it looks there: the
 *   redirects of `/drafts/` and `/drafts//x`;
 * - an answer with a film, or a part of one, says how long it is;
 * - percent signs of an address that is no UTF-8 are taken literally, where Next.js would answer 500.
 */
export function prepareRequests() {
  subscribe('http.server.request.start', (message) => {
    const { request, response } = message as { request: IncomingMessage; response: ServerResponse }
    request.headers[peerHeader()] = request.socket.remoteAddress ?? ''
    if (belowDrafts.test(request.url ?? '')) {
      response.setHeader('Cache-Control', 'private, no-store')
      response.setHeader('X-Robots-Tag', 'noindex, nofollow, noarchive')
      response.setHeader('Referrer-Policy', 'no-referrer')
    }
    if (mayBeFilm.test(request.url ?? '')) tellLength(response)
    const [path = '', ...query] = (request.url ?? '').split('?')
    try {
      decodeURIComponent(path)
    } catch {
      request.url = [path.replaceAll('%', '%25'), ...query].join('?')
    }
  })
}

function tellLength(response: ServerResponse) {
  const set = response.setHeader.bind(response)
  response.setHeader = (name, value) =>
    name.toLowerCase() === lengthHeader.toLowerCase() ? set('Content-Length', String(value)) : set(name, value)
}
