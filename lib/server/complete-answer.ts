import type { ServerResponse } from 'node:http'
import { pageCaching } from './caching'
import { isDraining } from './drain'
import { barePolicy } from './policies.mjs'
import { plainDocument } from './refusal-page'

/** Routes set this instead of Content-Length, which Next.js 16.4.6 removes; `tellLength` renames it. Players want to know the length first. */
export const lengthHeader = 'X-Galley-Length'

/**
 * Adds the missing headers when the head of an answer is written. An error without a body, for example of a route that throws, gets a
 * page that says so and shows the id of the request.
 */
export function completeAnswer(response: ServerResponse, id: string, isHttps: boolean) {
  const write = response.writeHead as (...given: unknown[]) => ServerResponse
  const end = response.end as (...given: unknown[]) => ServerResponse
  let page = ''
  const add = (name: string, value: string) => response.hasHeader(name) || response.setHeader(name, value)
  response.writeHead = function (this: ServerResponse, status: number, ...given: unknown[]) {
    if (isBlank(status) && !response.hasHeader('Content-Type') && !given.some((one) => typeof one === 'object')) {
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
    // Next.js lets shared caches keep its pages for a year, but the next build may come in a minute.
    const caching = /^s-maxage=31536000\b/.test(said) ? pageCaching : said
    if (caching) response.setHeader('Cache-Control', caching)
    const type = String(response.getHeader('Content-Type') ?? '')
    if (status !== 304 && (!type || type.startsWith('text/html'))) {
      // In development pages have no policy.
      if (process.env.NODE_ENV === 'production') add('Content-Security-Policy', barePolicy())
      add('Cross-Origin-Opener-Policy', 'same-origin')
      add('Cross-Origin-Resource-Policy', 'same-origin')
      // app/error.tsx reads the id of the request here and shows it.
      if (!caching.startsWith('public')) add('Server-Timing', `request;desc="${id}"`)
    }
    return write.call(response, status, ...given)
  } as typeof response.writeHead
  response.end = function (this: ServerResponse, ...given: unknown[]) {
    if (!isBlank(response.statusCode)) return end.apply(response, given)
    if (!response.headersSent) response.writeHead(response.statusCode)
    return page ? end.call(response, page) : end.apply(response, given)
  } as typeof response.end
}

/** Whether people may see this error as an empty page. Only programs send the headers that lead to 412 or 416. */
const isBlank = (status: number) => status >= 400 && status !== 412 && status !== 416

/** Renames the header `lengthHeader`, which a route has set, to Content-Length. */
export function tellLength(response: ServerResponse) {
  const set = response.setHeader.bind(response)
  response.setHeader = (name, value) =>
    name.toLowerCase() === lengthHeader.toLowerCase() ? set('Content-Length', String(value)) : set(name, value)
}
