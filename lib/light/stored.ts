import { createHash } from 'node:crypto'
import { readdirSync, readFileSync } from 'node:fs'
import { readFile } from 'node:fs/promises'
import type { IncomingMessage, ServerResponse } from 'node:http'
import path from 'node:path'
import { promisify } from 'node:util'
import { brotliCompress, constants, gzip } from 'node:zlib'
import { type Answerer, pageCaching } from '../requests'

/** What one address answers with. `file` is read when it is first asked for. */
type Stored = { file: string; type: string; headers: Record<string, string> }
type Encoding = 'br' | 'gzip' | ''
type Body = { bytes: Buffer; tag: string; headers: Record<string, string> }

/** Bodies that are kept in memory, those asked for last: at most this many bytes. */
const MOST = 64_000_000

const TYPES: Record<string, string> = {
  js: 'text/javascript; charset=utf-8',
  css: 'text/css; charset=utf-8',
  svg: 'image/svg+xml',
  woff2: 'font/woff2',
}

/**
 * Answers for what a build has stored (pages, scripts, style sheets, fonts) before Next.js looks at the request: from
 * memory, compressed once and at its best, where Next.js reads, copies and compresses each time. What it does not know
 * goes on to Next.js, and so does everything after a revalidation. A page is the same whether or not it is asked for
 * as React's data: none of ours asks for that, and caches cannot be made to mix them up.
 *
 * @param dist where the build is: `.next`.
 */
export function answerFromStore(dist: string): Answerer {
  const stored = listStored(dist)
  const bodies = new Bodies()
  Object.assign(globalThis, { [Symbol.for('galley.forgetStored')]: () => stored.clear() })
  return (request, response, pass) => {
    const found = wanted(request.url ?? '', stored)
    if (!found) return false
    answer(request, response, found, bodies).catch((error) => {
      // A file could not be read, or is a page that is not light: Next.js knows what to say.
      console.warn(`A stored page is left to Next.js: ${error.message}`)
      pass()
    })
    return true
  }
}

function wanted(url: string, stored: Map<string, Stored>): Stored | undefined {
  const end = url.search(/[?#]/)
  const address = end < 0 ? url : url.slice(0, end)
  const found = stored.get(address)
  if (found || !address.includes('%')) return found
  try {
    return stored.get(decodeURIComponent(address))
  } catch {
    return undefined
  }
}

async function answer(request: IncomingMessage, response: ServerResponse, stored: Stored, bodies: Bodies) {
  const encoding = /^(text|image\/svg)/.test(stored.type) ? accepted(request.headers['accept-encoding']) : ''
  const { bytes, tag, headers } = await bodies.get(stored, encoding)
  const all: Record<string, string> = {
    'Content-Type': stored.type,
    ...stored.headers,
    ...headers,
    ETag: tag,
    Vary: 'Accept-Encoding',
  }
  for (const [name, value] of Object.entries(all)) response.setHeader(name, value)
  if (matches(request.headers['if-none-match'], tag)) {
    response.statusCode = 304
    response.end()
    return
  }
  if (encoding) response.setHeader('Content-Encoding', encoding)
  response.setHeader('Content-Length', bytes.length)
  response.end(request.method === 'HEAD' ? undefined : bytes)
}

/** @returns the best encoding a client takes: RFC 9110 §12.5.3. */
export function accepted(header: string | string[] = ''): Encoding {
  const takes = new Map(
    String(header)
      .split(',')
      .map((part) => {
        const [name = '', ...parameters] = part.split(';').map((word) => word.trim().toLowerCase())
        const weight = parameters.find((parameter) => parameter.startsWith('q='))
        return [name, weight ? Number(weight.slice(2)) : 1]
      }),
  )
  const any = takes.get('*') ?? 0
  if ((takes.get('br') ?? any) > 0) return 'br'
  return (takes.get('gzip') ?? any) > 0 ? 'gzip' : ''
}

/** Whether a client has what it asks for: RFC 9110 §13.1.2, weak comparison. */
function matches(header: string | undefined, tag: string): boolean {
  if (!header) return false
  return header.split(',').some((each) => each.trim().replace(/^W\//, '') === tag || each.trim() === '*')
}

/** Bodies by file and encoding, the last used at the end. Each is made once, however many ask at a time. */
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
      ({ bytes }) => this.#makeRoom(bytes.length),
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
      this.#bytes -= await oldest[1].then(
        ({ bytes }) => bytes.length,
        () => 0,
      )
    }
  }
}

async function makeBody({ file, type }: Stored, encoding: Encoding): Promise<Body> {
  const plain = await readFile(/*turbopackIgnore: true*/ file)
  const sum = createHash('sha256').update(plain).digest('base64url').slice(0, 22)
  const headers = type.startsWith('text/html') ? await policyOf(file) : {}
  const bytes =
    encoding === 'br' ? await brotli(plain) : encoding === 'gzip' ? await gzipped(plain, { level: 9 }) : plain
  return { bytes, tag: `"${sum}${encoding && `-${encoding}`}"`, headers }
}

/** A text of a megabyte takes seconds at the best quality, and its reader would wait for them. */
const brotli = (bytes: Buffer) =>
  promisify(brotliCompress)(bytes, {
    params: {
      [constants.BROTLI_PARAM_QUALITY]: bytes.length > 200_000 ? 9 : 11,
      [constants.BROTLI_PARAM_SIZE_HINT]: bytes.length,
    },
  })
const gzipped = promisify(gzip)

/** The policy that scripts/lighten.ts has put beside a page. */
async function policyOf(file: string): Promise<Record<string, string>> {
  const { headers } = JSON.parse(await readFile(/*turbopackIgnore: true*/ file.replace(/html$/, 'meta'), 'utf8'))
  const policy = headers?.['content-security-policy']
  if (!policy) throw new Error(`${file} is not a light page`)
  return { 'Content-Security-Policy': policy }
}

/** Every address that has a finished answer, decoded. Pages that Next.js is to make again by themselves are left to it. */
function listStored(dist: string): Map<string, Stored> {
  const stored = new Map<string, Stored>()
  const manifest = path.join(/*turbopackIgnore: true*/ dist, 'prerender-manifest.json')
  const { routes } = JSON.parse(readFileSync(manifest, 'utf8')) as {
    routes: Record<
      string,
      { initialRevalidateSeconds: number | false; dataRoute: string | null; initialStatus?: number }
    >
  }
  for (const [address, { initialRevalidateSeconds, dataRoute, initialStatus }] of Object.entries(routes)) {
    if (initialRevalidateSeconds !== false || !dataRoute || (initialStatus ?? 200) !== 200) continue
    if (address.startsWith('/_')) continue
    stored.set(address, {
      file: path.join(/*turbopackIgnore: true*/ dist, 'server', 'app', `${address === '/' ? 'index' : address}.html`),
      type: 'text/html; charset=utf-8',
      headers: { 'Cache-Control': pageCaching },
    })
  }
  for (const [address, folder] of [
    ['/_next/static', path.join(/*turbopackIgnore: true*/ dist, 'static')],
    ['/assets', path.join(/*turbopackIgnore: true*/ process.cwd(), 'public', 'assets')],
  ] as const) {
    for (const name of readdirSync(/*turbopackIgnore: true*/ folder, { recursive: true, encoding: 'utf8' })) {
      const type = TYPES[name.split('.').pop() ?? '']
      if (!type || path.basename(name).startsWith('.')) continue
      stored.set(`${address}/${name.split(path.sep).join('/')}`, {
        file: path.join(/*turbopackIgnore: true*/ folder, name),
        type,
        headers: { 'Cache-Control': 'public, max-age=31536000, immutable' },
      })
    }
  }
  return stored
}
