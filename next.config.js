import { fileURLToPath } from 'node:url'

/** @type {import('next').NextConfig} */
export default {
  // A second site in the same folder (the tests build one) keeps its build apart.
  distDir: process.env.DIST_DIR ?? '.next',
  agentRules: false,
  poweredByHeader: false,
  reactStrictMode: true,
  // `npm run check` and `npm test` check types; a writer's build does not wait for it.
  typescript: { ignoreBuildErrors: true },
  // Nothing prefetches here: pages link with plain <a>. Without this each page is measured for it at build time.
  experimental: { prefetchInlining: false },
  turbopack: { root: fileURLToPath(new URL('.', import.meta.url)) },
  // Asked only when no page and no file has the address: aliases, and then the page that says there is none.
  rewrites: async () => ({
    beforeFiles: [],
    afterFiles: [],
    fallback: [{ source: '/:path*', destination: '/moved/:path*' }],
  }),
}
