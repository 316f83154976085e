/**
 * node scripts/bench.mjs serve: measures how fast one process answers, how much memory it takes, and how fast nginx with
 * deploy/nginx.conf serves a cached page, compared with the same bytes as a file. Needs wrk, nginx, OpenSSL and the test site's bundle.
 */
import { execFileSync } from 'node:child_process'
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { makeInstance, startNginx } from '../e2e/fleet'
import { kinds } from '../e2e/pages'
import { findProgram, stop } from './steps.mjs'
import { send } from './verify/http'

const wrk = findProgram('wrk') ?? ''
if (!wrk) stop('There is no wrk. Install it (Debian: apt-get install wrk), then run this again.')
if (!existsSync('bundle-e2e/server.js'))
  stop(
    'There is no bundle of the test site. Make it: CONTENT_DIR=e2e/content SITE_CONFIG=e2e/site.config.ts STORE_DIR=.contentlayer/e2e DIST_DIR=.next-e2e BUNDLE_DIR=bundle-e2e node scripts/bundle.mjs',
  )

const folder = mkdtempSync(path.join(tmpdir(), 'galley-bench-'))
process.on('exit', () => rmSync(folder, { recursive: true, force: true }))
const post = kinds.post

type Run = { requests: number; perSecond: number; p99: string; bad: string }
/** Sends as many requests as possible for some seconds, to one URL or to each of some addresses in turn. */
function load(url: string, seconds: number, addresses: string[] = []): Run {
  const script = path.join(folder, 'mix.lua')
  const list = addresses.map((address) => JSON.stringify(address)).join(', ')
  writeFileSync(
    script,
    addresses.length > 0
      ? `local all = {${list}}\nlocal at = 0\nrequest = function() at = at % #all + 1 return wrk.format(nil, all[at]) end`
      : '',
  )
  const said = execFileSync(
    wrk,
    [...['-t1', '-c32', `-d${seconds}s`, '--latency', '-H', 'Accept-Encoding: br'], '-s', script, url],
    { encoding: 'utf8' },
  )
  const read = (pattern: RegExp) => pattern.exec(said)?.[1] ?? ''
  const bad = /Socket errors:.*/.exec(said)?.[0] ?? ''
  return {
    requests: Number(read(/(\d+) requests in/)),
    perSecond: Math.round(Number(read(/Requests\/sec:\s+([\d.]+)/))),
    p99: read(/99%\s+(\S+)/),
    bad,
  }
}
const median = (numbers: number[]) => numbers.sort((a, b) => a - b)[Math.floor(numbers.length / 2)] ?? 0

const instance = await makeInstance({ TRUSTED_PROXIES: '1', DRAIN_SECONDS: '0' })
await instance.start()
const memory = () => {
  const status = readFileSync(`/proc/${instance.pid()}/status`, 'utf8')
  return Math.round(Number(/VmRSS:\s+(\d+)/.exec(status)?.[1]) / 1024)
}
const { body } = await send(`${instance.url}${post}`, { headers: { 'accept-encoding': 'br' } })
const started = memory()
load(`${instance.url}${post}`, 2)
const alone = load(`${instance.url}${post}`, 5)
console.log(
  `one process, a post of ${body.length} bytes: ${alone.perSecond} requests a second, p99 ${alone.p99} ${alone.bad}`,
)

// Stored pages, a file, a missing page, and pages that Next.js renders for each request.
const mix = [...Object.values(kinds), '/icon.svg', '/nowhere', '/drafts', '/sign-in', '/healthz']
let asked = 0
const sizes: string[] = []
for (const goal of [20_000, 40_000, 60_000, 80_000, 100_000]) {
  while (asked < goal) asked += load(instance.url, 2, mix).requests
  sizes.push(`${memory()} after ${asked}`)
}
console.log(`its memory in MB, of all kinds of requests: ${started} at the start, ${sizes.join(', ')}`)

// Both are in the same server of the same nginx, so only the source of the bytes differs.
writeFileSync(path.join(folder, 'post.html'), body)
const nginx = await startNginx([instance.port, instance.port, instance.port], {
  change: (recipe) =>
    recipe.replace(
      'location = /healthz',
      `location = /file { alias ${folder}/post.html; default_type text/html; add_header Content-Encoding br; }\n    location = /healthz`,
    ),
})
for (const [how, url] of [
  ['plain http', nginx.http],
  ['TLS', nginx.https],
] as const) {
  const ratios: number[] = []
  const rates: [number[], number[]] = [[], []]
  load(`${url}${post}`, 1)
  load(`${url}/file`, 1)
  for (let turn = 0; turn < 7; turn++) {
    // The two take turns in being first.
    const order = turn % 2 ? [post, '/file'] : ['/file', post]
    const found = new Map(order.map((address) => [address, load(`${url}${address}`, 3).perSecond]))
    const [kept, file] = [found.get(post) ?? 0, found.get('/file') ?? 1]
    ratios.push(kept / file)
    rates[0].push(kept)
    rates[1].push(file)
  }
  const list = ratios.map((ratio) => ratio.toFixed(2)).join(' ')
  console.log(
    `nginx, ${how}: kept page ${median(rates[0])} a second, file ${median(rates[1])}; kept / file: median ${median([...ratios]).toFixed(2)}, all ${list}`,
  )
}
await nginx.stop()
await instance.stop('SIGKILL')
process.exit(0)
