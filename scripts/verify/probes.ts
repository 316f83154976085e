import { encodePath } from '../../lib/site/address'
import type { Asked } from './ask'
import type { Kind, Reads } from './request'
import type { Route } from './routes'
import { lesser, type Values } from './values'

/** A request to a route, and a name of the way it asks, for the report. */
export type Probe = { request: Asked; way: string }

/** Parameter names that are tried on every route. */
const USUAL = 'slug id q query title tag post name key file draft preview page limit all'.split(' ')
const SUFFIXES = ['.json', '.md', '.png', '.txt', '.xml', '.html', '.rsc', '.svg']
/** Headers that belong to the connection, or that Node.js or Next.js use themselves. */
const NOT_SENT = new Set(
  'host connection content-length content-type transfer-encoding upgrade expect te trailer keep-alive cookie set-cookie date'.split(
    ' ',
  ),
)
/** Whether a text can be the name of a header or a cookie: the common part of RFC 9110 §5.6.2. */
const isToken = (name: string) => /^[\w.-]+$/.test(name)
const isAscii = (text: string) => /^[\x20-\x7e]*$/.test(text)

const get = (address: string, headers: Record<string, string> = {}): Asked => ({ method: 'GET', address, headers })
const query = (address: string, names: Record<string, string>) =>
  Object.keys(names).length > 0 ? `${address}?${new URLSearchParams(names)}` : address
const each = (names: string[], value: string) => Object.fromEntries(names.map((name) => [name, value]))

/** The address of a route with a text in place of each bracket. */
function fill(page: string, texts: string[]): string {
  const left = [...texts]
  const parts = page.split('/').map((part) => {
    if (!part.startsWith('[')) return part
    const text = left.shift() ?? ''
    return part.includes('...') ? encodePath(text) : encodeURIComponent(text)
  })
  return parts.join('/')
}

/** Addresses of a route: its brackets filled with names of drafts, and with texts that its source compares with. */
function addressesOf({ page, reads }: Route, { short, slugs, pictures }: Values): string[] {
  const open = page.split('/').filter((part) => part.startsWith('['))
  if (open.length === 0) return [page]
  const literals = [...reads.literals].filter((text) => isToken(text) && text.length < 40).slice(0, 8)
  const two = short.slice(0, 2)
  const texts = [
    ...short,
    ...slugs.slice(0, 12),
    ...two.flatMap((slug) => SUFFIXES.map((suffix) => `${slug}${suffix}`)),
    ...literals,
  ]
  const pairs = literals.flatMap((word) =>
    two.flatMap((text) => [
      [word, text],
      [text, word],
    ]),
  )
  if (open.length === 1) {
    // `/posts/[...path]` as `/posts/json/<slug>` or `/posts/<slug>/json`, where its source knows `json`.
    const longer = open[0]?.includes('...') ? pairs.map((pair) => pair.join('/')) : []
    return [...new Set([...texts, ...longer])].map((text) => fill(page, [text]))
  }
  const last = (word = '', text = '') => fill(page, [...Array(open.length - 1).fill(word), text])
  return [
    ...texts.map((text) => fill(page, Array(open.length).fill(text))),
    ...[
      ...pairs,
      ...two.flatMap((text) => [
        ['1', text],
        [text, '1'],
        ['en', text],
      ]),
    ].map(([word, text]) => last(word, text)),
    ...slugs.filter((slug) => slug.includes('/')).map((slug) => fill(page, [...slug.split('/'), '1', '1'])),
    ...pictures.map(({ hash, name }) => last(hash, name)),
  ]
}

const namesIn = ({ names, mentioned, asked }: Reads, kind: Kind) =>
  [...new Set([...asked, ...names.keys(), ...mentioned])].filter((name) => {
    const kinds = names.get(name)
    return !kinds || kinds.has(kind) || kinds.size > 1
  })

/** Gives every name the same value; then names that the source compares with a text get that text, all of them and one by one. */
function* fillings(reads: Reads, names: string[], short: string[]): Generator<[string, Record<string, string>]> {
  for (const text of short) yield ['every parameter', each(names, text)]
  const paired = [...reads.paired].filter(([name]) => names.includes(name)).slice(0, 6)
  const most = Math.max(0, ...paired.map(([, texts]) => texts.size))
  for (let at = 0; at < Math.min(most, 4); at++) {
    const compared = paired.map(([name, texts]) => [name, [...texts][at % texts.size] ?? ''])
    for (const text of short) yield ['with what it compares', { ...each(names, text), ...Object.fromEntries(compared) }]
  }
  if (paired.length < 2) return
  for (const [name, texts] of paired)
    for (const literal of [...texts].slice(0, 3))
      for (const text of short.slice(0, 2)) yield ['with what it compares', { ...each(names, text), [name]: literal }]
}

/** Further requests to a route: numbers, dates, words and all names of drafts, in its address and in every parameter. */
export function* moreProbesOf({ page, reads, fixed, methods }: Route, values: Values, self: string): Generator<Probe> {
  if (fixed && methods.length === 0) return
  const own = namesIn(reads, 'value')
  const names = [...new Set([...own, ...USUAL])].slice(0, 80)
  const slots = page.split('[').length - 1
  const [first = ''] = values.short
  for (const text of lesser(values).all) {
    const place = fill(page, Array(slots).fill(text || first))
    if (slots > 0 && text && !fixed) yield { request: get(place), way: 'by its address' }
    const asked = slots > 0 ? fill(page, Array(slots).fill(first)) : page
    if (own.length > slots && !fixed) yield { request: get(query(asked, each(names, text))), way: 'every parameter' }
    const headers = { Origin: self, 'Sec-Fetch-Site': 'same-origin', 'Content-Type': 'application/json' }
    for (const method of own.length > 0 ? methods.slice(0, 1) : [])
      yield {
        request: { method, address: asked, headers, body: JSON.stringify(each(names, text)) },
        way: 'JSON, every parameter',
      }
  }
}

/** The requests that every route gets. @param self the origin that the server takes for its own. */
export function* probesOf(route: Route, values: Values, self: string): Generator<Probe> {
  const { page, reads, fixed, methods } = route
  const isOpen = page.includes('[')
  const addresses = addressesOf(route, values)
  for (const address of fixed ? [] : addresses) yield { request: get(address), way: 'by its address' }
  const names = [...new Set([...namesIn(reads, 'value'), ...USUAL])].slice(0, 80)
  const place = addresses[0] ?? page
  const [first = '', second = ''] = values.short
  if (!fixed) {
    for (const [way, given] of fillings(reads, names, values.short)) yield { request: get(query(place, given)), way }
    for (const name of [...reads.asked].slice(0, 10))
      for (const text of [first, second, '1'])
        yield { request: get(query(place, { [name]: text })), way: `${name} alone` }
    for (const text of route.source?.includes('/page.') ? [first, second] : [])
      yield { request: get(query(place, each(names, text)), { RSC: '1' }), way: 'every parameter, RSC' }
    yield* headerProbes(reads, values, [place, query(place, each(names, first))])
  }
  for (const [at, method] of methods.entries()) {
    const headers = { Origin: self, 'Sec-Fetch-Site': 'same-origin' }
    for (const address of isOpen ? addresses.slice(0, at === 0 ? 12 : 4) : [])
      yield { request: { method, address, headers }, way: 'by its address' }
    yield* bodyProbes(reads, at === 0 ? values : { ...values, short: [first, second] }, names, method, place, self)
  }
}

function* headerProbes(reads: Reads, { short, slugs }: Values, places: string[]): Generator<Probe> {
  const headers = namesIn(reads, 'header').filter((name) => isToken(name) && !NOT_SENT.has(name.toLowerCase()))
  const cookies = namesIn(reads, 'cookie').filter(isToken).slice(0, 40)
  const texts = [...new Set([...short, ...slugs.slice(0, 3), ...[...reads.literals].slice(0, 4)])].filter(isAscii)
  for (const text of texts)
    for (const address of places) {
      if (headers.length > 0) yield { request: get(address, each(headers.slice(0, 40), text)), way: `headers: ${text}` }
      const Cookie = cookies.map((name) => `${name}=${encodeURIComponent(text)}`).join('; ')
      if (Cookie) yield { request: get(address, { Cookie }), way: `cookies: ${text}` }
    }
  for (const text of short.slice(0, 2).filter(isAscii))
    yield { request: get(places[1] ?? '', { Authorization: `Bearer ${text}` }), way: `Authorization: ${text}` }
}

function* bodyProbes(
  reads: Reads,
  values: Values,
  names: string[],
  method: string,
  address: string,
  self: string,
): Generator<Probe> {
  const send = (type: string, body: string, way: string, to = address): Probe => ({
    request: {
      method,
      address: to,
      headers: { Origin: self, 'Sec-Fetch-Site': 'same-origin', ...(type ? { 'Content-Type': type } : {}) },
      body,
    },
    way,
  })
  yield send('', '', 'nothing')
  for (const [way, given] of fillings(reads, names, values.short)) {
    yield send('application/json', JSON.stringify(given), `JSON, ${way}`)
    yield send('application/x-www-form-urlencoded', `${new URLSearchParams(given)}`, `form, ${way}`)
  }
  const boundary = 'galley-verification'
  for (const text of values.short) {
    const flat = each(names, text)
    const typed = /^\d+$/.test(text) ? Number(text) : text === 'true' ? true : text
    const all = <Value>(value: Value) => Object.fromEntries(names.map((name) => [name, value]))
    const kinds: [string, unknown][] = [
      ['values', all(typed)],
      ['lists', all([text])],
      ['objects', all(flat)],
      ['lists of objects', all([flat])],
      ['a text', text],
      ['a list', [text]],
      ['a list of objects', [flat]],
    ]
    for (const [way, json] of kinds) yield send('application/json', JSON.stringify(json), `JSON, ${way}`)
    yield send('text/plain', text, 'text')
    const parts = names.map(
      (name) => `--${boundary}\r\nContent-Disposition: form-data; name="${name}"\r\n\r\n${text}\r\n`,
    )
    yield send(`multipart/form-data; boundary=${boundary}`, `${parts.join('')}--${boundary}--\r\n`, 'form in parts')
    yield send('', '', 'every parameter', query(address, flat))
  }
}

/** Requests to server functions (`'use server'`), by the ids that the build gives them, each on a page that uses the function. */
export function* actionProbes(actions: [string, string][], { short }: Values, self: string): Generator<Probe> {
  for (const [action, page] of actions)
    for (const text of short)
      for (const body of [JSON.stringify([text]), JSON.stringify([{ slug: text, id: text, tag: text, q: text }])])
        yield {
          request: {
            method: 'POST',
            address: fill(page, Array(page.split('[').length).fill(text)),
            headers: { Origin: self, 'Next-Action': action, 'Content-Type': 'text/plain;charset=UTF-8' },
            body,
          },
          way: 'a function of the server',
        }
}
