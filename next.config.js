import { realpathSync } from 'node:fs'
import path from 'node:path'
import { fileURLToPath } from 'node:url'
import { mediaPolicy } from './lib/media-policy.mjs'

// A copy of the project shares our packages by a link, and Turbopack reads nothing outside its root.
const packages = realpathSync(fileURLToPath(new URL('node_modules', import.meta.url)))

const store = process.env.STORE_DIR || '.contentlayer/store'

/** @type {import('next').NextConfig} */
export default {
  // A second site in the same folder (the tests build one) keeps its build apart.
  distDir: process.env.DIST_DIR || '.next',
  agentRules: false,
  poweredByHeader: false,
  reactStrictMode: true,
  // What is stored at run time is made light as what a build stores is (scripts/lighten.mjs).
  cacheHandler: fileURLToPath(new URL('lib/light/cache-handler.mjs', import.meta.url)),
  // `npm run check` and `npm test` check types; a writer's build does not wait for it.
  typescript: { ignoreBuildErrors: true },
  // Nothing prefetches here: pages link with plain <a>. Without this each page is measured for it at build time.
  experimental: { prefetchInlining: false },
  turbopack: { root: path.dirname(packages) },
  // What the routes that run at request time read, for hosts that bring only traced files along.
  outputFileTracingIncludes: {
    '/drafts': [`${store}/manifest.json`],
    '/drafts/**': [`${store}/manifest.json`, `${store}/bodies/*.json`],
    '/api/draft-media/**': [`${store}/manifest.json`, `${store}/media/*`],
    '/video/**': [`${store}/manifest.json`, `${store}/media/*`],
    '/moved/**': [`${store}/manifest.json`],
  },
  // What Next.js answers before it looks here, lib/requests.ts sees to.
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
      // A drawing is a document when it is opened by itself: nothing in one from public/ may run, as in lib/media-answer.ts.
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
    fallback: [
      {
        source: '/:path*',
        destination: '/moved/:path*',
        // In development lib/light/not-found.ts asks for Next.js's own page.
        missing: process.env.NODE_ENV === 'development' ? [{ type: 'header', key: 'x-not-found' }] : [],
      },
    ],
  }),
}
