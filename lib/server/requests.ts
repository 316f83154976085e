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
 * Looks at every request before Next.js sees it, and sees to what that leaves undone (16.4.6, 2026-11):
 *
 * - each has an id: our own proxy's `X-Request-Id`, or a new one;
 * - every answer has the headers that make browsers careful, whoever gives it, and an error is never a blank page;
 * - routes learn who is at the other end of the connection;
 * - every answer below /drafts gets the headers of next.config.js, those too that Next.js gives before it looks there: the
 *   redirects of `/drafts/` and `/drafts//x`;
 * - an answer with a film, or a part of one, says how long it is;
 * - an address is written in one way, whatever way a stranger writes it, and where Next.js would answer 500 or send them in circles;
 * - it is counted when it has ended, and with LOG=json written down.
 *
 * @param namesHidden whether a path has a name in it that is not published.
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
    // Next.js listens up to ten times, where an address falls through its routes, and Node.js warns of an eleventh.
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

/** Lets others answer before Next.js does: the first that does not return false has taken the request. */
export function answerFirst(...answerers: Answerer[]) {
  const emit = Server.prototype.emit
  Server.prototype.emit = function (this: Server, event: string | symbol, ...rest: unknown[]) {
    if (internalServers().has(this)) return emit.call(this, event, ...rest)
    // Nothing here is upgraded, and Next.js would leave some of those connections open.
    if (event === 'upgrade') return endWith(rest[1] as Socket, '400 Bad Request', 'Nothing is upgraded here.')
    if (event === 'clientError') return refuseUnread(rest[0] as NodeJS.ErrnoException, rest[1] as Socket)
    if (event !== 'request') return emit.call(this, event, ...rest)
    const [request, response] = rest as [IncomingMessage, ServerResponse]
    const pass = () => void emit.call(this, event, ...rest)
    return answerers.some((answer) => answer(request, response, pass)) || emit.call(this, event, ...rest)
  } as typeof emit
}

/** An id that can be found again in a log: our own proxy's (its last one is ours), or one of ours. */
function requestId({ headers }: IncomingMessage, proxies: number): string {
  const given = headers['x-request-id']
  return proxies > 0 && typeof given === 'string' && /^[\w-]{8,64}$/.test(given) ? given : randomUUID()
}
