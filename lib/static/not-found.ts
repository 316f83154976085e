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

/** What is said at an address that nothing has, where Next.js asks for it: with `next dev` and on Vercel. */
export async function missingAnswer(address: string, request: Request, redirectOf: RedirectOf): Promise<Response> {
  const to = redirectOf(address)
  if (to) return new Response(null, { status: 308, headers: { Location: to } })
  const { html, policy } =
    process.env.NODE_ENV === 'production' ? once('not found', readPage) : await askNotFound(request.url)
  return new Response(new Uint8Array(html), { status: 404, headers: { ...toHtml, ...policy } })
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

function readPage(dist = process.env.DIST_DIR || '.next') {
  const file = path.join(/*turbopackIgnore: true*/ dist, 'server', 'app', '_not-found')
  const { headers } = JSON.parse(readFileSync(/*turbopackIgnore: true*/ `${file}.meta`, 'utf8'))
  const policy = headers?.['content-security-policy'] as string | undefined
  return {
    html: readFileSync(/*turbopackIgnore: true*/ `${file}.html`),
    policy: policy ? { 'Content-Security-Policy': policy } : {},
  }
}

/** In development nothing is stored, and Next.js makes the page where it is asked not to come back here (next.config.js). */
async function askNotFound(url: string) {
  const answer = await fetch(url, { headers: { 'x-not-found': '1' } })
  return { html: Buffer.from(await answer.arrayBuffer()), policy: {} }
}
