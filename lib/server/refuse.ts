import type { IncomingMessage, ServerResponse } from 'node:http'
import type { Socket } from 'node:net'

/** Answers a request and returns true, or returns false to leave it to Next.js. `pass` hands it to Next.js later. */
export type Answerer = (request: IncomingMessage, response: ServerResponse, pass: () => void) => boolean

/**
 * Refuses a target that is no path, and any method but GET and HEAD outside of /api. Pages can only be read. There are no server
 * actions, and without this Next.js would read and decode the body of a POST to look for one.
 */
export const refuseOdd: Answerer = ({ method = '', url = '' }, response) => {
  const refused = { 'Cache-Control': 'private, no-store', Connection: 'close' }
  if (!url.startsWith('/')) refuse(response, 400, 'That is no address.\n', refused)
  else if (method === 'GET' || method === 'HEAD') return false
  else if (!url.startsWith('/api/'))
    refuse(response, 405, 'This can be read, and nothing else.\n', { ...refused, Allow: 'GET, HEAD' })
  // Next.js knows these methods and answers 500 to others.
  else if (!/^(POST|PUT|PATCH|DELETE|OPTIONS)$/.test(method))
    refuse(response, 405, 'That cannot be done here.\n', { ...refused, Allow: 'GET, HEAD, POST' })
  else return false
  return true
}

/** Answers with a sentence that says why the request is refused. The body of the request is not read. */
export function refuse(response: ServerResponse, status: number, text: string, headers: Record<string, string> = {}) {
  response.writeHead(status, { 'Content-Type': 'text/plain; charset=utf-8', ...headers }).end(text)
}

/** Answers a request that Node.js cannot parse with a sentence. The answers of Node.js itself are empty. */
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
  // After the head of one answer, a second answer cannot follow.
  const isBegun = (socket as { _httpMessage?: ServerResponse })._httpMessage?.headersSent
  if (code !== 'ECONNRESET' && !isBegun) return endWith(socket, status, text)
  socket.destroy()
  return true
}

/** Writes an answer to the socket directly, for input that never became a request. */
export function endWith(socket: Socket, status: string, text: string): true {
  const headers = [
    'Content-Type: text/plain; charset=utf-8',
    'Cache-Control: no-store',
    'X-Content-Type-Options: nosniff',
    `Content-Length: ${text.length + 1}`,
    'Connection: close',
  ]
  // The client may have left, or may go on sending.
  socket.on('error', () => undefined)
  if (socket.writable)
    socket.end([`HTTP/1.1 ${status}`, ...headers, '', `${text}\n`].join('\r\n'), () => socket.destroy())
  else socket.destroy()
  return true
}
