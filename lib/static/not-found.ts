import { statSync } from 'node:fs'
import type { IncomingMessage, ServerResponse } from 'node:http'
import path from 'node:path'
import { pageCaching } from '../server/caching'
import { once } from '../server/process-wide'
import { decode } from '../site/address'
import { accepted, compressed, type Encoding } from './encoding'
import { readStoredPage } from './stored-page'

/** The new address of an old one, both decoded; nothing when there is no redirect. */
export type RedirectOf = (address: string) => string | undefined

const toHtml = { 'Content-Type': 'text/html; charset=utf-8', 'Cache-Control': pageCaching }

/** The answer at an unknown address: a redirect or 404. Next.js asks for it on Vercel, and in `next dev` for an old address. */
export function missingAnswer(address: string, redirectOf: RedirectOf): Response {
  const to = redirectOf(address)
  if (to) return new Response(null, { status: 308, headers: { Location: to } })
  // A development server has no stored page. Only old addresses get here, so this is a redirect that has just been removed.
  if (process.env.NODE_ENV !== 'production') return new Response('Nothing is here.\n', { status: 404 })
  const { html, policy } = once('not found', () => readStoredPage('_not-found'))
  return new Response(new Uint8Array(html), { status: 404, headers: { ...toHtml, ...policy } })
}

/** In development, rewrites a request for an old address to app/moved, which answers with `missingAnswer`. */
export const toMoved = (redirectOf: RedirectOf) => (request: IncomingMessage) => {
  const [asked = ''] = (request.url ?? '').split('?')
  // Next.js would redirect to the rewritten address without its slash.
  const address = asked.endsWith('/') ? asked.slice(0, -1) : asked
  try {
    if (isOwners(address)) return
    if (redirectOf(address.split('/').map(decode).join('/'))) request.url = `/moved${address}`
  } catch {
    // Pages say that the manifest is missing. An error thrown here would end the server.
  }
}

/** Whether the owner has a file in public/ or a route in app/ at an address, which the build would serve before any redirect. */
const isOwners = (address: string) => {
  const parts = address.split('/').map(decode).filter(Boolean)
  const inApp = ['page.tsx', 'route.ts'].map((name) => path.join(/*turbopackIgnore: true*/ 'app', ...parts, name))
  return !parts.includes('..') && [path.join(/*turbopackIgnore: true*/ 'public', ...parts), ...inApp].some(isFileAt)
}
const isFileAt = (file: string) =>
  statSync(/*turbopackIgnore: true*/ file, { throwIfNoEntry: false })?.isFile() ?? false

/** Below these are only files, so a 404 is one line of text: a browser would not show a page. */
const files = /^\/(_next|assets|media|og|video)\//

/**
 * The same for our own server: it redirects an old address, and answers any other with the 404 page that the build has stored.
 * `notFound()` would render that page at each request, with all scripts of the framework.
 *
 * @returns a function that answers a request, given the address to look up.
 */
export function missingFrom(dist: string, redirectOf: RedirectOf) {
  const { html, policy } = readStoredPage('_not-found', dist)
  const bodies = new Map<Encoding, Promise<Buffer>>()
  const say = async (request: IncomingMessage, response: ServerResponse, address: string) => {
    const to = redirectOf(address.split('/').map(decode).join('/'))
    if (to) {
      const headers = { Location: to, 'Content-Length': 0, 'Cache-Control': pageCaching }
      return response.writeHead(308, headers).end()
    }
    const isFile = files.test(address)
    const encoding = isFile ? '' : accepted(request.headers['accept-encoding'])
    if (!bodies.has(encoding)) bodies.set(encoding, compressed(html, encoding))
    const body = isFile ? Buffer.from('Nothing is here.\n') : await bodies.get(encoding)
    // Answers below /drafts have stricter headers already; they stay.
    const headers = { ...toHtml, ...policy, Vary: 'Accept-Encoding', 'Content-Length': body?.length }
    for (const [name, value] of Object.entries(headers))
      if (value !== undefined && !response.hasHeader(name)) response.setHeader(name, value)
    if (isFile) response.setHeader('Content-Type', 'text/plain; charset=utf-8')
    if (encoding) response.setHeader('Content-Encoding', encoding)
    response.writeHead(404).end(request.method === 'HEAD' ? undefined : body)
  }
  return (request: IncomingMessage, response: ServerResponse, address: string): true => {
    say(request, response, address).catch((error) => {
      console.error(`Request ${request.headers['x-request-id']} failed: ${error.message}`)
      response.writeHead(500).end()
    })
    return true
  }
}
