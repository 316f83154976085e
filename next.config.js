import { existsSync, readFileSync, realpathSync } from 'node:fs'
import { availableParallelism } from 'node:os'
import path from 'node:path'
import { fileURLToPath } from 'node:url'
import { mediaPolicy, workerPolicy } from './lib/server/policies.mjs'
import { sections } from './lib/site/sections.mjs'

// In a copy of the project node_modules may be a symlink, and Turbopack reads nothing outside its root.
const packages = realpathSync(fileURLToPath(new URL('node_modules', import.meta.url)))

const store = process.env.STORE_DIR || '.contentlayer/store'
const manifest = `${store}/manifest.json`
const asked = readAsked()

/** @type {import('next').NextConfig} */
export default {
  // A second site in the same folder (the tests build one) has its own build, and its own facts (SITE_CONFIG).
  distDir: process.env.DIST_DIR || '.next',
  // Only scripts/bundle.mjs sets BUNDLE. Vercel makes its own bundle.
  ...(process.env.BUNDLE && !process.env.VERCEL ? { output: 'standalone' } : {}),
  agentRules: false,
  poweredByHeader: false,
  reactStrictMode: true,
  // Pages that are stored again at run time lose the framework, as those of a build do (scripts/lighten.ts).
  cacheHandler: fileURLToPath(new URL('lib/static/cache-handler.mjs', import.meta.url)),
  // `npm run check` and `npm test` check types; a writer's build does not wait for it.
  typescript: { ignoreBuildErrors: true },
  // Pages link with plain <a>, so Next.js never prefetches; with this option on, the build would measure each page for it.
  // `cpus`: on two cores Next.js would use only one to make pages.
  experimental: { prefetchInlining: false, cpus: Math.max(2, availableParallelism() - 1) },
  turbopack: {
    root: path.dirname(packages),
    ...(process.env.SITE_CONFIG ? { resolveAlias: { '@/site.config': `./${process.env.SITE_CONFIG}` } } : {}),
  },
  // Pictures have all their sizes when the content is compiled; no server needs to make any.
  // Without the size, each request to /_next/image would try to make a folder for them (16.4.6, 2026-11).
  images: { unoptimized: true, maximumDiskCacheSize: 0 },
  // The files of the store that routes read at request time, for hosts that deploy only traced files.
  outputFileTracingIncludes: {
    '/drafts': [manifest],
    '/drafts/\\[...slug\\]': [manifest, ...asked.bodies],
    '/api/draft-media/**': [manifest, ...asked.pictures],
    '/video/**': [manifest, ...asked.films],
    '/moved/**': [manifest],
    '/readyz': [manifest],
    '/api/nearest': [manifest],
    '/search': [manifest, `${store}/headings.json`],
  },
  // Files that Next.js traces and no route needs: it encodes no picture here, the cache handler reads public/ only on our own server, and
  // our sources are compiled.
  outputFileTracingExcludes: {
    '**': ['node_modules/{sharp,detect-libc,semver}/**', 'node_modules/@img/**', 'public/**', 'app/**', 'lib/**/*.ts'],
  },
  // Next.js answers some requests before it reads these; lib/server/requests.ts adds headers to those.
  headers: async () => {
    const hidden = [
      { key: 'Cache-Control', value: 'private, no-store' },
      { key: 'X-Robots-Tag', value: 'noindex, nofollow, noarchive' },
    ]
    /** @param {string} source @param {string} policy */
    const answers = (source, policy) => ({
      source,
      headers: [...hidden, { key: 'Referrer-Policy', value: policy }],
    })
    return [
      // An SVG is a document when it is opened by itself. This stops scripts in one from public/, as in lib/server/send-file.ts.
      {
        source: '/:path*.svg',
        headers: [
          { key: 'Content-Security-Policy', value: mediaPolicy },
          { key: 'X-Content-Type-Options', value: 'nosniff' },
        ],
      },
      // Our own server names both headers that its answers depend on.
      { source: `${sections.blog}/:path*`, headers: [{ key: 'Vary', value: 'Accept' }] },
      {
        source: '/assets/:folder(search-[^/]+)/worker.js',
        headers: [{ key: 'Content-Security-Policy', value: workerPolicy }],
      },
      answers('/drafts/:path*', 'no-referrer'),
      answers('/api/draft-media/:path*', 'no-referrer'),
      answers('/sign-in', 'same-origin'),
      answers('/api/auth/:path*', 'same-origin'),
    ]
  },
  // The markdown of a post has one address: the public one.
  redirects: async () => [
    { source: `${sections.markdown}/:path(.+)`, destination: `${sections.blog}/:path.md`, permanent: true },
  ],
  // `fallback` is used only when no page and no file has the address: app/moved knows the aliases, and answers 404 to the rest.
  rewrites: async () => ({
    // Our own server knows these and answers from the build (lib/static/listing.ts); they are for Vercel and `next dev`. A rule cannot
    // compare weights, so there markdown has to be named first, and wholly wanted.
    beforeFiles: [
      {
        source: `${sections.blog}/:path((?!page/)(?!.*(?:\\.md|/feed\\.xml)$).+)`,
        has: [{ type: 'header', key: 'accept', value: '\\s*text/markdown\\s*(?:;\\s*q=1(?:\\.0*)?\\s*)?(?:,.*)?' }],
        destination: `${sections.markdown}/:path`,
      },
    ],
    afterFiles: [{ source: `${sections.blog}/:path(.+).md`, destination: `${sections.markdown}/:path` }],
    fallback: [{ source: '/:path*', destination: '/moved/:path*' }],
  }),
}

/** The files of the store that are read at request time (lib/compile/compile.ts lists them). There is no list yet when `next dev` starts first. */
function readAsked() {
  const file = `${store}/asked.json`
  const lists = existsSync(file) ? JSON.parse(readFileSync(file, 'utf8')) : { bodies: [], pictures: [], films: [] }
  /** @param {string[]} names */
  const inStore = (names) => names.map((name) => `${store}/${name}`)
  return { bodies: inStore(lists.bodies), pictures: inStore(lists.pictures), films: inStore(lists.films) }
}
