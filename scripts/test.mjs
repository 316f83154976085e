// npm test: types, lint, one build of the test site, and the quick suites of e2e/suites.ts.
// npm run test:all: these and the long suites: other builds, several instances, caches in front, measurements, this blog's own words.
// npm test -- FILE … builds the same and runs the tests of some files, the long ones too.
import {
  bin,
  build,
  checkNode,
  findChromium,
  findProgram,
  install,
  installFromDebian,
  installIn,
  run,
  step,
  stop,
  writeEnvironment,
} from './steps.mjs'

const started = Date.now()
const given = process.argv.slice(2).filter((arg) => arg !== '--all')
const isAll = process.argv.includes('--all')
/** @type {Record<string, string>} */
const env = {}
/** @type {[string, number][]} */
const steps = []

checkNode()
await timed('packages', install)
await writeEnvironment()
await timed('browser', async () => {
  env.CHROMIUM = await findChromium()
  if (process.env.CI) await installServers()
  if (isAll) await installIn('e2e/observatory')
})
const isLong = isAll || given.length > 0
if (isLong) env.TEST_ALL = '1'
if (isLong) await timed('build of this blog', build)
await timed('build of the test site', async () => {
  // Its words and its facts are its own, so that nothing that an owner changes in content/ or site.config.ts fails a test.
  const facts = { CONTENT_DIR: 'e2e/content', SITE_CONFIG: 'e2e/site.config.ts' }
  const folders = { STORE_DIR: '.contentlayer/e2e', DIST_DIR: '.next-e2e', BUNDLE_DIR: 'bundle-e2e' }
  await step(process.execPath, ['scripts/bundle.mjs'], { env: { ...facts, ...folders }, quiet: true })
})
await timed('types, lint, format', async () => {
  await step(process.execPath, ['scripts/map.mjs'], { quiet: true })
  await step(bin('next'), ['typegen'], { quiet: true })
  await step(bin('tsc'), ['--noEmit'])
  await step(bin('biome'), ['check', '--error-on-warnings', '.'])
})
let code = 0
await timed('tests', async () => {
  code = await run(bin('playwright'), ['test', ...given], { env })
})
if (isAll && code === 0) {
  await timed('weights and Lighthouse', async () => {
    // Three runs of Lighthouse are enough to hold the budgets; `npm run weigh` asks five times.
    code = await run(process.execPath, ['scripts/weigh/weigh.mjs'], { env: { RUNS: '3' } })
  })
}
for (const [name, seconds] of steps) console.log(`${name}: ${seconds} s`)
console.log(`npm ${isAll ? 'run test:all' : 'test'} took ${Math.round((Date.now() - started) / 1000)} s.`)
process.exit(code)

/**
 * Runs a step and keeps its seconds for the lines at the end.
 *
 * @param {string} name
 * @param {() => Promise<void>} work
 */
async function timed(name, work) {
  const from = Date.now()
  console.log(`${name} …`)
  await work()
  steps.push([name, Math.round((Date.now() - from) / 1000)])
}

/** With CI set: installs the servers that some tests start. Without CI, a test whose server is missing is skipped and says what to install. */
async function installServers() {
  /** @type {Record<string, string>} */
  const packages = {
    'redis-server': 'redis-server',
    nginx: 'nginx-light',
    caddy: 'caddy',
    openssl: 'openssl',
    'systemd-analyze': 'systemd',
    java: 'default-jre-headless',
  }
  const missing = () => Object.keys(packages).filter((program) => !findProgram(program))
  if (missing().length === 0) return
  const wanted = missing().map((program) => packages[program] ?? program)
  console.log(`Installing ${wanted.join(' and ')} …`)
  await installFromDebian(wanted)
  if (missing().length > 0)
    stop(
      `With CI set no test is skipped, and there is no ${missing().join(' and no ')}. Install ${wanted.join(' and ')}.`,
    )
}
