// npm test: everything that must hold. Types, lint, format, the site's own content, and every test against production builds.
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
checkNode()
await install()
await writeEnvironment()
const chromium = await findChromium()
if (process.env.CI) await installServers()
await installIn('e2e/observatory')

await build()
console.log('Types, lint, format …')
await step(bin('next'), ['typegen'], { quiet: true })
await step(bin('tsc'), ['--noEmit'])
await step(bin('biome'), ['check', '--error-on-warnings', '.'])
console.log('Building the test site, and its bundle …')
const site = { CONTENT_DIR: 'e2e/content', STORE_DIR: '.contentlayer/e2e', DIST_DIR: '.next-e2e' }
await step(process.execPath, ['scripts/bundle.mjs'], { env: { ...site, BUNDLE_DIR: 'bundle-e2e' }, quiet: true })
const only = process.argv.slice(2)
let code = await run(bin('playwright'), ['test', ...only], { env: { CHROMIUM: chromium } })
if (code === 0 && only.length === 0) {
  // Three runs of Lighthouse are enough to hold the budgets; `npm run weigh` asks five times.
  code = await run(process.execPath, ['scripts/weigh/weigh.mjs'], { env: { CHROMIUM: chromium, RUNS: '3' } })
}
console.log(`npm test took ${Math.round((Date.now() - started) / 1000)} s.`)
process.exit(code)

/** What some tests run beside the site. Elsewhere these tests are skipped and say what to install; CI skips none. */
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
