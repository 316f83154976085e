import { createHash } from 'node:crypto'
import { createReadStream } from 'node:fs'
import { readFile, stat } from 'node:fs/promises'
import type { IncomingMessage, ServerResponse } from 'node:http'
import { pipeline } from 'node:stream'
import { metConditions, wantedPart } from '../server/conditions'
import { type Answerer, refuse } from '../server/refuse'
import { prefersMarkdown } from './accept'
import { accepted, compressed, type Encoding } from './encoding'
import { comesFirst, decoded, listStored, readBuild, routesOf, type Stored, writesOtherwise } from './listing'
import { missingFrom, type RedirectOf } from './not-found'

/** An answer that is ready to be sent. Without `bytes` the file is read at each request. */
type Body = { size: number; tag: string; isText: boolean; headers: Record<string, string>; bytes?: Buffer }

/** The most bytes of bodies that are kept in memory; the body that was used longest ago goes first. */
const MOST = 64_000_000
/** A longer text is sent without compression, because the reader would wait too long for it. */
const LONGEST = 10_000_000

/**
 * Answers requests before Next.js sees them: stored pages, pictures, scripts, style sheets, fonts, files of public/, and unknown
 * addresses. Each body is compressed once, at the best quality; Next.js reads and compresses it at each request. These requests still go
 * to Next.js: routes that answer at request time, addresses with a redirect or proxy.ts, and all pages after a revalidation. The header
 * that asks for React's data instead of HTML is ignored: no page of ours sends it, and a shared cache could mix up the two.
 *
 * @param dist the folder of the build: `.next`.
 * @param decidedAt when the content was compiled: the time at which feeds and other texts for programs say that they have changed. The
 * dates of their files may be older, after unpacking.
 * @returns a function that answers a request, or returns false and leaves it to Next.js.
 */
export function answerFromBuild(dist: string, redirectOf: RedirectOf, decidedAt: () => Date): Answerer {
  const build = readBuild(dist)
  if (writesOtherwise(build)) return () => false
  const stored = listStored(dist, build)
  const isFirst = comesFirst(build)
  const hasRoute = routesOf(build)
  const missing = missingFrom(dist, redirectOf)
  const bodies = new Bodies()
  const forget = () => {
    for (const [address, { kind }] of stored) if (kind !== 'file') stored.delete(address)
  }
  Object.assign(globalThis, { [Symbol.for('galley.forgetStored')]: forget })
  const find = (address: string) => stored.get(decoded(address) ?? '')
  return (request, response, pass) => {
    const [address = '', ...query] = (request.url ?? '').split('?')
    const page = isFirst(address) ? undefined : find(address)
    const found = page?.markdown && prefersMarkdown(request.headers.accept) ? page.markdown : page
    const isReading = request.method === 'GET' || request.method === 'HEAD'
    if (found?.kind === 'file' && !isReading) {
      refuse(response, 405, 'This can be read, and nothing else.\n', {
        Allow: 'GET, HEAD',
        'Cache-Control': 'no-store',
      })
      return true
    }
    if (found && isReading) {
      answer(request, response, found, bodies, decidedAt).catch((error) => {
        // The file could not be read, or it is a page without a policy. Next.js answers with its own error page.
        console.warn(`A stored answer is left to Next.js: ${error.message}`)
        pass()
      })
      return true
    }
    const plain = address.replace(/[/\\]+/g, '/').replace(/(.)\/$/, '$1')
    if (plain === address && hasRoute(address)) return false
    if (plain === address || !(find(plain) || hasRoute(plain))) return missing(request, response, plain)
    response.writeHead(308, { Location: [plain, ...query].join('?'), 'Content-Length': 0 }).end()
    return true
  }
}

async function answer(
  request: IncomingMessage,
  response: ServerResponse,
  stored: Stored,
  bodies: Bodies,
  decidedAt: () => Date,
) {
  const asked = (name: string) => request.headers[name] as string | undefined
  // A range is a part of the bytes without compression. A page is always sent whole.
  const mayBePart = stored.kind !== 'page' && request.method === 'GET' && asked('range') !== undefined
  const body = await bodies.get(stored, mayBePart ? '' : accepted(asked('accept-encoding')))
  // HTTP has dates in whole seconds.
  const made =
    stored.kind === 'route' && body.isText ? new Date(Math.floor(decidedAt().getTime() / 1000) * 1000) : undefined
  const modified = stored.modified ?? made
  const validators = { tag: body.tag, modified }
  const met = metConditions(asked, validators)
  const part = mayBePart ? wantedPart(asked, validators, body.size) : undefined
  if (met === 412) return refuse(response, 412, 'It has changed, or never was like that.\n')
  if (!met && part === 'unsatisfiable')
    return refuse(response, 416, 'It is not that long.\n', { 'Content-Range': `bytes */${body.size}` })
  const { 'Content-Encoding': encoding, ...headers } = body.headers
  const all: Record<string, string> = {
    ...(stored.type ? { 'Content-Type': stored.type } : {}),
    ...stored.headers,
    ...headers,
    ETag: body.tag,
    Vary: 'Accept-Encoding',
    ...(stored.kind === 'page' ? {} : { 'Accept-Ranges': 'bytes' }),
    ...(modified ? { 'Last-Modified': modified.toUTCString() } : {}),
    ...stored.fixed,
  }
  for (const [name, value] of Object.entries(all)) response.setHeader(name, value)
  if (met === 304) {
    response.statusCode = 304
    response.end()
    return
  }
  if (encoding) response.setHeader('Content-Encoding', encoding)
  const { start, end } = typeof part === 'object' ? part : { start: 0, end: body.size - 1 }
  if (typeof part === 'object') {
    response.statusCode = 206
    response.setHeader('Content-Range', `bytes ${start}-${end}/${body.size}`)
  }
  response.setHeader('Content-Length', end - start + 1)
  if (request.method === 'HEAD' || body.size === 0) response.end()
  else if (body.bytes) response.end(body.bytes.subarray(start, end + 1))
  // A browser may close the connection before the end; that is not an error.
  else pipeline(createReadStream(/*turbopackIgnore: true*/ stored.file, { start, end }), response, () => undefined)
}

/** Bodies by file and encoding, the last used at the end. Requests at the same time share one. */
class Bodies {
  #kept = new Map<string, Promise<Body>>()
  #bytes = 0

  get(stored: Stored, encoding: Encoding): Promise<Body> {
    const key = `${encoding} ${stored.file}`
    const kept = this.#kept.get(key)
    if (kept) {
      this.#kept.delete(key)
      this.#kept.set(key, kept)
      return kept
    }
    const made = makeBody(stored, encoding)
    this.#kept.set(key, made)
    made.then(
      (body) => this.#makeRoom(weight(body)),
      () => this.#kept.delete(key),
    )
    return made
  }

  async #makeRoom(added: number) {
    this.#bytes += added
    while (this.#bytes > MOST) {
      const [oldest] = this.#kept
      if (!oldest) return
      this.#kept.delete(oldest[0])
      this.#bytes -= await oldest[1].then(weight, () => 0)
    }
  }
}

/** The memory that a body takes, in bytes. A body without bytes has only its headers. */
const weight = ({ bytes }: Body) => bytes?.length ?? 1000

async function makeBody(stored: Stored, encoding: Encoding): Promise<Body> {
  const { file, kind } = stored
  const headers = kind === 'file' ? {} : await storedHeaders(stored)
  const type = headers['Content-Type'] ?? stored.type
  const { size } = await stat(/*turbopackIgnore: true*/ file)
  const isText = /^(text|image\/svg|application\/(json|xml|manifest|rss|atom|feed))/.test(type)
  // After a 304 a cache keeps its old headers too, so the tag must change when they do.
  const hash = createHash('sha256').update(JSON.stringify([stored.headers, headers]))
  const sum = () => hash.digest('base64url').slice(0, 22)
  if (kind !== 'page' && (!isText || size > LONGEST)) {
    for await (const part of createReadStream(/*turbopackIgnore: true*/ file)) hash.update(part)
    return { size, tag: `"${sum()}"`, isText, headers }
  }
  const plain = await readFile(/*turbopackIgnore: true*/ file)
  hash.update(plain)
  const bytes = await compressed(plain, encoding)
  return {
    size: bytes.length,
    isText,
    bytes,
    tag: `"${sum()}${encoding && `-${encoding}`}"`,
    headers: { ...headers, ...(encoding ? { 'Content-Encoding': encoding } : {}) },
  }
}

/** The headers in the `.meta` file beside a stored answer: those of its route, and the policy that scripts/lighten.ts adds for a page. */
async function storedHeaders({ file, kind }: Stored): Promise<Record<string, string>> {
  const { headers = {} } = JSON.parse(await readFile(/*turbopackIgnore: true*/ file.replace(/\w+$/, 'meta'), 'utf8'))
  if (kind === 'page' && !headers['content-security-policy']) throw new Error(`${file} has no policy`)
  const own = Object.entries(headers as Record<string, string>).filter(([name]) => !name.startsWith('x-next'))
  return Object.fromEntries(
    own.map(([name, value]) => [name.replace(/(^|-)[a-z]/g, (letter) => letter.toUpperCase()), value]),
  )
}
