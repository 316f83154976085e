/** Reads and checks the environment. It imports nothing of Next.js, so the server, proxy.ts, scripts and tests can all use it. */
import { isIP } from 'node:net'
import { type PasswordHash, readPasswordHash } from './password'

export type Settings = {
  /** Signs and encrypts sessions. */
  secret: string
  /** The origin of the site, such as `https://blog.example`. Signing in works on this host only. */
  origin: string
  /** The editors: e-mail addresses in lower case, `github:<numeric id>`, `oidc:<subject>`. */
  editors: Set<string>
  /** Password hashes by e-mail address. */
  passwords: Map<string, PasswordHash>
  github?: { id: string; secret: string; url: string }
  oidc?: { issuer: string; id: string; secret: string; name: string }
  redisUrl?: string
  /** How many proxies of our own stand before the server, each adding to `X-Forwarded-For`. */
  proxies: number
  /** Whether the log is lines of JSON, with one line for each request. */
  logsJson: boolean
  /** The address at which Prometheus can read the metrics. */
  metrics?: { host: string; port: number }
  /** How long the server goes on answering after SIGTERM. */
  drainSeconds: number
}

/** The placeholder in .env.example, which is no secret. */
const EXAMPLE_SECRET = 'replace-this-by-running-openssl-rand-base64-32'

type Environment = Record<string, string | undefined>

/**
 * Reads the settings from an environment.
 *
 * @returns the settings, or all problems at once, each with its remedy. With one problem there are no settings.
 */
export function readSettings(env: Environment): { settings: Settings; problems: [] } | { problems: string[] } {
  const problems: string[] = []
  const wrong = (problem: string) => void problems.push(problem)
  const value = (name: string) => env[name]?.trim() ?? ''

  const secret = value('NEXTAUTH_SECRET')
  const makeOne = 'Make one with "openssl rand -base64 32" and set it in .env.local.'
  if (!secret) wrong(`NEXTAUTH_SECRET is not set. ${makeOne}`)
  else if (secret === EXAMPLE_SECRET) wrong(`NEXTAUTH_SECRET is the example's, which everyone knows. ${makeOne}`)
  else if (Buffer.byteLength(secret) < 32)
    wrong(`NEXTAUTH_SECRET is ${Buffer.byteLength(secret)} bytes long, and 32 are needed. ${makeOne}`)
  else if (new Set(secret).size < 10)
    wrong(`NEXTAUTH_SECRET repeats a few characters, so it can be guessed. ${makeOne}`)

  const origin = readOrigin(env, wrong)
  const editors = readEditors(value('EDITORS'), wrong)
  const passwords = readPasswords(value('EDITOR_PASSWORDS'), wrong)
  const github = readGitHub(value, wrong)
  const oidc = readOidc(value, wrong)
  if (
    passwords.size === 0 &&
    !['EDITOR_PASSWORDS', 'GITHUB_ID', 'GITHUB_SECRET', 'OIDC_ISSUER', 'OIDC_CLIENT_ID', 'OIDC_CLIENT_SECRET'].some(
      value,
    )
  )
    wrong(
      'There is no way to sign in. Make a password with "npm run editor:password", or set GITHUB_ID and GITHUB_SECRET, or OIDC_ISSUER, OIDC_CLIENT_ID and OIDC_CLIENT_SECRET.',
    )

  const redisUrl = value('REDIS_URL')
  if (redisUrl && !/^rediss?:$/.test(parseUrl(redisUrl)?.protocol ?? ''))
    wrong('REDIS_URL is no address of a Redis server. Write it as redis://127.0.0.1:6379, or rediss:// for TLS.')
  if (env.VERCEL && passwords.size > 0 && !redisUrl)
    wrong(
      'EDITOR_PASSWORDS needs REDIS_URL on Vercel: each function would count wrong passwords by itself. Set it, or sign in with GitHub or OpenID Connect.',
    )
  const proxies = value('TRUSTED_PROXIES') || '0'
  if (!/^[0-9]$/.test(proxies))
    wrong(
      `TRUSTED_PROXIES is "${proxies}". Write how many proxies of yours stand before the server: 0 for none, 1 for one nginx.`,
    )

  const log = value('LOG')
  if (!['', 'json', 'plain'].includes(log))
    wrong(`LOG is "${log}". Write json for one line of JSON a request, or plain.`)
  const metricsPort = value('METRICS_PORT')
  if (metricsPort && !isPort(metricsPort))
    wrong(`METRICS_PORT is "${metricsPort}". Write a port from 1 to 65535 that nobody outside can reach: 9464.`)
  const metricsHost = value('METRICS_HOST') || '127.0.0.1'
  if (isIP(metricsHost) === 0)
    wrong(`METRICS_HOST is "${metricsHost}". Write the address of this machine to listen on: 127.0.0.1.`)
  const drain = value('DRAIN_SECONDS') || (proxies === '0' ? '0' : '5')
  if (!/^\d{1,3}$/.test(drain))
    wrong(`DRAIN_SECONDS is "${drain}". Write for how many seconds the server answers on after SIGTERM: 5.`)

  if (problems.length > 0) return { problems }
  return {
    settings: {
      secret,
      origin,
      editors,
      passwords,
      ...(github ? { github } : {}),
      ...(oidc ? { oidc } : {}),
      ...(redisUrl ? { redisUrl } : {}),
      proxies: Number(proxies),
      logsJson: log === 'json',
      ...(metricsPort ? { metrics: { host: metricsHost, port: Number(metricsPort) } } : {}),
      drainSeconds: Number(drain),
    },
    problems: [],
  }
}

/**
 * The form in which identities are compared: lower case, but an OpenID subject keeps its case.
 *
 * @returns undefined for a text that Unicode NFKC would change, so that characters that only look alike (`＠` and `@`, `ﬁ` and `fi`) never
 * match.
 */
export function identityKey(identity: string): string | undefined {
  if (identity.normalize('NFKC') !== identity) return undefined
  return identity.startsWith('oidc:') ? identity : identity.toLowerCase()
}

/** Whether a host name means this machine, where plain http is safe. */
export const isLoopback = (hostname: string) =>
  hostname === 'localhost' ||
  hostname.endsWith('.localhost') ||
  hostname === '[::1]' ||
  /^127(\.\d+){3}$/.test(hostname)

/** Whether a value looks like an e-mail address. `github:1234` and `oidc:x@y` do not. */
export const isEmail = (text: unknown): text is string =>
  typeof text === 'string' && /^[^\s@,:<>"']+@[^\s@,:<>"']+$/.test(text)

const isPort = (text: string) => /^\d{1,5}$/.test(text) && Number(text) >= 1 && Number(text) <= 65535

function parseUrl(text: string): URL | undefined {
  return URL.canParse(text) ? new URL(text) : undefined
}

type Wrong = (problem: string) => void

function readOrigin(env: Environment, wrong: Wrong): string {
  const onVercel =
    env.VERCEL_ENV === 'production' ? env.VERCEL_PROJECT_PRODUCTION_URL : (env.VERCEL_BRANCH_URL ?? env.VERCEL_URL)
  const elsewhere = env.VERCEL ? onVercel && `https://${onVercel}` : `http://localhost:${env.PORT?.trim() || 3000}`
  const text = env.NEXTAUTH_URL?.trim() || elsewhere || ''
  const url = parseUrl(text)
  const shown = url ? `${url.protocol}//${url.host}${url.pathname}` : text.slice(0, 60)
  if (!url || !/^https?:$/.test(url.protocol) || url.pathname !== '/' || url.search || url.username)
    wrong(`NEXTAUTH_URL is "${shown}". Write the address of the site and nothing else: https://blog.example.`)
  else if (url.protocol === 'http:' && !isLoopback(url.hostname))
    wrong(
      `NEXTAUTH_URL is "${shown}", where passwords and sessions would cross the network in clear. Serve the site over https and write https://${url.host}.`,
    )
  return url?.origin ?? ''
}

function readEditors(text: string, wrong: Wrong): Set<string> {
  const editors = new Set<string>()
  const entries = text
    .split(',')
    .map((entry) => entry.trim())
    .filter(Boolean)
  if (entries.length === 0)
    wrong(
      'EDITORS is empty. List who may read drafts, separated by commas, in .env.local: ines@example.com, github:1234.',
    )
  for (const entry of entries) {
    const key = identityKey(entry)
    if (key && (isEmail(key) || /^github:[1-9]\d*$/.test(key) || (/^oidc:\S+$/.test(entry) && entry === key)))
      editors.add(key)
    else if (/^github:/i.test(entry))
      wrong(
        `EDITORS has "${entry}", and names on GitHub can change hands. Write the number at "id" in https://api.github.com/users/${entry.slice(7)}: github:1234.`,
      )
    else
      wrong(
        `EDITORS has ${entry.length > 60 ? 'an entry that is none' : `"${entry}"`}. Write an e-mail address in plain letters, github:<numeric id> or oidc:<subject>, separated by commas.`,
      )
  }
  return editors
}

function readPasswords(text: string, wrong: Wrong): Map<string, PasswordHash> {
  const passwords = new Map<string, PasswordHash>()
  for (const entry of text.split(',').map((one) => one.trim())) {
    if (!entry) continue
    const at = entry.indexOf(':')
    const name = identityKey(entry.slice(0, at))
    const remedy = 'Make it with "npm run editor:password -- ines@example.com".'
    if (at < 0 || !name || !isEmail(name)) {
      wrong(`EDITOR_PASSWORDS has an entry that is not an e-mail address, a colon and a hash. ${remedy}`)
      continue
    }
    const hash = readPasswordHash(entry.slice(at + 1))
    if (!hash) wrong(`EDITOR_PASSWORDS has no strong scrypt hash for ${name}. ${remedy}`)
    else if (passwords.has(name)) wrong(`EDITOR_PASSWORDS has ${name} twice. Keep one.`)
    else passwords.set(name, hash)
  }
  return passwords
}

type Value = (name: string) => string

function readGitHub(value: Value, wrong: Wrong): Settings['github'] {
  const [id, secret] = [value('GITHUB_ID'), value('GITHUB_SECRET')]
  if (!id && !secret) return undefined
  if (!id || !secret)
    wrong(
      `${id ? 'GITHUB_SECRET' : 'GITHUB_ID'} is not set. Set both GITHUB_ID and GITHUB_SECRET, from your OAuth app on GitHub, or neither.`,
    )
  const url = value('GITHUB_URL') || 'https://github.com'
  if (!isSafeUrl(url))
    wrong(`GITHUB_URL is "${url}". Write the address of your GitHub Enterprise Server with https://, or leave it out.`)
  return { id, secret, url: url.replace(/\/+$/, '') }
}

function readOidc(value: Value, wrong: Wrong): Settings['oidc'] {
  const names = ['OIDC_ISSUER', 'OIDC_CLIENT_ID', 'OIDC_CLIENT_SECRET']
  const missing = names.filter((name) => !value(name))
  if (missing.length === names.length) return undefined
  if (missing.length > 0)
    wrong(
      `${missing.join(' and ')} ${missing.length > 1 ? 'are' : 'is'} not set. Set all of ${names.join(', ')}, or none.`,
    )
  const issuer = value('OIDC_ISSUER').replace(/\/+$/, '')
  if (issuer && !isSafeUrl(issuer))
    wrong(
      `OIDC_ISSUER is "${issuer}". Write the issuer's address with https://, as it stands in its discovery document.`,
    )
  return {
    issuer,
    id: value('OIDC_CLIENT_ID'),
    secret: value('OIDC_CLIENT_SECRET'),
    name: value('OIDC_NAME') || parseUrl(issuer)?.hostname || 'OpenID Connect',
  }
}

function isSafeUrl(text: string): boolean {
  const url = parseUrl(text)
  return url?.protocol === 'https:' || (url?.protocol === 'http:' && isLoopback(url.hostname))
}

let current: Settings | undefined

/**
 * The settings of this process.
 *
 * @throws with all problems when the settings are not safe.
 */
export function settings(): Settings {
  if (!current) {
    const read = readSettings(process.env)
    if (!('settings' in read)) throw new Error(`The configuration is not safe.\n${read.problems.join('\n')}`)
    current = read.settings
  }
  return current
}
