import { createHash } from 'node:crypto'
import { safelyDecoded } from '../../lib/site/address'
import { fits } from './addresses'
import { type Answer, type Asked, packing, type Variant, wire } from './ask'
import type { Canary } from './canaries'
import type { Build } from './settle'
import { unpack } from './unpack'
import type { Word } from './words'

/** A leak: the file or the request, and what was found there. */
export type Hit = { place: string; what: string }
/** The result of one point of the promise. `counts` say how much was checked. */
export type Point = { point: number; name: string; counts: Record<string, number>; hits: Hit[]; note?: string }
/** How many requests are made: the commonest only, some of each kind, or all in every variant. */
export type Extent = 'quick' | 'usual' | 'all'
/** The data that all points share. */
export type Site = {
  copy: string
  /** The copy without drafts. */
  without: string
  /** The builds of both copies, in this order. */
  builds: [Build, Build]
  canaries: Canary[]
  words: Word[]
  find: (bytes: Uint8Array) => Word[]
  ownSlugs: string[]
  segments: string[]
  settings: Record<string, string>
  extent: Extent
  /** What was not checked or only in part, and how often. */
  unseen: Map<string, number>
}

export const named = ({ field, of }: Word) => `${field} of ${of}`

/** Notes something that was not checked. */
export const leftOut = ({ unseen }: Pick<Site, 'unseen'>, what: string) => unseen.set(what, (unseen.get(what) ?? 0) + 1)

/** The words in some bytes and in everything packed in them. `how` says how a word was packed, such as `gzip`; it is empty for plain text. */
export function searchDeep(site: Site, bytes: Buffer, hint: string, place: string): { word: Word; how: string }[] {
  const found = new Map<Word, string>(site.find(bytes).map((word) => [word, '']))
  const { layers, unopened } = unpack(bytes, hint)
  for (const what of unopened) leftOut(site, `${what} (${place})`)
  for (const layer of layers)
    for (const word of site.find(layer.bytes)) if (!found.has(word)) found.set(word, layer.how)
  return [...found].map(([word, how]) => ({ word, how }))
}

const seen = new Map<string, { word: Word; how: string }[]>()

/** The words in an answer that were not in the request. An answer that repeats its address is no leak. */
export function leaks(site: Site, request: Asked, answer: Answer): Word[] {
  return leaksDeep(site, request, answer).map(({ word }) => word)
}

export function leaksDeep(site: Site, request: Asked, answer: Answer): { word: Word; how: string }[] {
  const head = site.find(wire({ ...answer, body: Buffer.alloc(0) })).map((word) => ({ word, how: '' }))
  const [, ending = ''] = /\.(\w+)$/.exec(request.address.split('?')[0] ?? '') ?? []
  const hint = packing(answer) || ending
  // Most answers are the same 404 page.
  const key = createHash('sha1').update(answer.body).digest('base64') + hint
  const body = seen.get(key) ?? searchDeep(site, answer.body, hint, request.address.split('?')[0] ?? '')
  seen.set(key, body)
  const found = [...head, ...body]
  if (found.length === 0) return found
  const { address, headers, body: sentBody = '' } = request
  const all = `${address}\n${safelyDecoded(address)}\n${JSON.stringify(headers)}\n${sentBody}\n${safelyDecoded(sentBody)}`
  // A request may contain a word in base64 or hexadecimal.
  const sent = [Buffer.from(all), ...unpack(Buffer.from(all)).layers.map(({ bytes }) => bytes)].flatMap(site.find)
  return found.filter(({ word }) => !word.isAllowed?.(address) && !sent.includes(word))
}

export const asEditor = (request: Asked, cookie: string): Asked => ({
  ...request,
  headers: { ...request.headers, Cookie: [request.headers.Cookie, cookie].filter(Boolean).join('; ') },
})

/** The canary that gets the most requests: a draft with a picture. */
export function chiefOf({ canaries }: Site): Canary {
  const chief = canaries.find(({ status, original }) => status === 'draft' && original)
  if (!chief) throw new Error('There is no canary draft with a picture.')
  return chief
}

/** Where a post or a picture would be, not only be named. */
export const isMain = (address: string) =>
  /^\/(blog\/[^/]+|drafts\/[^/]+|og\/blog|media|api\/draft-media)\/[^?]*$/.test(address)

export const isCommon = ({ name }: Variant) => /^(as it is|RSC|Next-Router-Prefetch|\.rsc|.*: proxy × 5)$/.test(name)

/** An address in each way that fits it. */
export function pairs(address: string, variants: Variant[]): [string, Variant][] {
  const segment = /^Next-Router-Segment-Prefetch: (.*)/
  return variants
    .filter(({ name }) => fits(segment.exec(name)?.[1] ?? '/_', address))
    .map((variant) => [address, variant])
}

/** At most `count` of the items, evenly spread. */
export const spread = <Item>(items: Item[], count: number) =>
  items.length <= count
    ? items
    : Array.from({ length: count }, (_, at) => items[Math.floor((at * items.length) / count)] as Item)
