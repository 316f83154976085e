import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { type IncomingHttpHeaders, type OutgoingHttpHeaders, request } from 'node:http'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { test } from '@playwright/test'
import { freePort } from '../scripts/verify/copy'

/** Editors of the test site. `tomas` has a password too; who is on the list is up to each server. */
export const editors = {
  ines: { name: 'ines@example.com', password: 'correct horse battery' },
  tomas: { name: 'tomas@example.com', password: 'correct horse battery' },
}

const hash = 'scrypt.15.8.3.HCfAcoP2IDqzoqs8b06XBA.VBjbnHtVckPgwQNFibfULgwv1IqOiBHqKSV0QbM4Z4g'

/** What every server of the test site is started with. An empty value keeps what .env.local says out. */
export const environment: Record<string, string> = {
  STORE_DIR: '.contentlayer/e2e',
  DIST_DIR: '.next-e2e',
  CONTENT_DIR: 'e2e/content',
  NEXTAUTH_SECRET: 'x7Jk2pQv9mZr4tBn8wLc1dFh6gYs3aEu',
  NEXTAUTH_URL: '',
  EDITORS: 'ines@example.com, tomas@example.com',
  EDITOR_PASSWORDS: `ines@example.com:${hash},tomas@example.com:${hash}`,
  GITHUB_ID: '',
  GITHUB_SECRET: '',
  GITHUB_URL: '',
  OIDC_ISSUER: '',
  OIDC_CLIENT_ID: '',
  OIDC_CLIENT_SECRET: '',
  OIDC_NAME: '',
  REDIS_URL: '',
  TRUSTED_PROXIES: '',
}

export type Server = {
  url: string
  port: number
  output: () => string
  /** Moves on the clock of a server that was started with `clock`. */
  moveClock: () => Promise<void>
  signal: (signal: NodeJS.Signals) => void
  /** How many ms the process took to end since it was asked for. */
  ended: () => Promise<number>
  /** Closes the other end of what the server writes its log to. */
  stopReading: () => void
  stop: () => Promise<void>
}

/**
 * Starts one more server of the built test site (of its bundle, in the tests of that), with some settings of its own, on a free port.
 *
 * @param bundled the server.js of another bundle.
 */
export async function startServer(settings: Record<string, string> = {}, bundled?: string): Promise<Server> {
  const { child, port, output } = await spawnServer(settings, bundled)
  const url = `http://localhost:${port}`
  await answers(url, child, output)
  const moves = () => output().split(clockMoved).length
  const moveClock = async () => {
    const before = moves()
    child.kill('SIGUSR2')
    while (moves() === before) await once(child.stdout, 'data')
  }
  const ended = async () => {
    const started = Date.now()
    if (child.exitCode === null && child.signalCode === null) await once(child, 'close')
    return Date.now() - started
  }
  const signal = (name: NodeJS.Signals) => void child.kill(name)
  const stopReading = () => {
    for (const stream of [child.stdout, child.stderr]) stream.destroy()
  }
  return { url, port, output, moveClock, signal, ended, stopReading, stop: () => stop(child) }
}

/** Starts a server that is to refuse: what it says, and its exit code. */
export async function refusedStart(settings: Record<string, string>): Promise<{ code: number | null; said: string }> {
  const { child, output } = await spawnServer(settings)
  const timer = setTimeout(() => child.kill(), 60_000)
  const code = await new Promise<number | null>((resolve) => child.once('close', resolve))
  clearTimeout(timer)
  return { code, said: output() }
}

// A test that fails leaves its servers; they end with the process that has started them.
const running = new Set<ChildProcess>()
process.on('exit', () => {
  for (const child of running) child.kill('SIGKILL')
})

async function spawnServer(
  settings: Record<string, string>,
  bundled = test.info().project.name === 'standalone' ? path.resolve('bundle-e2e/server.js') : '',
) {
  const port = await freePort()
  const next = ['node_modules/next/dist/bin/next', 'start', '--port', String(port)]
  const child = spawn(process.execPath, bundled ? [bundled] : next, {
    cwd: bundled ? tmpdir() : process.cwd(),
    env: { ...process.env, ...environment, ...settings, PORT: String(port) },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  running.add(child)
  child.once('close', () => running.delete(child))
  let said = ''
  for (const stream of [child.stdout, child.stderr]) {
    stream.on('data', (data) => {
      said += data
    })
  }
  return { child, port, output: () => said }
}

async function answers(url: string, child: ChildProcess, said: () => string) {
  for (let tries = 0; tries < 300; tries++) {
    if (child.exitCode !== null) throw new Error(`The server has stopped:\n${said()}`)
    const answer = await fetch(`${url}/sign-in`).catch(() => undefined)
    if (answer) return
    await new Promise((resolve) => setTimeout(resolve, 100))
  }
  child.kill('SIGKILL')
  throw new Error(`The server does not answer:\n${said()}`)
}

export function stop(child: ChildProcess): Promise<void> {
  return new Promise((resolve) => {
    if (child.exitCode !== null || child.signalCode !== null) return resolve()
    const timer = setTimeout(() => child.kill('SIGKILL'), 5000)
    child.once('close', () => {
      clearTimeout(timer)
      resolve()
    })
    child.kill()
  })
}

const clockMoved = 'The clock was moved.'

/** A setting for a server whose clock is some seconds ahead of ours, and goes `step` further each time it is moved. */
export function clock(ahead: number, step = 0): Record<string, string> {
  const code = `let ahead = ${ahead * 1000}
  process.on('SIGUSR2', () => { ahead += ${step * 1000}; console.log('${clockMoved}') })
  const now = Date.now
  Date.now = () => now() + ahead
  globalThis.Date = new Proxy(Date, {
    construct: (target, given, made) => Reflect.construct(target, given.length > 0 ? given : [Date.now()], made),
  })`
  return { NODE_OPTIONS: `--import=data:text/javascript,${encodeURIComponent(code)}` }
}

export type Answer = { status: number; headers: IncomingHttpHeaders; body: string; all: string; ms: number }

/** Sends any request, also one that `fetch` is too polite for. `all` is every byte of the answer's head and body. */
export function ask(
  url: string,
  path: string,
  options: { method?: string; headers?: OutgoingHttpHeaders; body?: string | Buffer } = {},
): Promise<Answer> {
  const started = Date.now()
  return new Promise((resolve, reject) => {
    const { hostname, port } = new URL(url)
    const { method = 'GET', headers = {}, body } = options
    const sent = request({ hostname, port, path, method, headers, agent: false }, (answer) => {
      let text = ''
      answer.setEncoding('utf8')
      answer.on('data', (data) => {
        text += data
      })
      answer.on('end', () =>
        resolve({
          status: answer.statusCode ?? 0,
          headers: answer.headers,
          body: text,
          all: `${answer.rawHeaders.join('\n')}\n${text}`,
          ms: Date.now() - started,
        }),
      )
      answer.on('error', reject)
    })
    sent.on('error', reject)
    sent.end(body)
  })
}

/** Sends a form as the sign-in page does. Redirects are not followed. */
export function postForm(
  url: string,
  path: string,
  form: Record<string, string>,
  headers: Record<string, string> = {},
) {
  return fetch(`${url}${path}`, {
    method: 'POST',
    redirect: 'manual',
    headers: { origin: url, ...headers },
    body: new URLSearchParams(form),
  })
}

/** Signs in with a password and gives the `Cookie` header of the session. */
export async function signIn(url: string, { name, password } = editors.ines): Promise<string> {
  const answer = await postForm(url, '/api/auth/callback/password', { name, password })
  const cookie = answer.headers.getSetCookie().find((one) => /galley\.session=[^;]/.test(one))
  if (!cookie) throw new Error(`${name} could not sign in: ${answer.status} ${answer.headers.get('location')}`)
  return cookie.split(';')[0] ?? ''
}

let session: Promise<string> | undefined
/**
 * The `Cookie` header of an editor, ines. Signed in once, it is good at every server that has the passwords of `environment` and no
 * Redis: a password costs a third of a second, so tests that are not about signing in or out share it.
 */
export function editorCookie(url: string): Promise<string> {
  session ??= signIn(url)
  return session
}

/** Skips a test that needs a program which is not here; continuous integration installs all and skips none. */
export function needs(program: string, isHere: boolean, debianPackage: string) {
  test.skip(!isHere && !process.env.CI, `needs ${program}: apt-get install ${debianPackage}`)
}
