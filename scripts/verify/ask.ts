import { Agent } from 'node:http'
import { type Reply, send } from './http'

export type Asked = { method: string; address: string; headers: Record<string, string>; body?: string }
/** `before` is the redirect that led to this answer; `cut` is set when the answer was still being sent after 20 s. */
export type Answer = {
  status: number
  headers: Record<string, string>
  body: Buffer
  before?: Answer
  cut?: true
}

const agent = new Agent({ keepAlive: true, maxSockets: 32 })
/** How many requests this process has sent. */
export let asked = 0

/**
 * Sends a request to a server of this machine. Redirects are not followed, except one: for a request with the header `RSC` Next.js
 * redirects to the same address with its headers in the query (`_rsc`).
 */
export async function ask(port: number, request: Asked): Promise<Answer> {
  const answer = await askOnce(port, request)
  const { location = '' } = answer.headers
  if (answer.status !== 307 || !/[?&]_rsc\b/.test(location) || !location.startsWith('/')) return answer
  return { ...(await askOnce(port, { ...request, address: location })), before: answer }
}

async function askOnce(port: number, { address, ...request }: Asked): Promise<Answer> {
  asked++
  const options = { ...request, agent, timeout: 60_000, longest: 20_000 }
  const trying = (): Promise<Reply> =>
    send(`http://127.0.0.1:${port}`, options, address).catch((error) => {
      // The next kept connection may have been closed too; in the end a new one is opened.
      if (error.isStale) return trying()
      throw error
    })
  const { status, headers, body, cut } = await trying()
  const flat = Object.entries(headers).map(([name, value]) => [name, [value].flat().join('\n')])
  return { status, headers: Object.fromEntries(flat), body, ...(cut ? { cut } : {}) }
}

/** The Content-Encoding of an answer, or an empty text. */
export const packing = ({ headers }: Answer): string => headers['content-encoding'] ?? ''

/** The headers and the body of an answer, and of the redirect before it, as bytes to search. */
export const wire = ({ headers, body, before }: Answer): Buffer =>
  Buffer.concat([Buffer.from(JSON.stringify(headers)), body, ...(before ? [wire(before)] : [])])

/** Runs `work` on every item, at most `width` at a time. */
export async function inParallel<Item>(items: Iterable<Item>, work: (item: Item) => Promise<void>, width = 8) {
  const waiting = items[Symbol.iterator]()
  const worker = async () => {
    for (let next = waiting.next(); !next.done; next = waiting.next()) await work(next.value)
  }
  await Promise.all(Array.from({ length: width }, worker))
}

/** A variant of a request for an address, which a server may answer in another way. */
export type Variant = { name: string; of: (address: string) => Asked }

const get = (address: string, headers: Record<string, string> = {}): Asked => ({ method: 'GET', address, headers })
const withHeaders = (name: string, headers: Record<string, string>): Variant => ({
  name,
  of: (address) => get(address, headers),
})
const split = (address: string) => {
  const at = address.search(/[?#]|$/)
  return [address.slice(0, at).replace(/(.)\/$/, '$1'), address.slice(at)] as const
}
const withSuffix = (suffix: string, headers: Record<string, string> = {}): Variant => ({
  name: suffix,
  of: (address) => {
    const [path, query] = split(address)
    return get(`${path === '/' ? '/index' : path}${suffix}${query}`, headers)
  },
})
const withQuery = (query: string, headers: Record<string, string> = {}): Variant => ({
  name: `?${query}`,
  of: (address) => get(`${address}${address.includes('?') ? '&' : '?'}${query}`, headers),
})

export const plain: Variant = { name: 'as it is', of: (address) => get(address) }

/**
 * Variants of a request that have let strangers in, in Next.js or in proxies in front of it.
 *
 * @param segments names of segments in the form of the build: `/blog/$c$slug/__PAGE__`.
 * @param draft the slug of a draft, for headers and queries that name a page.
 * @param all repeat the value of `x-middleware-subrequest` once, twice … five times; otherwise five times only.
 */
export function makeVariants(segments: string[], draft: string, all: boolean): Variant[] {
  const prefetch = { RSC: '1', 'Next-Router-Prefetch': '1' }
  const repeated = (name: string) =>
    (all ? [1, 2, 3, 4, 5] : [5]).map((times) =>
      withHeaders(`x-middleware-subrequest: ${name} × ${times}`, {
        'x-middleware-subrequest': Array(times).fill(name).join(':'),
      }),
    )
  return [
    plain,
    withHeaders('RSC', { RSC: '1' }),
    withHeaders('Accept: text/markdown', { Accept: 'text/markdown' }),
    withHeaders('Next-Router-Prefetch', prefetch),
    withHeaders('Next-Router-Prefetch: 2', { ...prefetch, 'Next-Router-Prefetch': '2' }),
    ...segments.map((segment) =>
      withHeaders(`Next-Router-Segment-Prefetch: ${segment}`, { ...prefetch, 'Next-Router-Segment-Prefetch': segment }),
    ),
    withSuffix('.rsc', { RSC: '1' }),
    withSuffix('.rsc'),
    withSuffix('.segments/_tree.segment.rsc', { RSC: '1' }),
    withSuffix('.segments/_full.segment.rsc'),
    withSuffix('.html'),
    withSuffix('.md'),
    withSuffix('.json'),
    withQuery('_rsc=x', { RSC: '1' }),
    withQuery(`nxtPslug=${draft}&nxtPpath=drafts/${draft}`),
    ...['proxy', 'middleware', 'src/middleware'].flatMap(repeated),
    {
      name: 'Next-Action',
      of: (address) => ({
        method: 'POST',
        address,
        headers: { 'Next-Action': '0'.repeat(42), 'Content-Type': 'text/plain;charset=UTF-8' },
        body: '[]',
      }),
    },
    withHeaders('x-forwarded-host', { 'x-forwarded-host': 'elsewhere.example', 'x-forwarded-proto': 'https' }),
    withHeaders('x-matched-path', {
      'x-matched-path': `/drafts/${draft}`,
      'x-now-route-matches': `1=${draft}&nxtPslug=${draft}`,
    }),
    withHeaders('x-invoke-path', {
      'x-invoke-path': `/drafts/${draft}`,
      'x-invoke-query': '{}',
      'x-invoke-status': '200',
      'x-invoke-output': `/drafts/${draft}`,
    }),
    withHeaders('x-middleware-rewrite', {
      'x-middleware-rewrite': `/drafts/${draft}`,
      'x-rewrite-url': `/drafts/${draft}`,
      'x-original-url': `/drafts/${draft}`,
    }),
    withHeaders('x-nextjs-data', { 'x-nextjs-data': '1', 'x-nextjs-rewritten-path': `/drafts/${draft}` }),
    withHeaders('x-prerender-revalidate', {
      'x-prerender-revalidate': '0'.repeat(32),
      Cookie: '__prerender_bypass=0; __next_preview_data=0',
    }),
    withHeaders('a made-up session', {
      Cookie: 'galley.session=x; __Host-galley.session=x; next-auth.session-token=x',
      Authorization: 'Bearer x',
      'x-galley-peer': '127.0.0.1',
    }),
  ]
}
