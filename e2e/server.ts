import { once } from 'node:events'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { test } from '@playwright/test'
import { findProgram } from '../scripts/steps.mjs'
import { type Asked, type Reply, send } from '../scripts/verify/http'
import { freePort, start, untilReady } from '../scripts/verify/processes'

/** Two people with passwords on the test site. EDITORS of each server decides whether they are editors. */
export const editors = {
  ines: { name: 'ines@example.com', password: 'correct horse battery' },
  tomas: { name: 'tomas@example.com', password: 'correct horse battery' },
}

const hash = 'scrypt.15.8.3.HCfAcoP2IDqzoqs8b06XBA.VBjbnHtVckPgwQNFibfULgwv1IqOiBHqKSV0QbM4Z4g'

/** The settings of every server of the test site. An empty value hides the value in .env.local. */
export const environment: Record<string, string> = {
  STORE_DIR: '.contentlayer/e2e',
  DIST_DIR: '.next-e2e',
  CONTENT_DIR: 'e2e/content',
  SITE_CONFIG: 'e2e/site.config.ts',
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
  /** Moves the clock of a server that was started with `clock` one step on. */
  moveClock: () => Promise<void>
  signal: (signal: NodeJS.Signals) => void
  /** Waits for the end of the process. @returns the ms from this call to the end. */
  ended: () => Promise<number>
  /** Closes the pipes that the server writes its log to. */
  stopReading: () => void
  stop: () => Promise<void>
}

const bundle = path.resolve('bundle-e2e/server.js')

/**
 * Starts one more server of the test site on a free port, with some settings of its own.
 *
 * @param program the server.js of a bundle, or `next start`.
 */
export async function startServer(settings: Record<string, string> = {}, program = bundle): Promise<Server> {
  const { port, server } = await begin(settings, program)
  const { child, output } = server
  const url = `http://localhost:${port}`
  await untilReady(async () => (await send(`${url}/sign-in`)).status > 0, server)
  const moves = () => output().split(clockMoved).length
  const moveClock = async () => {
    const before = moves()
    child.kill('SIGUSR2')
    while (moves() === before) await once(child.stdout as NodeJS.EventEmitter, 'data')
  }
  const ended = async () => {
    const started = Date.now()
    await server.ended
    return Date.now() - started
  }
  const signal = (name: NodeJS.Signals) => void child.kill(name)
  const stopReading = () => {
    for (const stream of [child.stdout, child.stderr]) stream?.destroy()
  }
  return { url, port, output, moveClock, signal, ended, stopReading, stop: () => server.stop('SIGTERM', 5000) }
}

/** Starts a server with settings that it has to refuse, and gives its exit code and its output. */
export async function refusedStart(settings: Record<string, string>): Promise<{ code: number | null; said: string }> {
  const { server } = await begin(settings, bundle)
  const timer = setTimeout(server.stop, 60_000)
  const code = await server.ended
  clearTimeout(timer)
  return { code, said: server.output() }
}

async function begin(settings: Record<string, string>, program: string) {
  const port = await freePort()
  const isNext = program === 'next start'
  const env = { ...process.env, ...environment, ...settings, PORT: String(port) }
  const args = isNext ? ['node_modules/next/dist/bin/next', 'start'] : [program]
  // A bundle needs no file of the project, so it runs in another folder.
  return { port, server: start(process.execPath, args, { cwd: isNext ? process.cwd() : tmpdir(), env }) }
}

/** Starts a Redis that keeps nothing on the disk. A client that connects too early tries again. */
export const startRedis = (port: number) =>
  start(
    findProgram('redis-server') ?? 'redis-server',
    ['--port', `${port}`, '--bind', '127.0.0.1', '--save', '', '--appendonly', 'no'],
    { cwd: tmpdir() },
  )

const clockMoved = 'The clock was moved.'

/** A setting for a server whose clock is `ahead` seconds ahead, and goes on by `step` seconds at each `moveClock`. */
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

export type Answer = Omit<Reply, 'body'> & { body: string; all: string }

/** Sends any request and reads the answer as text. `all` is its headers and its body. */
export async function ask(url: string, path: string, asked: Asked = {}): Promise<Answer> {
  const { body, ...reply } = await send(url, asked, path)
  return { ...reply, body: `${body}`, all: `${reply.rawHeaders.join('\n')}\n${body}` }
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
 * The `Cookie` header of the editor ines. It is valid on every server with the passwords of `environment` and no Redis.
 * Checking a password takes a third of a second, so tests that are not about signing in or out share this session.
 */
export function editorCookie(url: string): Promise<string> {
  session ??= signIn(url)
  return session
}

/** Skips a test whose program is not installed. With CI set, no test is skipped. */
export function needs(program: string, isHere: boolean, debianPackage: string) {
  test.skip(!isHere && !process.env.CI, `needs ${program}: apt-get install ${debianPackage}`)
}
