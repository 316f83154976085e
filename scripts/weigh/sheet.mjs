// node scripts/weigh/sheet.mjs: style in each page against one style sheet that the browser keeps, for a reader of three pages.
// It measures the stored pages of a build: DIST_DIR=.next-e2e (the test site) unless it is set. RUNS=5 visits each page five times, RUNS=0 only computes.
// Bytes are bodies, compressed at the best quality. Times are first contentful paints in Chromium on two emulated networks, the median
// and the fastest of all runs: a busy machine only adds to a time. Pictures and the set-up of connections are left out, since they are
// the same for the two ways.
import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs'
import { createServer } from 'node:http'
import path from 'node:path'
import { brotliCompressSync, gzipSync } from 'node:zlib'
import { chromium as browsers } from '@playwright/test'
import postcss from 'postcss'
import { attribute, changed, inPlaceOf, isElement, parsePage, textOf } from '../../lib/static/parse-page.mjs'
import { findChromium, root, stop } from '../steps.mjs'

const dist = path.resolve(root, process.env.DIST_DIR || '.next-e2e')
const RUNS = Number(process.env.RUNS ?? 5)
if (!existsSync(path.join(dist, 'server/app/index.html')))
  stop(`${dist} has no pages. Build the site first, or set DIST_DIR to a build.`)

/** The pages that a reader opens one after the other. */
const readers = {
  'home, post, post': ['/', '/blog/backend/kitchen-sink', '/blog/frontend/counted'],
  'post, tag, post': ['/blog/frontend/counted', '/tags/css', '/blog/frontend/pictures'],
  'list, post, later page': ['/blog', '/blog/frontend/components', '/blog/page/2'],
  'archive, year, post': ['/archive', '/archive/2025', '/blog/backend/kitchen-sink'],
  'home, list, tags': ['/', '/blog', '/tags'],
}
/** Milliseconds from a request to its answer, and Mbit/s. */
const networks = { 'slow phone (150 ms, 1.6 Mbit/s)': [150, 1.6], 'broadband (40 ms, 10 Mbit/s)': [40, 10] }

/** @typedef {'part' | 'sheet'} Way `part`: as the build stores it. `sheet`: the same page with a link to the whole style sheet. */
/** @type {Way[]} */
const ways = ['part', 'sheet']
/** @type {Record<string, (body: Buffer) => Buffer>} */
const compressions = { gzip: (body) => gzipSync(body, { level: 9 }), br: (body) => brotliCompressSync(body) }

/** The one style sheet that every public page had before its part was taken: React's data of the page names it. */
const sheetAddress = namedSheet(readFileSync(path.join(dist, 'server/app/index.rsc'), 'utf8'))
const sheet = readFileSync(path.join(dist, sheetAddress.replace('/_next/', '')))
const pages = new Map([...new Set(Object.values(readers).flat())].map((address) => [address, bothWays(address)]))

/**
 * The answers that were sent, compressed once.
 *
 * @type {Map<string, Buffer>}
 */
const bodies = new Map()

printBytes()
printReaders()
printComputed()
if (RUNS > 0) await printTimes()

/** @param {string} payload */
function namedSheet(payload) {
  const sheets = readdirSync(path.join(dist, 'static/chunks')).filter((name) => name.endsWith('.css'))
  const [name, ...others] = sheets.filter((each) => payload.includes(`/_next/static/chunks/${each}`))
  if (!name || others.length > 0) stop(`The front page of ${dist} has not one style sheet: ${sheets.join(', ')}.`)
  return `/_next/static/chunks/${name}`
}

/**
 * @param {string} address
 * @returns {Record<Way, Buffer>} a stored page as it is, and with a link to the style sheet. Rules that only this page has stay in it.
 */
function bothWays(address) {
  const html = readFileSync(path.join(dist, 'server/app', `${address === '/' ? 'index' : address}.html`), 'utf8')
  const style = stylesIn(parsePage(html))[0] ?? stop(`${address} has no style.`)
  const isOwn = /** @param {string} selector */ (selector) => /^\.s[0-9a-f]{6}$/.test(selector)
  const own = postcss.parse(textOf(style)).nodes.filter((node) => node.type === 'rule' && node.selectors.every(isOwn))
  const inline = own.length > 0 ? `<style>${own.join('')}</style>` : ''
  const linked = changed(html, [inPlaceOf(style, `<link rel="stylesheet" href="${sheetAddress}"/>${inline}`)])
  return { part: Buffer.from(html), sheet: Buffer.from(linked) }
}

/**
 * @param {import('../../lib/static/parse-page.mjs').PageNode} node
 * @returns {import('../../lib/static/parse-page.mjs').PageElement[]}
 */
function stylesIn(node) {
  return (node.childNodes ?? []).flatMap((child) => [
    ...(isElement(child) && child.tagName === 'style' && attribute(child, 'media') === undefined ? [child] : []),
    ...stylesIn(child),
  ])
}

/** @param {string} address */
function pageAt(address) {
  return pages.get(address) ?? stop(`There is no page at ${address}.`)
}

/** @type {(bytes: number, width?: number) => string} */
function kB(bytes, width = 9) {
  return (bytes / 1000).toFixed(1).padStart(width)
}

function printBytes() {
  console.log(
    `kB of HTML and style      ${Object.keys(compressions)
      .map((name) => `${name}: page   less    (its part)`)
      .join('   ')}`,
  )
  for (const address of pages.keys()) {
    const columns = Object.values(compressions).map((compress) => {
      const [part, linked] = ways.map((way) => compress(pageAt(address)[way]).length)
      return `${kB(part ?? 0)}${kB(linked ?? 0)}${kB((part ?? 0) - (linked ?? 0), 8)}`
    })
    console.log(`${address.slice(0, 26).padEnd(27)}${columns.join('     ')}`)
  }
  const whole = Object.entries(compressions).map(([name, compress]) => `${kB(compress(sheet).length, 0)} ${name}`)
  console.log(`the whole sheet, once: ${whole.join(', ')}\n`)
}

/** The bytes of the first page, and of all three, with the kept sheet counted once. */
function printReaders() {
  console.log(
    'kB sent to a reader           ' +
      Object.keys(compressions)
        .map((name) => `${name}: first page   three pages`)
        .join('    '),
  )
  for (const [name, addresses] of Object.entries(readers)) {
    for (const way of ways) {
      const columns = Object.values(compressions).map((compress) => {
        const sizes = addresses.map((address) => compress(pageAt(address)[way]).length)
        const once = way === 'sheet' ? compress(sheet).length : 0
        return `${kB((sizes[0] ?? 0) + once, 12)}${kB(
          sizes.reduce((sum, size) => sum + size, once),
          14,
        )}`
      })
      console.log(`${`${name}, ${way}`.padEnd(32)}${columns.join('    ')}`)
    }
  }
  console.log('')
}

/**
 * The time until a page and the sheet that it needs have arrived, from their bytes alone: what the network adds to a first paint. A page
 * takes one round trip; a sheet that is not kept yet takes one more, and comes after the page.
 */
function printComputed() {
  const { br: compress } = compressions
  if (!compress) return
  for (const [network, [latency = 0, speed = 0]] of Object.entries(networks)) {
    console.log(`ms on the network, computed\n${network.padEnd(42)}   first  second   third together`)
    for (const [name, addresses] of Object.entries(readers))
      for (const way of ways) {
        const times = addresses.map((address, at) => {
          const isFetched = way === 'sheet' && at === 0
          const bytes = compress(pageAt(address)[way]).length + (isFetched ? compress(sheet).length : 0)
          return (isFetched ? 2 : 1) * latency + (bytes * 8) / (speed * 1000)
        })
        const columns = [...times, times.reduce((sum, ms) => sum + ms, 0)].map((ms) =>
          String(Math.round(ms)).padStart(8),
        )
        console.log(`${`${name}, ${way}`.padEnd(42)}${columns.join('')}`)
      }
    console.log('')
  }
}

async function printTimes() {
  const server = createServer(answer)
  await new Promise((listening) => server.listen(0, '127.0.0.1', () => listening(undefined)))
  const address = server.address()
  const port = typeof address === 'object' ? address?.port : undefined
  const browser = await browsers.launch({ executablePath: await findChromium(true), args: ['--no-sandbox'] })
  for (const [network, [latency = 0, speed = 0]] of Object.entries(networks)) {
    console.log(
      `ms to the first paint, median/fastest\n${network.padEnd(42)}       first      second       third    together`,
    )
    for (const [name, addresses] of Object.entries(readers)) {
      /** @type {Record<Way, number[][]>} */
      const times = { part: [], sheet: [] }
      // In turn, so that a busy moment of the machine is not held against one of them.
      for (let run = 0; run < RUNS; run++) for (const way of ways) times[way].push(await read(way, addresses))
      for (const way of ways) {
        const runs = times[way].map((each) => [...each, each.reduce((sum, ms) => sum + ms, 0)])
        const columns = [...addresses, 'together'].map((_, at) => {
          const sorted = runs.map((each) => Math.round(each[at] ?? 0)).sort((a, b) => a - b)
          return `${sorted[Math.floor(sorted.length / 2)]}/${sorted[0]}`.padStart(12)
        })
        console.log(`${`${name}, ${way}`.padEnd(42)}${columns.join('')}`)
      }
    }
    console.log('')

    /** @type {(way: Way, addresses: string[]) => Promise<number[]>} */
    async function read(way, addresses) {
      const context = await browser.newContext({ viewport: { width: 412, height: 823 } })
      const page = await context.newPage()
      const session = await context.newCDPSession(page)
      const throughput = (speed * 1e6) / 8
      await session.send('Network.enable')
      await session.send('Network.emulateNetworkConditions', {
        offline: false,
        latency,
        downloadThroughput: throughput,
        uploadThroughput: throughput,
      })
      const paints = []
      for (const address of addresses) {
        await page.goto(`http://127.0.0.1:${port}${address}?${way}`, { waitUntil: 'load' })
        paints.push(await page.evaluate(firstPaint))
      }
      await context.close()
      return paints
    }
  }
  await browser.close()
  server.close()
}

/** Runs in the page. */
function firstPaint() {
  return new Promise((/** @type {(ms: number) => void} */ resolve) => {
    const seen = new PerformanceObserver((list) => {
      const paint = list.getEntriesByName('first-contentful-paint')[0]
      if (paint) resolve(paint.startTime)
    })
    seen.observe({ type: 'paint', buffered: true })
  })
}

/**
 * Answers as the server of a blog does: pages are asked after each time, files of the build are kept for good.
 *
 * @type {import('node:http').RequestListener}
 */
function answer(request, response) {
  const url = new URL(request.url ?? '/', 'http://here.invalid')
  const way = url.searchParams.has('sheet') ? 'sheet' : 'part'
  const address = decodeURIComponent(url.pathname)
  const page = pages.get(address)?.[way]
  const inBuild = address.startsWith('/_next/static/')
  const file = inBuild ? path.join(dist, address.slice('/_next/'.length)) : path.join(root, 'public', address)
  const isFile = !page && existsSync(file) && statSync(file).isFile()
  if (!page && !isFile) {
    response.writeHead(404).end()
    return
  }
  const ending = page ? '.html' : path.extname(file)
  const isText = /^\.(html|css|js|svg)$/.test(ending)
  const key = `${way} ${address}`
  const body = bodies.get(key) ?? (isText ? brotliCompressSync(page ?? readFileSync(file)) : readFileSync(file))
  bodies.set(key, body)
  /** @type {Record<string, string>} */
  const types = {
    '.html': 'text/html; charset=utf-8',
    '.css': 'text/css',
    '.js': 'text/javascript',
    '.woff2': 'font/woff2',
  }
  response
    .writeHead(200, {
      'Content-Type': types[ending] ?? (ending === '.svg' ? 'image/svg+xml' : 'application/octet-stream'),
      'Content-Length': body.length,
      'Cache-Control': page ? 'public, max-age=0, must-revalidate' : 'public, max-age=31536000, immutable',
      ...(isText ? { 'Content-Encoding': 'br' } : {}),
    })
    .end(body)
}
