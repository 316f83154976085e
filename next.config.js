import { existsSync, readFileSync, realpathSync } from 'node:fs'
import { availableParallelism } from 'node:os'
import path from 'node:path'
import { fileURLToPath } from 'node:url'
import { mediaPolicy } from './lib/server/media-policy.mjs'

// A copy of the project shares our packages by a link, and Turbopack reads nothing outside its root.
const packages = realpathSync(fileURLToPath(new URL('node_modules', import.meta.url)))

const store = process.env.STORE_DIR || '.contentlayer/store'
const manifest = `${store}/manifest.json`
const asked = readAsked()

/** @type {import('next').NextConfig} */
export default {
  // A second site in the same folder (the tests build one) keeps its build apart, and has facts of its own (SITE_CONFIG).
  distDir: process.env.DIST_DIR || '.next',
  // scripts/bundle.mjs asks for it. Vercel has its own way.
  ...(process.env.BUNDLE && !process.env.VERCEL ? { output: 'standalone' } : {}),
  agentRules: false,
  poweredByHeader: false,
  reactStrictMode: true,
  // What is stored at run time is made light as what a build stores is (scripts/lighten.ts).
  cacheHandler: fileURLToPath(new URL('lib/static/cache-handler.mjs', import.meta.url)),
  // `npm run check` and `npm test` check types; a writer's build does not wait for it.
  typescript: { ignoreBuildErrors: true },
  // Nothing prefetches here: pages link with plain <a>. Without this each page is measured for it at build time.
  // Of two processors Next.js would use one to make pages.
  experimental: { prefetchInlining: false, cpus: Math.max(2, availableParallelism() - 1) },
  turbopack: {
    root: path.dirname(packages),
    ...(process.env.SITE_CONFIG ? { resolveAlias: { '@/site.config': `./${process.env.SITE_CONFIG}` } } : {}),
  },
  // Pictures have all their sizes when the content is compiled; no server needs to make any.
  // Without the size, each request to /_next/image would try to make a folder for them (16.4.6, 2026-11).
  images: { unoptimized: true, maximumDiskCacheSize: 0 },
  // What the routes that run at request time read, for hosts that bring only traced files along: of the store just that.
  outputFileTracingIncludes: {
    '/drafts': [manifest],
    '/drafts/\\[...slug\\]': [manifest, ...asked.bodies],
    '/api/draft-media/**': [manifest, ...asked.pictures],
    '/video/**': [manifest, ...asked.films],
    '/moved/**': [manifest],
    '/readyz': [manifest],
  },
  // What Next.js takes for needed and is not: it encodes no picture here, a stored page is made light by the build (or a
  // server of our own, which has all of public/), and our sources are compiled.
  outputFileTracingExcludes: {
    '**': ['node_modules/{sharp,detect-libc,semver}/**', 'node_modules/@img/**', 'public/**', 'app/**', 'lib/**/*.ts'],
  },
  // What Next.js answers before it looks here, lib/server/requests.ts sees to.
  headers: async () => {
    const hidden = [
      { key: 'Cache-Control', value: 'private, no-store' },
      { key: 'X-Robots-Tag', value: 'noindex, nofollow, noarchive' },
    ]
    const answers = (source, policy) => ({
      source,
      headers: [...hidden, { key: 'Referrer-Policy', value: policy }],
    })
    return [
      // A drawing is a document when it is opened by itself: nothing in one from public/ may run, as in lib/server/send-file.ts.
      {
        source: '/:path*.svg',
        headers: [
          { key: 'Content-Security-Policy', value: mediaPolicy },
          { key: 'X-Content-Type-Options', value: 'nosniff' },
        ],
      },
      answers('/drafts/:path*', 'no-referrer'),
      answers('/api/draft-media/:path*', 'no-referrer'),
      answers('/sign-in', 'same-origin'),
      answers('/api/auth/:path*', 'same-origin'),
    ]
  },
  // Asked only when no page and no file has the address: aliases, and then the page that says there is none.
  rewrites: async () => ({
    beforeFiles: [],
    afterFiles: [],
    fallback: [{ source: '/:path*', destination: '/moved/:path*' }],
  }),
}

/** What is read of the store at request time (lib/compile/compile.ts). A development server may start before there is any. */
function readAsked() {
  const file = `${store}/asked.json`
  const lists = existsSync(file) ? JSON.parse(readFileSync(file, 'utf8')) : { bodies: [], pictures: [], films: [] }
  const inStore = (names) => names.map((name) => `${store}/${name}`)
  return { bodies: inStore(lists.bodies), pictures: inStore(lists.pictures), films: inStore(lists.films) }
}
