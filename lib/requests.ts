import { randomUUID } from 'node:crypto'
import { subscribe } from 'node:diagnostics_channel'
import { type IncomingMessage, Server, type ServerResponse } from 'node:http'
import type { Socket } from 'node:net'
import { posix } from 'node:path'
import { namesHidden } from './content/hidden'
import { isDraining } from './drain'
import { logRequest } from './log'
import { countRequest, internalServers } from './metrics'
import { once } from './once'
import { plainDocument } from './plain-page'
import type { Settings } from './settings'

/** Carries the other end of a connection to where requests are answered; Next.js does not. Nobody outside knows its name. */
export const peerHeader = () => once('peer header', () => `x-galley-peer-${randomUUID()}`)

const belowDrafts = /^[/\\]+(drafts|api[/\\]+draft-media)([/\\?]|$)/i

/** A browser asks after a page at every visit, mostly to be answered 304; a shared cache does so every minute. */
export const pageCaching = 'public, max-age=0, s-maxage=60, must-revalidate'

/** What a route says its answer is long, which Next.js takes out by its own name. Players want to know before they begin. */
export const lengthHeader = 'X-Galley-Length'

const mayBeFilm = /^\/(video|api\/draft-media)\//

/** For documents that bring no policy of their own: they have nothing to load. */
const barePolicy = "default-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"

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
 */
export function prepareRequests({ origin, proxies, logsJson }: Pick<Settings, 'origin' | 'proxies' | 'logsJson'>) {
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
    if (mayBeFilm.test(url)) tellLength(response)
    // Next.js listens up to ten times, where an address falls through its routes, and Node.js warns of an eleventh.
    response.setMaxListeners(20)
    const started = performance.now()
    response.once('close', () => {
      const { statusCode: status, writableFinished } = response
      const ms = performance.now() - started
      countRequest({ method, url, status, ms })
      if (!logsJson) return
      const shown = status >= 300 && namesHidden(url) ? '/…' : url
      logRequest({ id, method, url: shown, status, ms, aborted: !writableFinished })
    })
  })
}

/**
 * A request's target as a path and a query: without the host that may stand before it (RFC 9112 §3.2.2) and without a fragment,
 * letters that are encoded for no reason decoded and dots worked off (RFC 3986 §6.2.2). Percent signs of what is no UTF-8 are taken literally.
 */
export function plainTarget(target: string): string {
  const [path = '', ...query] = target
    .replace(/^https?:\/\/[^/?#]*(?=[/?#]|$)/i, '')
    .replace(/#.*$/s, '')
    .replace(/^(?=\?|$)/, '/')
    .split('?')
  let plain = path.replace(/%(?:2[de]|3\d|4[1-9a-f]|5[0-9af]|6[1-9a-f]|7[0-9ae])/gi, decodeURIComponent)
  if (/^\/(?:.*\/)?\.{1,2}(?:\/|$)/.test(plain)) plain = posix.normalize(plain)
  try {
    decodeURIComponent(plain)
  } catch {
    plain = plain.replaceAll('%', '%25')
  }
  return [plain, ...query].join('?')
}

type Started = { request: IncomingMessage; response: ServerResponse; server: Server }

/** Answers a request or leaves it to Next.js; `pass` hands it over later. */
export type Answerer = (request: IncomingMessage, response: ServerResponse, pass: () => void) => boolean

/** Lets others answer before Next.js does: the first that does not return false has taken the request. */
export function answerFirst(...answerers: Answerer[]) {
  const emit = Server.prototype.emit
  Server.prototype.emit = function (this: Server, event: string | symbol, ...rest: unknown[]) {
    if (internalServers().has(this)) return emit.call(this, event, ...rest)
    // Nothing here is upgraded, and Next.js would leave some of those connections open.
    if (event === 'upgrade') {
      ;(rest[1] as Socket).destroy()
      return true
    }
    if (event !== 'request') return emit.call(this, event, ...rest)
    const [request, response] = rest as [IncomingMessage, ServerResponse]
    const pass = () => void emit.call(this, event, ...rest)
    return answerers.some((answer) => answer(request, response, pass)) || emit.call(this, event, ...rest)
  } as typeof emit
}

/**
 * Refuses what is no address, and what would change something anywhere but below /api. Pages can be read; there are no server actions, so
 * nobody needs Next.js to look for one: it would read and decode what was sent.
 */
export const refuseOdd: Answerer = ({ method, url = '' }, response) => {
  if (!url.startsWith('/')) refuse(response, 400, 'That is no address.\n')
  else if (method === 'GET' || method === 'HEAD' || url.startsWith('/api/')) return false
  else refuse(response, 405, 'This can be read, and nothing else.\n', { Allow: 'GET, HEAD' })
  return true
}

/** Ends a request without reading what else it sends. */
function refuse(response: ServerResponse, status: number, text: string, headers: Record<string, string> = {}) {
  response.writeHead(status, { 'Content-Type': 'text/plain; charset=utf-8', Connection: 'close', ...headers }).end(text)
}

/** An id that can be found again in a log: our own proxy's (its last one is ours), or one of ours. */
function requestId({ headers }: IncomingMessage, proxies: number): string {
  const given = headers['x-request-id']
  return proxies > 0 && typeof given === 'string' && /^[\w-]{8,64}$/.test(given) ? given : randomUUID()
}

/**
 * When the head of an answer is written, adds what is missing in it. An error that comes without a document, as a route's does when it
 * throws, gets a page that says so and names the request.
 */
function completeAnswer(response: ServerResponse, id: string, isHttps: boolean) {
  const write = response.writeHead as (...given: unknown[]) => ServerResponse
  const end = response.end as (...given: unknown[]) => ServerResponse
  let page = ''
  const add = (name: string, value: string) => response.hasHeader(name) || response.setHeader(name, value)
  response.writeHead = function (this: ServerResponse, status: number, ...given: unknown[]) {
    if (status === 500 && !response.hasHeader('Content-Type')) {
      const { html, headers } = plainDocument(500, { id })
      page = html
      response.removeHeader('Content-Length')
      for (const [name, value] of Object.entries(headers)) response.setHeader(name, value)
    }
    add('X-Request-Id', id)
    add('X-Content-Type-Options', 'nosniff')
    add('Referrer-Policy', 'strict-origin-when-cross-origin')
    if (isHttps) add('Strict-Transport-Security', 'max-age=63072000')
    if (isDraining()) response.setHeader('Connection', 'close')
    const said = String(response.getHeader('Cache-Control') ?? '')
    // Next.js would have shared caches keep its own pages for a year; the next build may be in a minute.
    const caching = /^s-maxage=31536000\b/.test(said) ? pageCaching : said
    if (caching) response.setHeader('Cache-Control', caching)
    const type = String(response.getHeader('Content-Type') ?? '')
    if (status !== 304 && (!type || type.startsWith('text/html'))) {
      // In development pages are made each time, and have no policy.
      if (process.env.NODE_ENV === 'production') add('Content-Security-Policy', barePolicy)
      add('Cross-Origin-Opener-Policy', 'same-origin')
      add('Cross-Origin-Resource-Policy', 'same-origin')
      // Where the page that says something broke finds its id (app/error.tsx).
      if (!caching.startsWith('public')) add('Server-Timing', `request;desc="${id}"`)
    }
    return write.call(response, status, ...given)
  } as typeof response.writeHead
  response.end = function (this: ServerResponse, ...given: unknown[]) {
    if (response.statusCode !== 500) return end.apply(response, given)
    if (!response.headersSent) response.writeHead(500)
    return page ? end.call(response, page) : end.apply(response, given)
  } as typeof response.end
}

function tellLength(response: ServerResponse) {
  const set = response.setHeader.bind(response)
  response.setHeader = (name, value) =>
    name.toLowerCase() === lengthHeader.toLowerCase() ? set('Content-Length', String(value)) : set(name, value)
}
