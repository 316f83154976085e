/**
 * Part of `node scripts/bench.mjs search NUMBER`: measures the search of a compiled blog (CONTENT_DIR, STORE_DIR), by the parts that a site
 * serves. Needs Chromium (CHROMIUM=/path/to/it).
 */
import { readdirSync, readFileSync, statSync } from 'node:fs'
import { createServer, type ServerResponse } from 'node:http'
import path from 'node:path'
import { gzipSync } from 'node:zlib'
import { chromium } from '@playwright/test'
import compiled from '../.contentlayer/compiled.json'
import { makeFinder } from '../lib/posts/find'
import { pagePolicy, workerPolicy } from '../lib/server/policies.mjs'
import type { Manifest } from '../lib/store/manifest'
import { headingsFile, manifestFile, searchDir, searchFile } from '../lib/store/paths'
import type { Headings, SearchPart } from '../lib/store/types'
import { madeUp } from './samples.mjs'

const read = (file: string) => JSON.parse(readFileSync(file, 'utf8'))
const parts: SearchPart[] = read(searchFile())
const median = (numbers: number[]) => numbers.sort((a, b) => a - b)[Math.floor(numbers.length / 2)] ?? 0
const round = (number: number) => Math.round(number * 10) / 10
const kB = (bytes: number) => `${Math.round(bytes / 1000)} kB`

/** Twenty words, from the 50th most frequent to the 10,000th: the first fifty of a language are articles, pronouns and prepositions. */
const words = Array.from({ length: 20 }, (_, at) => madeUp(Math.round(50 * 1.32 ** at)))
/** A word that every post has. */
const everywhere = madeUp(3)

const files = parts.flatMap(({ key }) =>
  readdirSync(searchDir(key), { recursive: true, encoding: 'utf8' }).map((name) =>
    statSync(path.join(searchDir(key), name)),
  ),
)
const size = files.reduce((sum, file) => sum + (file.isFile() ? file.size : 0), 0)
console.log(`index: ${parts.length} parts, ${files.length} files, ${round(size / 1e6)} MB`)

const { posts }: Manifest = read(manifestFile())
const headings: Headings = read(headingsFile())
const begun = performance.now()
const find = makeFinder(
  posts.map((post) => ({ ...post, headings: headings[post.body] ?? [] })),
  'en',
)
console.log(`server: ${Math.round(performance.now() - begun)} ms once in a process`)
const times = words.flatMap((word) =>
  Array.from({ length: 5 }, () => {
    const start = performance.now()
    find(`${word} ${everywhere}`, 20)
    return performance.now() - start
  }),
)
console.log(`server: median ${round(median(times))} ms, longest ${round(Math.max(...times))} ms`)

/** Bytes that were sent since a query, by kind of file. */
let sent = new Map<string, number>()
/** The same, when the first results were shown. */
let atFirst = sent
const types: Record<string, string> = { '.js': 'text/javascript', '.json': 'application/json' }

function answer(response: ServerResponse, address: string, bytes: Buffer | string, headers: Record<string, string>) {
  const kind = /(worker|search)\.js$|wasm|pf_\w+$|entry|index\.json/.exec(address)?.[0]
  // What Pagefind writes is compressed already; scripts are sent as a server sends them.
  const body = address.endsWith('.js') ? gzipSync(bytes) : bytes
  if (kind) sent.set(kind, (sent.get(kind) ?? 0) + Buffer.byteLength(body))
  response.writeHead(200, { ...headers, ...(body === bytes ? {} : { 'Content-Encoding': 'gzip' }) }).end(body)
}

const policy = pagePolicy({
  origins: new Map(),
  hashes: { script: new Set(), style: new Set(), attribute: new Set() },
  drawsDiagrams: false,
  light: true,
  allow: {},
})
const page = `<!doctype html><html lang="en"><title>Search</title><script type="module" src="${compiled.reader}"></script><a class="search-link" href="/search">Search</a>`

const server = createServer((request, response) => {
  const [address = ''] = (request.url ?? '').split('?')
  const type = types[path.extname(address)] ?? 'application/octet-stream'
  const [, key, name = ''] = /^\/_next\/static\/search-(\w+)\/(.*)$/.exec(address) ?? []
  if (address === '/')
    return answer(response, address, page, { 'Content-Type': 'text/html', 'Content-Security-Policy': policy })
  if (address === '/search/index.json') {
    const list = parts.map((part) => ({ folder: `/_next/static/search-${part.key}/`, languages: part.languages }))
    return answer(response, address, JSON.stringify(list), { 'Content-Type': type })
  }
  if (address === '/shown') {
    atFirst = new Map(sent)
    return response.writeHead(204).end()
  }
  if (key) return answer(response, address, readFileSync(path.join(searchDir(key), name)), { 'Content-Type': type })
  if (/^\/assets\/[\w/.-]+$/.test(address))
    return answer(response, address, readFileSync(`public${address}`), {
      'Content-Type': type,
      ...(address.endsWith('worker.js') ? { 'Content-Security-Policy': workerPolicy } : {}),
    })
  return response.writeHead(404).end()
})
await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
const place = server.address()
const port = typeof place === 'object' ? place?.port : 0

const browser = await chromium.launch({
  ...(process.env.CHROMIUM ? { executablePath: process.env.CHROMIUM } : {}),
  args: ['--no-sandbox', '--disable-gpu'],
})
const firsts: number[] = []
let longest = new Map<string, number>()
for (const word of words) {
  const context = await browser.newContext()
  const tab = await context.newPage()
  await tab.goto(`http://127.0.0.1:${port}/`)
  sent = new Map()
  await tab.getByRole('link').click()
  await tab.getByRole('textbox').waitFor()
  // The other parts of the index are loaded as soon as the first results are shown, and are not counted.
  const shown = tab.evaluate(
    () =>
      new Promise<void>((resolve) => {
        new MutationObserver((_, observer) => {
          if (!document.querySelector('.search-title')) return
          observer.disconnect()
          fetch('/shown').then(() => resolve())
        }).observe(document.querySelector('dialog') as HTMLElement, { childList: true, subtree: true })
      }),
  )
  await tab.getByRole('textbox').fill(word)
  await shown
  const all = [...atFirst.values()].reduce((sum, one) => sum + one, 0)
  firsts.push(all)
  if (all === Math.max(...firsts)) longest = atFirst
  await context.close()
}
const most = [...longest].map(([kind, bytes]) => `${kind} ${kB(bytes)}`).join(', ')
console.log(
  `bytes from opening the search until a result is shown: median ${kB(median(firsts))}, most ${kB(Math.max(...firsts))} (${most})`,
)

const tab = await browser.newPage()
await tab.goto(`http://127.0.0.1:${port}/`)
await tab.getByRole('link').click()
await tab.getByRole('textbox').fill(madeUp(40))
await tab.locator('.search-title').first().waitFor()
/** The time from the last key of a word, which is typed as people do, until its results are shown. */
const waits: number[] = []
for (const word of words) {
  await tab.getByRole('textbox').fill('')
  // What the word before has left to do is not this one's.
  await tab.waitForTimeout(1500)
  await tab.getByRole('textbox').pressSequentially(word.slice(0, -1), { delay: 120 })
  await tab.waitForTimeout(120)
  waits.push(
    await tab.evaluate(async (text) => {
      const field = document.querySelector('dialog input') as HTMLInputElement
      const list = document.querySelector('dialog .search-answer') as HTMLElement
      const start = performance.now()
      const shown = new Promise<number>((resolve) => {
        new MutationObserver((_, observer) => {
          if (!list.textContent?.includes(text)) return
          observer.disconnect()
          requestAnimationFrame(() => resolve(performance.now() - start))
        }).observe(list, { childList: true, subtree: true })
      })
      field.value = text
      field.dispatchEvent(new Event('input'))
      return shown
    }, word),
  )
}
console.log(
  `key to results in the browser: median of ${waits.length} ${round(median(waits))} ms, longest ${round(Math.max(...waits))} ms`,
)
await browser.close()
server.close()
