// Steps that `up`, `test`, `dev` and `bundle` share. It imports only Node.js, because it runs before the packages are installed.
import { spawn } from 'node:child_process'
import { createHash, randomBytes } from 'node:crypto'
import { existsSync, mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:net'
import path from 'node:path'
import { fileURLToPath } from 'node:url'

export const root = path.resolve(fileURLToPath(import.meta.url), '../..')
const onWindows = process.platform === 'win32'

/**
 * Ends the process with one sentence.
 *
 * @param {string} sentence
 * @returns {never}
 */
export function stop(sentence) {
  console.error(`\n${sentence}`)
  process.exit(1)
}

/** Refuses a Node.js that Next.js does not run on. */
export function checkNode() {
  const [major = 0, minor = 0] = process.versions.node.split('.').map(Number)
  if (major < 20 || (major === 20 && minor < 9)) {
    stop(
      `Galley needs Node.js 20.9 or newer, and this is ${process.versions.node}. Install a newer one from https://nodejs.org.`,
    )
  }
}

/**
 * Runs a command in the project and shows its output. A full disk or a missing command ends this process with a sentence.
 *
 * @param {string} command
 * @param {string[]} args
 * @param {{ env?: Record<string, string>, quiet?: boolean }} [options] `quiet` shows the output only if the command fails.
 * @returns {Promise<number>} its exit code.
 */
export function run(command, args, { env = {}, quiet = false } = {}) {
  return new Promise((resolve) => {
    const child = spawn(command, args, {
      cwd: root,
      env: { ...process.env, ...env },
      stdio: ['inherit', quiet ? 'pipe' : 'inherit', 'pipe'],
      // On Windows the commands of npm are scripts, which need a shell. Node.js does not, and its path has a space.
      shell: onWindows && command !== process.execPath,
    })
    let said = ''
    child.stdout?.on('data', (data) => {
      said += data
    })
    child.stderr?.on('data', (data) => {
      said = (said + data).slice(-100_000)
      if (!quiet) process.stderr.write(data)
    })
    child.on('error', (error) => stop(`"${command}" could not be started: ${error.message}.`))
    child.on('close', (code) => {
      if (code && /ENOSPC|No space left on device/i.test(said))
        stop('The disk is full. Free some space (a build needs about 1 GB), then run this again.')
      if (code && quiet) process.stderr.write(said)
      resolve(code ?? 1)
    })
  })
}

/**
 * Runs a step and ends the process if it fails.
 *
 * @param {string} command
 * @param {string[]} args
 * @param {Parameters<typeof run>[2]} [options]
 */
export async function step(command, args, options) {
  const code = await run(command, args, options)
  if (code) process.exit(code)
}

/**
 * The command of an installed package.
 *
 * @param {string} name
 */
export const bin = (name) => path.join(root, 'node_modules', '.bin', name)

/**
 * @param {string} name
 * @returns the path of a program, or undefined if it is not installed. Servers are often outside of PATH.
 */
export function findProgram(name) {
  const places = [
    ...(process.env.PATH ?? '').split(path.delimiter),
    '/usr/sbin',
    '/usr/local/sbin',
    '/opt/homebrew/bin',
  ]
  return places.map((place) => path.join(place, name)).find((file) => existsSync(file))
}

/**
 * The path of an installed Chromium or Chrome; otherwise Playwright's, which it installs; otherwise, on Debian as root, Debian's.
 *
 * @param {boolean} isWhole Chromium without windows opens a page in a quarter of the time, but keeps no page for the back button.
 */
export async function findChromium(isWhole = false) {
  const shell = '/usr/bin/chromium-headless-shell'
  const places = [
    process.env.CHROMIUM,
    ...(isWhole ? [] : [shell]),
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
  // Debian has had the shell since version 12.
  for (const name of isWhole ? ['chromium'] : ['chromium-headless-shell', 'chromium'])
    if (!found()) await installFromDebian([name])
  return found() ?? stop('The tests need a browser. Install Chromium or Chrome, or set CHROMIUM to the path of one.')
}

/**
 * Installs packages on Debian, if run as root; elsewhere it does nothing. RUNLEVEL=1 keeps their services from starting.
 *
 * @param {string[]} packages
 */
export async function installFromDebian(packages) {
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

/** Installs the packages of package-lock.json, unless they are installed already. */
export async function install() {
  const lock = readFileSync(path.join(root, 'package-lock.json'))
  const stamp = path.join(root, 'node_modules', '.galley-installed')
  const now = createHash('sha256').update(lock).update(process.versions.modules).digest('hex')
  if (existsSync(stamp) && readFileSync(stamp, 'utf8') === now) return
  console.log('Installing packages …')
  const code = await run('npm', ['ci', '--no-audit', '--no-fund', '--loglevel=error'])
  if (code) stop('The packages could not be installed; npm says why above. Run this again once it is mended.')
  writeFileSync(stamp, now)
}

/**
 * Installs the packages of a folder by its own lock file, unless it has packages already.
 *
 * @param {string} folder
 */
export async function installIn(folder) {
  if (existsSync(path.join(root, folder, 'node_modules'))) return
  console.log(`Installing packages for ${folder} …`)
  await step('npm', ['ci', '--prefix', folder, '--ignore-scripts', '--no-audit', '--no-fund', '--loglevel=error'])
}

/** Writes .env.local with a new secret at the first run, and a password while there is no way to sign in. */
export async function writeEnvironment() {
  const file = path.join(root, '.env.local')
  if (!existsSync(file)) {
    const example = readFileSync(path.join(root, '.env.example'), 'utf8')
    const secret = `NEXTAUTH_SECRET=${randomBytes(32).toString('base64url')}`
    writeFileSync(file, example.replace(/^NEXTAUTH_SECRET=.*$/m, secret), { mode: 0o600, flag: 'wx' })
    console.log('Wrote .env.local with a fresh secret.')
  }
  // A quick look; scripts/password.ts reads the file as the server does.
  if (/^EDITOR_PASSWORDS=\S+:scrypt\./m.test(readFileSync(file, 'utf8'))) return
  await step(process.execPath, ['scripts/run.mjs', 'scripts/password.ts', '--first'])
}

/** Compiles the content and builds the site, unless nothing has changed since the last build and no post is due. */
export async function build() {
  const stamp = path.join(root, '.next', 'galley-built.json')
  const inputs = fingerprint()
  if (existsSync(stamp)) {
    const last = JSON.parse(readFileSync(stamp, 'utf8'))
    if (last.inputs === inputs && (last.until === null || Date.now() < Date.parse(last.until))) return
  }
  console.log('Building …')
  await step('npm', ['run', '--silent', 'build'])
  const store = path.join(root, process.env.STORE_DIR ?? '.contentlayer/store', 'manifest.json')
  mkdirSync(path.dirname(stamp), { recursive: true })
  writeFileSync(stamp, JSON.stringify({ inputs, until: JSON.parse(readFileSync(store, 'utf8')).nextChange }))
}

/** A hash of the names, sizes and times of all files that a build reads. */
function fingerprint() {
  const hash = createHash('sha256')
  const skipped = new Set([
    'node_modules',
    '.git',
    '.contentlayer',
    '.verify',
    'e2e',
    'docs',
    'test-results',
    'playwright-report',
    'assets',
    'bundle',
    'bundle-e2e',
  ])
  /** @param {string} folder */
  const walk = (folder) => {
    for (const entry of readdirSync(folder, { withFileTypes: true }).sort((a, b) => (a.name < b.name ? -1 : 1))) {
      if (
        skipped.has(entry.name) ||
        entry.name.startsWith('.next') ||
        entry.name === '.env.local' ||
        entry.name === 'next-env.d.ts' ||
        entry.name.endsWith('.tsbuildinfo')
      )
        continue
      const file = path.join(folder, entry.name)
      if (entry.isDirectory()) walk(file)
      else {
        const { size, mtimeMs } = statSync(file)
        hash.update(`${path.relative(root, file)} ${size} ${mtimeMs}\n`)
      }
    }
  }
  walk(root)
  return hash.update(process.versions.node).digest('hex')
}

/**
 * @param {number} port
 * @returns {Promise<boolean>} whether no program listens on a port.
 */
export function isFree(port) {
  return new Promise((resolve) => {
    const server = createServer()
    server.once('error', () => resolve(false))
    server.listen(port, () => server.close(() => resolve(true)))
  })
}

/** The port to serve on, from PORT. Ends the process if PORT is no port. */
export function readPort() {
  const text = process.env.PORT ?? '3000'
  const port = Number(text)
  if (!/^\d+$/.test(text) || port < 1 || port > 65535)
    stop(`PORT is "${text}", which is no port. Set it to a number from 1 to 65535.`)
  return port
}

/**
 * Starts a server. It gets the SIGINT (Ctrl-C) and SIGTERM of this process, and this process ends with it and its exit code.
 *
 * @param {string} command
 * @param {string[]} args
 * @param {Record<string, string>} env
 */
export function serve(command, args, env = {}) {
  const child = spawn(command, args, { cwd: root, env: { ...process.env, ...env }, stdio: 'inherit', shell: onWindows })
  let asked = false
  for (const signal of /** @type {const} */ (['SIGINT', 'SIGTERM'])) {
    process.on(signal, () => {
      asked = true
      child.kill(signal)
    })
  }
  child.on('exit', (code) => process.exit(asked ? 0 : (code ?? 1)))
  return child
}
