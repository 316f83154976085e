/** The HTTP client of `npm run verify:drafts` and of the tests. It sends requests that `fetch` refuses or changes. */
import http from 'node:http'
import https from 'node:https'

export type Asked = {
  method?: string
  headers?: http.OutgoingHttpHeaders
  body?: string | Buffer
  /** Keeps connections open between requests. Without an agent each request opens its own. */
  agent?: http.Agent | https.Agent
  /** The address that the request comes from: `127.0.0.1`, or `127.0.0.2` for a client that no proxy trusts. */
  from?: string
  /** Milliseconds of silence after which the request fails. */
  timeout?: number
  /** Milliseconds after which an answer that has begun is cut: a stream of events never ends. */
  longest?: number
}

export type Reply = {
  status: number
  headers: http.IncomingHttpHeaders
  /** Names and values as they were sent, in turn. */
  rawHeaders: string[]
  body: Buffer
  ms: number
  /** The answer was longer than `longest`, and the rest is missing. */
  cut?: true
}

/**
 * Sends one request. Redirects are not followed, and certificates are not checked.
 *
 * @param target the path as it stands in the request line, `..` and `//` included; that of the URL if it is not given.
 * @throws when the connection fails; the error has `isStale` when a kept connection was closed just as it was used again.
 */
export function send(url: string, asked: Asked = {}, target?: string): Promise<Reply> {
  const started = performance.now()
  const { protocol, hostname, port, pathname, search } = new URL(url)
  const { method = 'GET', headers = {}, body, agent, from, timeout, longest } = asked
  const path = target ?? `${pathname}${search}`
  return new Promise((resolve, reject) => {
    const options = {
      hostname,
      port,
      path,
      method,
      headers,
      agent: agent ?? false,
      // All servers of ours listen on IPv4, and `localhost` may mean IPv6 first.
      family: 4,
      ...(from ? { localAddress: from } : {}),
      ...(timeout ? { timeout } : {}),
      ...(protocol === 'https:' ? { rejectUnauthorized: false, servername: hostname } : {}),
    }
    const sent = (protocol === 'https:' ? https : http).request(options, (answer) => {
      const chunks: Buffer[] = []
      const { statusCode: status = 0, headers, rawHeaders } = answer
      const done = (cut?: true) => {
        clearTimeout(timer)
        const ms = performance.now() - started
        resolve({ status, headers, rawHeaders, body: Buffer.concat(chunks), ms, ...(cut ? { cut } : {}) })
      }
      const timer = longest
        ? setTimeout(() => {
            done(true)
            sent.destroy()
          }, longest)
        : undefined
      answer.on('data', (chunk) => chunks.push(chunk))
      answer.on('end', () => done())
      answer.on('error', (error) => {
        clearTimeout(timer)
        reject(error)
      })
    })
    sent.on('timeout', () => sent.destroy(new Error(`${method} ${path} was not answered within ${timeout} ms.`)))
    sent.on('error', (error: NodeJS.ErrnoException) =>
      reject(Object.assign(error, { isStale: sent.reusedSocket && error.code === 'ECONNRESET' })),
    )
    sent.end(body)
  })
}
