// Runs after `next build`: takes the framework out of every stored page (lib/static/strip-page.mjs), and writes the page's policy beside it.
// A page for which that fails ends the build, with the names of all such pages and their files.
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { gzipSync } from 'node:zlib'
import { site } from '@/site.config'
import { placeSearchIndex } from '../lib/compile/search-index'
import { originOf } from '../lib/site/host.mjs'
import { counterOf } from '../lib/site/services'
import { clientModulesIn, factsFile, factsFor } from '../lib/static/build.mjs'
import { lighten } from '../lib/static/strip-page.mjs'
import type { Manifest } from '../lib/store/manifest'
import { manifestFile } from '../lib/store/paths'

const dist = process.env.DIST_DIR || '.next'
const folder = path.join(dist, 'server', 'app')
const problems: string[] = []
/** Pages by their error: a mistake in the layout is on every page, and is said once. */
const wrong = new Map<string, string[]>()
const facts = { allow: checkedAllow(), ...(site.analytics ? { counter: counterOf(site.analytics) } : {}) }
const modules = clientModulesIn(dist)
const policies = new Map<string, string>()
/** Pages that keep the framework, by the client components on them and the weight of the scripts. */
const heavy = new Map<string, string[]>()

for (const name of readdirSync(folder, { recursive: true, encoding: 'utf8' })) {
  if (!name.endsWith('.html')) continue
  const file = path.join(folder, name)
  const address = addressOf(name)
  const data = file.replace(/html$/, 'rsc')
  try {
    const payload = existsSync(data) ? readFileSync(data) : undefined
    const page = { dist, payload, modules, ...factsFor(facts, address) }
    const { html, policy, needs, scripts } = lighten(readFileSync(file, 'utf8'), page)
    const meta = JSON.parse(readFileSync(file.replace(/html$/, 'meta'), 'utf8'))
    meta.headers = { ...meta.headers, 'content-security-policy': policy }
    writeFileSync(file, html)
    writeFileSync(file.replace(/html$/, 'meta'), JSON.stringify(meta))
    policies.set(address, policy)
    // Next.js requires that the page for uncaught errors is a client component.
    if (needs.length > 0 && address !== '/_global-error') {
      const key = `${needs.join(', ')} (${weightOf(scripts)} kB of script by gzip)`
      heavy.set(key, [...(heavy.get(key) ?? []), address])
    }
  } catch (error) {
    const { message } = error as Error
    wrong.set(message, [...(wrong.get(message) ?? []), sourceOf(address)])
  }
}

for (const [needs, addresses] of heavy) {
  const some = `${addresses.slice(0, 5).join(', ')}${addresses.length > 5 ? ' …' : ''}`
  const pages = `${addresses.length} of ${policies.size} pages (${some})`
  if (site.clientComponents)
    console.log(`${addresses.length === 1 ? 'Keeps' : 'Keep'} the framework: ${pages}, for ${needs}.`)
  else
    problems.push(
      `${pages} have client components: ${needs}. Make them custom elements in components/reader.ts, or set clientComponents in site.config.ts to true`,
    )
}
for (const [message, pages] of wrong) {
  const more = pages.length > 3 ? ` and ${pages.length - 3} more pages` : ''
  problems.push(`${pages.slice(0, 3).join(', ')}${more}: ${message}.`)
}
if (problems.length > 0) {
  console.error(`\nThe build ends here, since these pages would not work:\n${problems.join('\n')}`)
  process.exit(1)
}
writeFileSync(factsFile(dist), JSON.stringify(facts))
await placeSearchIndex(dist)
if (process.env.VERCEL) writePoliciesForVercel()
traceStored('moved/[...path]', '_not-found')
traceStored('search', 'search/frame')

function addressOf(name: string): string {
  const address = `/${name.split(path.sep).join('/').slice(0, -'.html'.length)}`
  return address === '/index' ? '/' : address
}

/** `content/posts/a.md (/blog/a)`, or the address alone when the page is not that of one document. */
function sourceOf(address: string): string {
  const { posts, pages, authors }: Manifest = JSON.parse(readFileSync(manifestFile(), 'utf8'))
  const document =
    posts.find(({ slug }) => address === `/blog/${slug}`) ??
    pages.find(({ slug }) => address === `/${slug}`) ??
    authors.find(({ slug }) => address === `/authors/${slug}`)
  const content = process.env.CONTENT_DIR || 'content'
  return document ? `${path.posix.join(content, document.file)} (${address})` : address
}

/** The size of scripts of the build, by gzip, in kB. */
function weightOf(scripts: string[]): number {
  const sizes = scripts.map((address) => {
    const { pathname } = new URL(address, 'http://here.invalid')
    return gzipSync(readFileSync(path.join(dist, decodeURIComponent(pathname).slice('/_next/'.length)))).length
  })
  return Math.round(sizes.reduce((sum, size) => sum + size, 0) / 1000)
}

/** `allow` of site.config.ts, with each host as a policy writes it. */
function checkedAllow(): Record<string, string[]> {
  const known = [
    'script-src',
    'style-src',
    'img-src',
    'media-src',
    'font-src',
    'frame-src',
    'connect-src',
    'worker-src',
    'manifest-src',
    'form-action',
  ]
  return Object.fromEntries(
    Object.entries(site.allow).map(([directive, hosts]) => {
      if (!known.includes(directive))
        problems.push(`site.config.ts: allow: "${directive}" is not a directive. Write one of ${known.join(', ')}.`)
      const origins = hosts.map((host) => {
        const [, scheme = '', star = '', rest = ''] = /^(https?|wss?):\/\/(\*\.)?(.*)$/i.exec(host) ?? []
        const name = originOf(`https://${rest}`)?.slice('https://'.length)
        if (!scheme || !name)
          problems.push(
            `site.config.ts: allow: "${host}" is not a host. Write it as https://stats.example, https://*.stats.example or wss://stats.example.`,
          )
        return `${scheme.toLowerCase()}://${star}${name}`
      })
      return [directive, origins]
    }),
  )
}

/** Vercel reads the headers of stored pages from this manifest. Our own server reads the `.meta` files, each when it is needed. */
function writePoliciesForVercel() {
  const file = path.join(dist, 'prerender-manifest.json')
  const manifest = JSON.parse(readFileSync(file, 'utf8'))
  for (const [address, policy] of policies) {
    const route = manifest.routes[address]
    if (!route) throw new Error(`${file} has no ${address}, so its policy would not be sent.`)
    route.initialHeaders = {
      ...route.initialHeaders,
      'content-security-policy': policy,
      'x-content-type-options': 'nosniff',
      'referrer-policy': 'strict-origin-when-cross-origin',
    }
  }
  writeFileSync(file, JSON.stringify(manifest))
}

/** Some routes answer with a stored page, which did not exist yet when Next.js traced the files of the route: app/moved and app/search. */
function traceStored(route: string, page: string) {
  const trace = path.join(folder, route, 'route.js.nft.json')
  const traced = JSON.parse(readFileSync(trace, 'utf8'))
  const answers = ['html', 'meta'].map((ending) =>
    path.relative(path.dirname(trace), path.join(folder, `${page}.${ending}`)),
  )
  writeFileSync(trace, JSON.stringify({ ...traced, files: [...new Set([...traced.files, ...answers])] }))
}
