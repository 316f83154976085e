import { randomUUID } from 'node:crypto'
import { subscribe } from 'node:diagnostics_channel'
import { type IncomingMessage, Server, type ServerResponse } from 'node:http'
import type { Socket } from 'node:net'
import { posix } from 'node:path'
import { isDraining } from './drain'
import { loggedPath, logRequest } from './log'
import { countRequest, internalServers } from './metrics'
import { once } from './process-wide'
import { plainDocument } from './refusal-page'
import type { Settings } from './settings'

/** Carries the other end of a connection to where requests are answered; Next.js does not. Nobody outside knows its name. */
export const peerHeader = () => once('peer header', () => `x-galley-peer-${randomUUID()}`)

const belowDrafts = /^[/\\]+(drafts|api[/\\]+draft-media)([/\\?]|$)/i

/** A browser asks after a page at every visit, mostly to be answered 304; a shared cache does so every minute. */
export const pageCaching = 'public, max-age=0, s-maxage=60, must-revalidate'

/**
 * For what pages show: its address changes with its bytes, but what is withdrawn is to be gone soon. A browser keeps a picture for ten
 * minutes, a shared cache for one minute; then they ask again.
 */
export const mediaCaching = 'public, max-age=600, s-maxage=60, must-revalidate'

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
    if (mayBeFilm.test(url)) tellLength(response)
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
  const needless = /%(?:2[de]|3\d|4[1-9a-f]|5[0-9af]|6[1-9a-f]|7[0-9ae])/gi
  // In one go: what is decoded may stand behind a percent sign, and is then a letter all the same.
  let plain = path.replace(/%(?:[\da-f]{2})?/gi, (mark) =>
    mark === '%' ? '%25' : mark.replace(needless, decodeURIComponent),
  )
  if (/^\/(?:.*\/)?\.{1,2}(?:\/|$)/.test(plain)) plain = posix.normalize(plain)
  try {
    decodeURIComponent(plain)
  } catch {
    plain = plain.replace(/%(?!25)/g, '%25')
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
    if (event === 'upgrade') return endWith(rest[1] as Socket, '400 Bad Request', 'Nothing is upgraded here.')
    if (event === 'clientError') return refuseUnread(rest[0] as NodeJS.ErrnoException, rest[1] as Socket)
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
export const refuseOdd: Answerer = ({ method = '', url = '' }, response) => {
  const refused = { 'Cache-Control': 'private, no-store', Connection: 'close' }
  if (!url.startsWith('/')) refuse(response, 400, 'That is no address.\n', refused)
  else if (method === 'GET' || method === 'HEAD') return false
  else if (!url.startsWith('/api/'))
    refuse(response, 405, 'This can be read, and nothing else.\n', { ...refused, Allow: 'GET, HEAD' })
  // Next.js knows these, and would be at fault for another.
  else if (!/^(POST|PUT|PATCH|DELETE|OPTIONS)$/.test(method))
    refuse(response, 405, 'That cannot be done here.\n', { ...refused, Allow: 'GET, HEAD, POST' })
  else return false
  return true
}

/** Says in a sentence why there is no answer, without reading what else was sent. */
export function refuse(response: ServerResponse, status: number, text: string, headers: Record<string, string> = {}) {
  response.writeHead(status, { 'Content-Type': 'text/plain; charset=utf-8', ...headers }).end(text)
}

/** Says the same to who sends what Node.js cannot read as a request; its own answers are empty. */
function refuseUnread({ code }: NodeJS.ErrnoException, socket: Socket): true {
  const [status, text]: [string, string] =
    code === 'HPE_HEADER_OVERFLOW'
      ? [
          '431 Request Header Fields Too Large',
          'The headers are too long. Removing the cookies of this site often helps.',
        ]
      : code === 'ERR_HTTP_REQUEST_TIMEOUT'
        ? ['408 Request Timeout', 'The request took too long to arrive.']
        : ['400 Bad Request', 'That is no request.']
  // What an answer has begun with, another cannot follow.
  const isBegun = (socket as { _httpMessage?: ServerResponse })._httpMessage?.headersSent
  if (code !== 'ECONNRESET' && !isBegun) return endWith(socket, status, text)
  socket.destroy()
  return true
}

/** Writes an answer where there is no request that it could be the answer to. */
function endWith(socket: Socket, status: string, text: string): true {
  const headers = [
    'Content-Type: text/plain; charset=utf-8',
    'Cache-Control: no-store',
    'X-Content-Type-Options: nosniff',
    `Content-Length: ${text.length + 1}`,
    'Connection: close',
  ]
  // Who asked may be gone, or go on sending.
  socket.on('error', () => undefined)
  if (socket.writable)
    socket.end([`HTTP/1.1 ${status}`, ...headers, '', `${text}\n`].join('\r\n'), () => socket.destroy())
  else socket.destroy()
  return true
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
    if (saysNothing(status) && !response.hasHeader('Content-Type') && !given.some((one) => typeof one === 'object')) {
      const { html, headers } = plainDocument(status, status === 500 ? { id } : {})
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
    if (!saysNothing(response.statusCode)) return end.apply(response, given)
    if (!response.headersSent) response.writeHead(response.statusCode)
    return page ? end.call(response, page) : end.apply(response, given)
  } as typeof response.end
}

/** Errors that come to people, who would see an empty page. Only programs send the headers that lead to 412 or 416. */
const saysNothing = (status: number) => status >= 400 && status !== 412 && status !== 416

function tellLength(response: ServerResponse) {
  const set = response.setHeader.bind(response)
  response.setHeader = (name, value) =>
    name.toLowerCase() === lengthHeader.toLowerCase() ? set('Content-Length', String(value)) : set(name, value)
}
