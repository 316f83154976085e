// npm test: everything that must hold. Types, lint, format, the site's own content, and every test against production builds.
import { existsSync } from 'node:fs'
import { bin, build, checkNode, findProgram, install, root, run, step, stop, writeEnvironment } from './steps.mjs'

const started = Date.now()
checkNode()
await install()
await writeEnvironment()
const chromium = await findChromium()
if (process.env.CI) await installServers()

await build()
console.log('Types, lint, format …')
await step(bin('next'), ['typegen'], { quiet: true })
await step(bin('tsc'), ['--noEmit'])
await step(bin('biome'), ['check', '--error-on-warnings', '.'])
console.log('Building the test site …')
const site = { CONTENT_DIR: 'e2e/content', STORE_DIR: '.contentlayer/e2e', DIST_DIR: '.next-e2e' }
await step('npm', ['run', '--silent', 'build'], { env: site, quiet: true })
const code = await run(bin('playwright'), ['test', ...process.argv.slice(2)], { env: { CHROMIUM: chromium } })
console.log(`npm test took ${Math.round((Date.now() - started) / 1000)} s.`)
process.exit(code)

/** A Chromium or Chrome that is here; else Playwright's own; else, on Debian as root, Debian's. */
async function findChromium() {
  const places = [
    process.env.CHROMIUM,
    '/usr/bin/chromium',
    '/usr/bin/chromium-browser',
    '/usr/bin/google-chrome',
    '/opt/google/chrome/chrome',
    '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
    '/Applications/Chromium.app/Contents/MacOS/Chromium',
    'C:\\Program Files\\Google\\Chrome\\Application\\chrome.exe',
  ]
  const found = () => places.find((place) => place && existsSync(place))
  const here = found() ?? (await playwrightsOwn())
  if (here) return here
  console.log('Installing a browser …')
  if ((await run(bin('playwright'), ['install', '--with-deps', 'chromium'], { quiet: true })) === 0)
    return (await playwrightsOwn()) ?? ''
  await installFromDebian(['chromium'])
  return found() ?? stop('The tests need a browser. Install Chromium or Chrome, or set CHROMIUM to the path of one.')
}

/** What some tests run beside the site. Elsewhere these tests are skipped and say what to install; CI skips none. */
async function installServers() {
  const packages = { 'redis-server': 'redis-server', nginx: 'nginx-light', java: 'default-jre-headless' }
  const missing = () => Object.keys(packages).filter((program) => !findProgram(program))
  if (missing().length === 0) return
  const wanted = missing().map((program) => packages[program])
  console.log(`Installing ${wanted.join(' and ')} …`)
  await installFromDebian(wanted)
  if (missing().length > 0)
    stop(
      `With CI set no test is skipped, and there is no ${missing().join(' and no ')}. Install ${wanted.join(' and ')}.`,
    )
}

/** Installs packages on Debian, as root; does nothing elsewhere. RUNLEVEL=1 keeps their services from starting. */
async function installFromDebian(packages) {
  if (process.getuid?.() !== 0 || !existsSync('/usr/bin/apt-get')) return
  await run('apt-get', ['update', '-qq'])
  await run('apt-get', ['install', '-y', '-qq', '--no-install-recommends', ...packages], {
    env: { DEBIAN_FRONTEND: 'noninteractive', RUNLEVEL: '1' },
  })
}

async function playwrightsOwn() {
  const { chromium } = await import(`${root}/node_modules/@playwright/test/index.mjs`)
  return existsSync(chromium.executablePath()) ? chromium.executablePath() : undefined
}
