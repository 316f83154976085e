import { randomUUID } from 'node:crypto'
import { subscribe } from 'node:diagnostics_channel'
import { type IncomingMessage, Server, type ServerResponse } from 'node:http'
import type { Socket } from 'node:net'
import { sections } from '../site/sections.mjs'
import { peerHeader } from './client-address'
import { completeAnswer, tellLength } from './complete-answer'
import { loggedPath, logRequest } from './log'
import { countRequest, internalServers } from './metrics'
import { plainTarget } from './plain-target'
import { type Answerer, endWith, refuseUnread } from './refuse'
import type { Settings } from './settings'

const belowDrafts = /^[/\\]+(drafts|api[/\\]+draft-media)([/\\?]|$)/i

/** Films, which are read at request time, have one of these addresses. */
const mayBeFilm = (url: string) =>
  [sections.video, sections.draftMedia].some((section) => url.startsWith(`${section}/`))

/**
 * Prepares every request before Next.js sees it, and does what Next.js leaves undone (16.4.6, 2026-11):
 *
 * - Each request has an id: the `X-Request-Id` of our own proxy, or a new one.
 * - Every answer has the security headers, and an error is never a blank page.
 * - Routes get the socket's remote address (`peerHeader`).
 * - Every answer below /drafts has the headers of next.config.js, also the redirects of `/drafts/` and `/drafts//x`, to which Next.js
 *   does not add them.
 * - An answer with a film, or with a part of one, has a Content-Length.
 * - Each address is normalised. Next.js answers 500 to some spellings of an address and redirects others for ever.
 * - Each request is counted when it has ended, and with LOG=json it is logged.
 *
 * @param namesHidden whether a path contains the name of an unpublished document.
 */
export function prepareRequests(
  { origin, proxies, logsJson }: Pick<Settings, 'origin' | 'proxies' | 'logsJson'>,
  namesHidden: (path: string) => boolean,
) {
  const isHttps = origin.startsWith('https:')
  subscribe('http.server.request.start', (message) => {
    const { request, response, server } = message as Started
    if (internalServers().has(server)) return
    const { method = '' } = request
    const url = plainTarget(request.url ?? '')
    request.url = url
    const id = requestId(request, proxies)
    request.headers['x-request-id'] = id
    request.headers[peerHeader()] = request.socket.remoteAddress ?? ''
    if (belowDrafts.test(url)) {
      response.setHeader('Cache-Control', 'private, no-store')
      response.setHeader('X-Robots-Tag', 'noindex, nofollow, noarchive')
      response.setHeader('Referrer-Policy', 'no-referrer')
    }
    completeAnswer(response, id, isHttps)
    if (mayBeFilm(url)) tellLength(response)
    // Next.js adds up to ten listeners when no route fits an address, and Node.js warns from the eleventh on.
    response.setMaxListeners(20)
    const started = performance.now()
    response.once('close', () => {
      const { statusCode: status, writableFinished } = response
      const ms = performance.now() - started
      countRequest({ method, url, status, ms })
      if (!logsJson) return
      const path = loggedPath(url)
      const isHidden = !path.endsWith('/…') && namesHidden(url)
      logRequest({ id, method, path: isHidden ? '/…' : path, status, ms, aborted: !writableFinished })
    })
  })
}

type Started = { request: IncomingMessage; response: ServerResponse; server: Server }

/** Asks each answerer in turn before Next.js. The first that returns true has answered the request. */
export function answerFirst(...answerers: Answerer[]) {
  const emit = Server.prototype.emit
  Server.prototype.emit = function (this: Server, event: string | symbol, ...rest: unknown[]) {
    if (internalServers().has(this)) return emit.call(this, event, ...rest)
    // The site has no WebSocket, and Next.js leaves some of these connections open.
    if (event === 'upgrade') return endWith(rest[1] as Socket, '400 Bad Request', 'Nothing is upgraded here.')
    if (event === 'clientError') return refuseUnread(rest[0] as NodeJS.ErrnoException, rest[1] as Socket)
    if (event !== 'request') return emit.call(this, event, ...rest)
    const [request, response] = rest as [IncomingMessage, ServerResponse]
    const pass = () => void emit.call(this, event, ...rest)
    return answerers.some((answer) => answer(request, response, pass)) || emit.call(this, event, ...rest)
  } as typeof emit
}

/** The id of a request in the log: the one that our own proxy has set, or a new one. Without a proxy the header is not trusted. */
function requestId({ headers }: IncomingMessage, proxies: number): string {
  const given = headers['x-request-id']
  return proxies > 0 && typeof given === 'string' && /^[\w-]{8,64}$/.test(given) ? given : randomUUID()
}
