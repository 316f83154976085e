// npm run weigh: measures the bytes and the waiting time of every kind of page, and fails over a budget.
// npm run weigh -- ADDRESS …: the same table for pages of any site on this machine, to set beside it; nothing is held.
// RUNS=1 asks Lighthouse once instead of five times. SCRIPTLESS=1 weighs each page without its scripts as well.
// Bytes are those on the wire (gzip), headers left out; kB are 1,000 bytes; ms are Lighthouse's, on its slow phone.
import { spawn } from 'node:child_process'
import { rmSync } from 'node:fs'
import { createServer } from 'node:http'
import path from 'node:path'
import { gzipSync } from 'node:zlib'
import { code, long, maths, ordinary, photo, pictures, short, writeFiles, writePosts } from '../samples.mjs'
import { findChromium, installIn, isFree, root, step, stop } from '../steps.mjs'

const content = path.join(root, '.contentlayer', 'weigh-content')
const facts = 'e2e/site.config.ts'
const site = { CONTENT_DIR: content, SITE_CONFIG: facts, STORE_DIR: '.contentlayer/weigh', DIST_DIR: '.next-weigh' }
const RUNS = Number(process.env.RUNS ?? 5)
const [port, chromePort, proxyPort] = [4330, 4331, 4332]

/** @typedef {{ path: string, text: number, script: number, requests: number, early: number, score: number, shift?: number }} Budget */
/** @typedef {Awaited<ReturnType<typeof weigh>>} Weight */
/** @typedef {'html' | 'css' | 'script' | 'font' | 'image' | 'other'} Kind */

/**
 * The budget of each kind of page: kB of HTML with its style, kB of script, all requests, requests before the text is final (the page, and
 * the fonts of its text), and layout shift (formulas move a little while their fonts load). On a quiet machine each page scores 95 or
 * more; 90 allows for a busy one. Of these, the link to the search and the keys that open it are 0.25 kB of script, and what a page says about
 * itself to other programs 0.4 kB of HTML.
 *
 * @type {Record<string, Budget>}
 */
const BUDGETS = {
  home: { path: '/', text: 8.5, script: 3.2, requests: 6, early: 3, score: 90 },
  list: { path: '/blog', text: 8.5, script: 3.2, requests: 6, early: 3, score: 90 },
  short: { path: '/blog/short', text: 9, script: 3.2, requests: 6, early: 3, score: 90 },
  post: { path: '/blog/ordinary', text: 12, script: 3.2, requests: 7, early: 3, score: 90 },
  code: { path: '/blog/code', text: 12, script: 3.2, requests: 6, early: 3, score: 90 },
  maths: { path: '/blog/maths', text: 14, script: 3.2, requests: 10, early: 7, score: 90, shift: 0.005 },
  pictures: { path: '/blog/pictures', text: 11, script: 3.2, requests: 11, early: 3, score: 90 },
  long: { path: '/blog/long', text: 165, script: 3.2, requests: 7, early: 4, score: 90 },
}

const given = process.argv.slice(2)
const chromium = await findChromium(true)
await installIn('scripts/weigh')
for (const each of [port, chromePort, proxyPort])
  if (!(await isFree(each))) stop(`Port ${each} is taken. End what listens there, and run this again.`)
if (given.length === 0) await buildSite()

const { default: lighthouse } = await import(/** @type {string} */ ('lighthouse'))
const { chromium: browsers } = await import('@playwright/test')
const browser = await browsers.launch({
  ignoreDefaultArgs: ['--disable-back-forward-cache'],
  executablePath: chromium,
  args: [`--remote-debugging-port=${chromePort}`, '--no-sandbox', '--disable-gpu', '--disable-background-networking'],
})
const server = given.length === 0 ? await startServer() : undefined
/** @type {string[]} */
const failures = []
/** @type {{ name: string, url: string, budget?: Budget }[]} */
const pages =
  given.length > 0
    ? given.map((url) => ({ name: url, url }))
    : Object.entries(BUDGETS).map(([name, budget]) => ({
        name,
        url: `http://localhost:${port}${budget.path}`,
        budget,
      }))
console.log(
  'page        requests   html    css script   font  image  other   score   FCP   LCP   TBT   CLS  text final after',
)
for (const { name, url, budget } of pages) {
  let weight = await weigh(url)
  print(name, weight)
  // On a busy machine a score can be low once, so it is measured again. The bytes are the same each time.
  for (let tries = 1; tries < 3 && budget && weight.score < budget.score; tries++) {
    weight = await weigh(url)
    print(name, weight)
  }
  if (budget) hold(name, weight, budget)
  if (process.env.SCRIPTLESS) await compare(url)
}
await browser.close()
server?.kill()
if (failures.length > 0) stop(`Over budget (scripts/weigh/weigh.mjs):\n${failures.join('\n')}`)

async function buildSite() {
  console.log('Building a site to weigh …')
  rmSync(content, { recursive: true, force: true })
  writePosts(content, 30)
  const names = [1, 2, 3, 4, 5, 6].map((number) => `photo-${number}.jpg`)
  const photos = await Promise.all(names.map((_, index) => photo(1600, 1067, index)))
  writeFiles(path.join(content, 'posts'), {
    'short.md': short(),
    'ordinary/index.md': ordinary(500, '![A field of colours](./photo.jpg)'),
    'ordinary/photo.jpg': await photo(1600, 1067, 9),
    'code.md': code(),
    'maths.md': maths(),
    'pictures/index.md': pictures(names),
    'long.md': long(800_000),
    ...Object.fromEntries(photos.map((bytes, index) => [`pictures/${names[index]}`, bytes])),
  })
  await step('npm', ['run', '--silent', 'build'], { env: site, quiet: true })
}

async function startServer() {
  const child = spawn(process.execPath, ['node_modules/next/dist/bin/next', 'start', '--port', String(port)], {
    cwd: root,
    env: {
      ...process.env,
      ...site,
      NEXTAUTH_SECRET: 'weighed-and-never-used-to-sign-anything',
      NEXTAUTH_URL: '',
    },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  let said = ''
  for (const stream of [child.stdout, child.stderr])
    stream.on('data', (data) => {
      said += data
    })
  process.on('exit', () => child.kill())
  for (let tries = 0; tries < 150; tries++) {
    if (child.exitCode !== null) break
    const answer = await fetch(`http://localhost:${port}/blog`).catch(() => undefined)
    if (answer?.ok) return child
    await new Promise((resolve) => setTimeout(resolve, 200))
  }
  return stop(`The server did not answer. It said:\n${said}`)
}

/**
 * Lighthouse for a phone, RUNS times: bytes by kind of one run, medians of the rest.
 *
 * @param {string} url
 */
async function weigh(url) {
  /** @type {any[]} */
  const runs = []
  for (let failed = 0; runs.length < RUNS; ) {
    const { lhr } = await lighthouse(url, {
      port: chromePort,
      onlyCategories: ['performance'],
      disableFullPageScreenshot: true,
      logLevel: 'error',
    })
    // On a busy machine Chromium sometimes returns no trace of a page.
    if (!lhr.runtimeError) runs.push(lhr)
    else if (++failed > RUNS) stop(`${url}: ${lhr.runtimeError.message}`)
  }
  /** @type {(pick: (lhr: any) => number) => number} */
  const middle = (pick) => runs.map(pick).sort((a, b) => a - b)[Math.floor(runs.length / 2)] ?? 0
  /** @param {string} audit */
  const value = (audit) => middle((lhr) => lhr.audits[audit].numericValue)
  /** @type {{ url: string, resourceType: string, transferSize: number }[]} */
  const all = runs[0].audits['network-requests'].details.items
  const requests = all.filter(({ url }) => url.startsWith('http'))
  /** @param {string[]} kinds */
  const kB = (...kinds) =>
    requests
      .filter(({ resourceType }) => kinds.includes(resourceType))
      .reduce((sum, { transferSize }) => sum + transferSize, 0) / 1000
  const known = ['Document', 'Stylesheet', 'Script', 'Font', 'Image']
  // Fonts of the furniture and of code are optional (app/fonts.ts), so no text waits for them.
  const first = requests.filter(
    ({ resourceType, url }) =>
      ['Document', 'Stylesheet'].includes(resourceType) ||
      (resourceType === 'Font' && !/instrument_sans|jetbrains_mono/.test(url)),
  )
  return {
    requests: requests.length,
    textRequests: first.length,
    html: kB('Document'),
    css: kB('Stylesheet'),
    script: kB('Script'),
    font: kB('Font'),
    image: kB('Image'),
    other: kB(...new Set(requests.map(({ resourceType }) => resourceType).filter((kind) => !known.includes(kind)))),
    isKept: runs.every((lhr) => lhr.audits['bf-cache'].score === 1),
    score: middle((lhr) => lhr.categories.performance.score * 100),
    fcp: value('first-contentful-paint'),
    lcp: value('largest-contentful-paint'),
    tbt: value('total-blocking-time'),
    cls: value('cumulative-layout-shift'),
  }
}

/**
 * @param {string} name
 * @param {Weight} weight
 */
function print(name, weight) {
  /** @type {(text: unknown, width: number) => string} */
  const column = (text, width) => String(text).padStart(width)
  /** @type {Kind[]} */
  const kinds = ['html', 'css', 'script', 'font', 'image', 'other']
  const bytes = kinds.map((kind) => column(weight[kind].toFixed(1), 7))
  const times = [weight.fcp, weight.lcp, weight.tbt].map((ms) => column(Math.round(ms), 6))
  console.log(
    `${name.padEnd(12)}${column(weight.requests, 8)}${bytes.join('')}${column(Math.round(weight.score), 8)}${times.join('')}${column(weight.cls.toFixed(3), 6)}${column(weight.textRequests, 6)}`,
  )
}

/**
 * @param {string} name
 * @param {Weight} weight
 * @param {Budget} budget
 */
function hold(name, weight, { text, script, requests, early, score, shift = 0 }) {
  /** @type {(measure: string, is: number, most: number) => void} */
  const over = (measure, is, most) => {
    if (is > most) failures.push(`${name}: ${measure} is ${is}, and at most ${most} are allowed.`)
  }
  over('kB of HTML and CSS', Number((weight.html + weight.css).toFixed(1)), text)
  over('kB of script', Number(weight.script.toFixed(1)), script)
  over('number of requests', weight.requests, requests)
  over('number of requests before the text is final', weight.textRequests, early)
  over('layout shift', Number(weight.cls.toFixed(3)), shift)
  if (!weight.isKept) failures.push(`${name}: the browser does not keep it for the back button.`)
  if (weight.score < score)
    failures.push(`${name}: the Lighthouse score is ${Math.round(weight.score)}, under ${score}.`)
}

/**
 * Weighs the same page through a proxy, once as it is and once without its scripts.
 *
 * @param {string} url
 */
async function compare(url) {
  for (const kind of ['as it is', 'no script']) {
    const between = createServer(async (request, response) => {
      const answer = await fetch(new URL(request.url ?? '/', url), {
        headers: { accept: request.headers.accept ?? '*/*' },
      })
      const headers = Object.fromEntries(answer.headers)
      for (const name of ['content-length', 'content-encoding', 'transfer-encoding']) delete headers[name]
      let body = Buffer.from(await answer.arrayBuffer())
      if (kind === 'no script' && headers['content-type']?.startsWith('text/html'))
        body = Buffer.from(body.toString().replace(/<script[\s\S]*?<\/script>/g, ''))
      if (/text|json|svg/.test(headers['content-type'] ?? '')) {
        body = gzipSync(body)
        headers['content-encoding'] = 'gzip'
      }
      response.writeHead(answer.status, headers).end(body)
    })
    await new Promise((listening) => between.listen(proxyPort, () => listening(undefined)))
    print(`  ${kind}`, await weigh(`http://localhost:${proxyPort}${new URL(url).pathname}`))
    between.closeAllConnections()
    await new Promise((closed) => between.close(closed))
  }
}
