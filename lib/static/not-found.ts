import { readFileSync } from 'node:fs'
import type { IncomingMessage, ServerResponse } from 'node:http'
import path from 'node:path'
import { pageCaching } from '../server/caching'
import { once } from '../server/process-wide'
import { decode } from '../site/address'
import { accepted, compressed, type Encoding } from './encoding'

/** Where an address that has no page leads now, both decoded; nothing when it leads nowhere. */
export type RedirectOf = (address: string) => string | undefined

const toHtml = { 'Content-Type': 'text/html; charset=utf-8', 'Cache-Control': pageCaching }

/** What is said at an address that nothing has, where Next.js asks for it: on Vercel, and of an old address with `next dev`. */
export function missingAnswer(address: string, redirectOf: RedirectOf): Response {
  const to = redirectOf(address)
  if (to) return new Response(null, { status: 308, headers: { Location: to } })
  // A development server has no stored page, and gets here with an old address only.
  if (process.env.NODE_ENV !== 'production') return new Response('Nothing is here.\n', { status: 404 })
  const { html, policy } = once('not found', readPage)
  return new Response(new Uint8Array(html), { status: 404, headers: { ...toHtml, ...policy } })
}

/** Sends a request of a development server for an old address to where Next.js asks `missingAnswer` (app/moved). */
export const toMoved = (redirectOf: RedirectOf) => (request: IncomingMessage) => {
  const [address = ''] = (request.url ?? '').split('?')
  try {
    if (redirectOf(address.split('/').map(decode).join('/'))) request.url = `/moved${address}`
  } catch {
    // Without a manifest the pages say what is wrong; an error here would end the server.
  }
}

/** Only files are below these: a browser that asks for one shows no page. */
const files = /^\/(_next|assets|media|video)\//

/**
 * The same for a server of our own: it says where an address leads now (an old one, another spelling), or that there is none, with the
 * page that the build has stored. `notFound()` would make that anew, with all of its scripts.
 *
 * @returns what takes a request, and the address to look up.
 */
export function missingFrom(dist: string, redirectOf: RedirectOf) {
  const { html, policy } = readPage(dist)
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
    // Below /drafts the headers of all answers are set, and say more.
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

function readPage(dist = process.env.DIST_DIR || '.next'): {
  html: Buffer<ArrayBuffer>
  policy: Record<string, string>
} {
  const file = path.join(/*turbopackIgnore: true*/ dist, 'server', 'app', '_not-found')
  const { headers } = JSON.parse(readFileSync(/*turbopackIgnore: true*/ `${file}.meta`, 'utf8'))
  const policy = headers?.['content-security-policy'] as string | undefined
  return {
    html: readFileSync(/*turbopackIgnore: true*/ `${file}.html`),
    policy: policy ? { 'Content-Security-Policy': policy } : {},
  }
}
