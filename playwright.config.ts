import { defineConfig } from '@playwright/test'
import { environment } from './e2e/server'
import { isLong, longFiles, suites } from './e2e/suites'

// What tests compile and what they start has the facts of the test site (e2e/tsconfig.json says so to the tests themselves), and
// no test reads or writes the owner's words.
process.env.SITE_CONFIG = environment.SITE_CONFIG
process.env.CONTENT_DIR = 'test-results/content'

const port = Number(process.env.TEST_PORT ?? 4300)
const serve = (command: string, at: number, env: Record<string, string> = {}) => ({
  command,
  url: `http://localhost:${at}/sign-in`,
  reuseExistingServer: false,
  // On a busy machine.
  timeout: 180_000,
  env: { ...environment, PORT: String(at), ...env },
})
const bundle = 'node bundle-e2e/server.js'
const start = (at: number) => `node node_modules/next/dist/bin/next start --port ${at}`

/** Tests in process ask no server. */
const projects = process.argv.filter((arg) => arg.startsWith('--project='))
const isUnitOnly = projects.length > 0 && projects.every((arg) => arg === '--project=unit')

/** `npm test` has built the test site (e2e/content) and its bundle; `npm run test:all` has built this blog besides. */
export default defineConfig({
  testDir: 'e2e',
  tsconfig: 'e2e/tsconfig.json',
  outputDir: 'test-results',
  fullyParallel: true,
  workers: 2,
  // On a busy machine. A test that has to be quick says so itself.
  timeout: 120_000,
  expect: { timeout: 20_000 },
  projects: [
    ...Object.entries(suites).map(([name, testMatch]) => ({ name, testMatch })),
    {
      name: 'site',
      testIgnore: [...Object.values(suites).flat(), ...longFiles, '**/dev.spec.ts'],
      // A browser context of its own costs each test a second. Playwright empties this one between tests: cookies, storage, routes.
      use: { reuseContext: true },
    },
    // The development server wants the machine, and .contentlayer, for itself: it comes last.
    ...(isLong
      ? [
          { name: 'long', testMatch: longFiles },
          { name: 'dev', testMatch: '**/dev.spec.ts', dependencies: ['long', 'site', ...Object.keys(suites)] },
        ]
      : []),
  ],
  ...(isLong ? {} : { grepInvert: /@long/ }),
  forbidOnly: !!process.env.CI,
  retries: 0,
  reporter: [['list'], ['./e2e/closing-line.ts']],
  use: {
    baseURL: `http://localhost:${port}`,
    // A trace of every test costs a sixth of the time. `TRACE=1` keeps those of tests that fail.
    trace: process.env.TRACE ? 'retain-on-failure' : 'off',
    launchOptions: {
      ...(process.env.CHROMIUM ? { executablePath: process.env.CHROMIUM } : {}),
      args: ['--no-sandbox', '--disable-gpu', '--disable-background-networking'],
    },
  },
  webServer: isUnitOnly
    ? []
    : [
        serve(bundle, port),
        ...(isLong
          ? [
              serve(start(port + 1), port + 1, { STORE_DIR: '', DIST_DIR: '', CONTENT_DIR: '', SITE_CONFIG: '' }),
              serve(start(port + 2), port + 2),
            ]
          : []),
      ],
})
