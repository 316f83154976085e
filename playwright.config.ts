import { tmpdir } from 'node:os'
import path from 'node:path'
import { defineConfig } from '@playwright/test'
import { hasPrograms } from './e2e/fleet'
import { environment } from './e2e/server'

const port = Number(process.env.TEST_PORT ?? 4300)
const serve = (env: Record<string, string>, at: number) => ({
  command: `node node_modules/next/dist/bin/next start --port ${at}`,
  url: `http://localhost:${at}/blog`,
  reuseExistingServer: false,
  // On a busy machine.
  timeout: 180_000,
  env,
})

/** What readers and editors get, from whatever serves it: one process, the bundle, or three of it behind nginx. */
const everywhere = /\/(access|code|drafts|embeds|light|lists|mdx|pictures|policy|reading|stored|theme)\.spec\.ts$/

/** CI skips nothing; elsewhere nginx, Redis and OpenSSL may be missing. */
const withFleet = hasPrograms || !!process.env.CI

/** `npm test` has built both sites, the fixture in e2e/content and the words of this blog, and has bundled the fixture. */
export default defineConfig({
  testDir: 'e2e',
  outputDir: 'test-results',
  fullyParallel: true,
  workers: 2,
  // On a busy machine. What has to be quick says so itself.
  timeout: 90_000,
  expect: { timeout: 15_000 },
  // The development server wants the machine, and .contentlayer, for itself: it comes last.
  projects: [
    { name: 'site', testIgnore: 'dev.spec.ts' },
    { name: 'standalone', testMatch: everywhere, use: { baseURL: `http://localhost:${port + 2}` } },
    ...(withFleet ? [{ name: 'fleet', testMatch: everywhere, use: { baseURL: `http://localhost:${port + 3}` } }] : []),
    {
      name: 'dev',
      testMatch: 'dev.spec.ts',
      dependencies: ['site', 'standalone', ...(withFleet ? ['fleet'] : [])],
    },
  ],
  forbidOnly: !!process.env.CI,
  // Late once on a busy machine, a test may run again in CI, and is named at the end. Those that look for drafts may not.
  retries: process.env.CI ? 1 : 0,
  reporter: [['list'], ['./e2e/closing-line.ts']],
  use: {
    baseURL: `http://localhost:${port}`,
    trace: 'retain-on-failure',
    launchOptions: {
      ...(process.env.CHROMIUM ? { executablePath: process.env.CHROMIUM } : {}),
      args: ['--no-sandbox', '--disable-gpu', '--disable-background-networking'],
    },
  },
  webServer: [
    serve(environment, port),
    serve({ ...environment, STORE_DIR: '', DIST_DIR: '', CONTENT_DIR: '' }, port + 1),
    {
      ...serve({ ...environment, PORT: String(port + 2) }, port + 2),
      command: `node "${path.resolve('bundle-e2e/server.js')}"`,
      cwd: tmpdir(),
    },
    ...(withFleet
      ? [
          {
            command: `node scripts/run.mjs e2e/fleet-up.ts ${port + 3}`,
            url: `http://localhost:${port + 3}/sign-in`,
            reuseExistingServer: false,
            timeout: 180_000,
          },
        ]
      : []),
  ],
})
