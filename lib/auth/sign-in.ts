import 'server-only'
import { clientAddress, peerHeader } from '../server/client-address'
import { connectedRedis } from '../server/redis'
import { plainPage } from '../server/refusal-page'
import { identityKey, isLoopback, settings } from '../server/settings'
import { sections } from '../site/sections.mjs'
import { countAttempt, type Limit } from './attempts'
import { DEVICE_SECONDS, deviceCookie, knownDevice } from './device'
import { inTurn } from './line'
import { askNextAuth } from './providers'
import { isOfDrafts, safeAddress } from './safe-address'
import { cookieName, endSession, keptCookie, sessionCookieName } from './session'
import { getWays } from './ways'

/** The forms of the sign-in page are much shorter. */
const MOST_BYTES = 8192
/** In ms. A browser sends a form in much less. */
const LONGEST_SENDING = 10_000

/**
 * Answers every request under `/api/auth`: the forms that sign in and out, and the redirects of providers back to this site. A form has
 * to come from a page of this site; all other requests are refused before next-auth sees them.
 *
 * @param path the segments after `/api/auth/`.
 */
export async function answerSignIn(request: Request, path: string[]): Promise<Response> {
  const [action = '', way = '', ...more] = path
  const isProvider = getWays().some((one) => one.id === way && one.id !== 'password')
  const isPassword = way === 'password' && getWays().some((one) => one.id === 'password')
  if (more.length > 0) return plainPage(404)
  if (request.method !== 'POST') {
    const isBack = request.method === 'GET' && action === 'callback' && isProvider
    return isBack ? comeBack(request, way) : plainPage(404)
  }
  if (!isFromHere(request)) return plainPage(403)
  const form = await readForm(request)
  if (form instanceof Response) return form
  if (action === 'signin' && isProvider) return post(request, ['signin', way], form)
  if (action === 'callback' && isPassword) return checkPassword(request, form)
  if (action === 'signout' && !way) return signOut(request, form)
  return plainPage(404)
}

/** Whether a form was sent by a page of this site. The browser sets both headers, and a page of another site cannot change them. */
function isFromHere(request: Request): boolean {
  const site = request.headers.get('sec-fetch-site')
  if (site !== null && site !== 'same-origin') return false
  const sent = request.headers.get('origin') ?? ''
  const { origin } = settings()
  if (sent === origin) return true
  // On a developer's machine `localhost` and `127.0.0.1` are the same site.
  const [ours, theirs] = [new URL(origin), URL.canParse(sent) ? new URL(sent) : undefined]
  return (
    theirs !== undefined &&
    isLoopback(ours.hostname) &&
    isLoopback(theirs.hostname) &&
    ours.protocol === theirs.protocol &&
    ours.port === theirs.port
  )
}

async function readForm(request: Request): Promise<Record<string, string> | Response> {
  const type = request.headers.get('content-type')?.split(';')[0]?.trim().toLowerCase()
  if (type !== 'application/x-www-form-urlencoded') return plainPage(415)
  const reader = request.body?.getReader()
  const chunks: Uint8Array[] = []
  let bytes = 0
  let isLate = false
  const timer = setTimeout(() => {
    isLate = true
    reader?.cancel().catch(() => undefined)
  }, LONGEST_SENDING)
  try {
    for (let part = await reader?.read(); part && !part.done; part = await reader?.read()) {
      bytes += part.value.length
      if (bytes > MOST_BYTES) return plainPage(413)
      chunks.push(part.value)
    }
  } catch {
    // The connection was closed before the form was complete.
    isLate = true
  } finally {
    clearTimeout(timer)
  }
  if (isLate) return plainPage(408)
  return Object.fromEntries(new URLSearchParams(Buffer.concat(chunks).toString('utf8')))
}

/**
 * The decoded cookies of a request that signing in uses. Other cookies, and cookies that cannot be decoded, do not reach next-auth. The
 * cookie `to`, the address to return to, is always on this site.
 */
function signInCookies({ headers }: Request): Record<string, string> {
  const ours = ['session', 'device', 'to', 'csrf', 'pkce', 'state', 'nonce'].map(cookieName)
  const found: Record<string, string> = {}
  for (const pair of (headers.get('cookie') ?? '').split(/; */)) {
    const [name = '', ...rest] = pair.split('=')
    const value = rest.join('=')
    if (!ours.includes(name) || name in found || !/^[\w.~|%-]+$/.test(value) || value.length > 4096) continue
    try {
      found[name] = decodeURIComponent(value)
    } catch {
      // A cookie with broken percent signs is ignored.
    }
  }
  const [to, home] = [cookieName('to'), `${settings().origin}/`]
  if (!found[to]?.startsWith(home)) found[to] = `${home}drafts`
  return found
}

async function checkPassword(request: Request, form: Record<string, string>): Promise<Response> {
  const name = identityKey(form.name?.trim() ?? '') ?? ''
  const cookie = signInCookies(request)[cookieName('device')]
  let attempt: Awaited<ReturnType<typeof countAttempt>>
  try {
    const tried = { address: addressOf(request), name, device: knownDevice(cookie, name, settings()) }
    attempt = await countAttempt(tried, await connectedRedis())
  } catch (error) {
    console.error(`Sign-in: attempts cannot be counted, so nobody gets in: ${(error as Error).message}`)
    return plainPage(503)
  }
  if (attempt.limit) {
    sayRefused(attempt.limit, name)
    return plainPage(429, attempt.seconds)
  }
  const answer = await inTurn(attempt.failures, () => post(request, ['callback', 'password'], form))
  if (!answer) {
    await attempt.takeBack()
    sayRefused('line', name)
    return plainPage(503)
  }
  if (answer.headers.get('location')?.startsWith(sections.signIn)) return answer
  await attempt.takeBack()
  answer.headers.append(
    'set-cookie',
    keptCookie(cookieName('device'), deviceCookie(cookie, name, settings()), DEVICE_SECONDS),
  )
  return answer
}

const refusals: Record<Limit | 'line', string> = {
  address: 'from an address with five wrong ones',
  device: 'from a browser that has signed in before, with five wrong ones',
  name: 'for a name that is tried from many addresses',
  line: 'as too many were waiting',
}
const refused = { since: 0, counts: new Map<Limit | 'line', number>(), names: new Set<string>() }

/** Logs refused attempts, at most one line a minute. It names editors only, so strangers cannot write into the log. */
function sayRefused(why: Limit | 'line', name: string) {
  const { counts, names, since } = refused
  counts.set(why, (counts.get(why) ?? 0) + 1)
  if (settings().passwords.has(name)) names.add(name)
  const now = Date.now()
  if (Math.abs(now - since) < 60_000) return
  const parts = [...counts].map(([one, count]) => `${count} ${refusals[one]}`)
  const whose = names.size > 0 ? ` Editors among the names: ${[...names].join(', ')}.` : ''
  console.warn(`Sign-in: tries were refused since this was said last: ${parts.join('; ')}.${whose}`)
  refused.since = now
  counts.clear()
  names.clear()
}

async function signOut(request: Request, form: Record<string, string>): Promise<Response> {
  try {
    await endSession(signInCookies(request)[sessionCookieName()])
  } catch (error) {
    console.error(`Sign-in: a session cannot be ended: ${(error as Error).message}`)
    return plainPage(503)
  }
  return post(request, ['signout'], form)
}

/** The address that a request comes from. A stranger cannot choose it. */
function addressOf({ headers }: Request): string {
  // Vercel's own proxy overwrites this header.
  if (process.env.VERCEL) return clientAddress(headers.get('x-real-ip') ?? '', '', 0)
  return clientAddress(headers.get(peerHeader()) ?? '', headers.get('x-forwarded-for') ?? '', settings().proxies)
}

async function post(request: Request, path: string[], form: Record<string, string>): Promise<Response> {
  const cookies = signInCookies(request)
  // next-auth refuses a form without its CSRF token, so ask for one. `isFromHere` has already refused forms of other sites.
  const first = await askNextAuth('GET', ['csrf'], {}, cookies)
  const { csrfToken } = first.body as { csrfToken: string }
  const made = first.cookies.map((cookie) => cookie.split(';')[0]?.split('=') ?? [])
  const withToken = {
    ...cookies,
    ...Object.fromEntries(made.map(([name = '', value = '']) => [name, decodeURIComponent(value)])),
  }
  const to = safeAddress(form.to)
  const body = { name: form.name ?? '', password: form.password ?? '', callbackUrl: to, csrfToken }
  const answer = await askNextAuth('POST', path, {}, withToken, body)
  const location =
    path[0] === 'signout' ? `${sections.signIn}?out=1` : whereTo(answer.location, to, path[0] === 'signin')
  return seeOther(location, answer.cookies)
}

/** Answers the request with which a provider redirects a person back to this site. */
async function comeBack(request: Request, way: string): Promise<Response> {
  const cookies = signInCookies(request)
  const cookie = (name: string) => Object.entries(cookies).find(([full]) => full.endsWith(`galley.${name}`))?.[1]
  const to = safeAddress(pathOf(cookie('to') ?? ''))
  const sent = new URL(request.url).searchParams
  const query: Record<string, string> = {}
  for (const name of ['code', 'state', 'iss', 'session_state', 'error', 'error_description']) {
    const value = sent.get(name)
    if (value !== null) query[name] = value.slice(0, 4096)
  }
  // Without our state this sign-in did not begin here, so the provider is not asked.
  if (!query.state || !cookie('state'))
    return seeOther(`${sections.signIn}?${new URLSearchParams({ error: 'OAuthCallback', to })}`, [])
  const answer = await askNextAuth('GET', ['callback', way], query, cookies)
  return seeOther(whereTo(answer.location, to, false), answer.cookies)
}

/**
 * @param mayLeave at the beginning of a sign-in, when the redirect leads to the provider.
 * @returns the address that next-auth redirects to, if it is below /drafts or may leave the site; otherwise the sign-in page.
 */
function whereTo(location: string | undefined, to: string, mayLeave: boolean): string {
  const url = new URL(location ?? sections.signIn, settings().origin)
  if (url.origin !== settings().origin && mayLeave) return url.href
  if (url.origin === settings().origin && isOfDrafts(url.pathname)) return safeAddress(pathOf(url.href))
  const error = url.searchParams.get('error') ?? 'Callback'
  return `${sections.signIn}?${new URLSearchParams({ error, to })}`
}

const pathOf = (address: string) => {
  if (!URL.canParse(address)) return ''
  const { pathname, search } = new URL(address)
  return `${pathname}${search}`
}

function seeOther(location: string, cookies: string[]): Response {
  const headers = new Headers({ location })
  for (const cookie of cookies) headers.append('set-cookie', cookie)
  return new Response(null, { status: 303, headers })
}
