import type { IncomingMessage, ServerResponse } from 'node:http'
import type { Socket } from 'node:net'

/** Answers a request or leaves it to Next.js; `pass` hands it over later. */
export type Answerer = (request: IncomingMessage, response: ServerResponse, pass: () => void) => boolean

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
export function refuseUnread({ code }: NodeJS.ErrnoException, socket: Socket): true {
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
export function endWith(socket: Socket, status: string, text: string): true {
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
