import 'server-only'
import { askNextAuth, endSession, getWays, safeAddress, sessionCookieName, signInCookies } from './editor'
import { countAttempt } from './limits'
import { plainPage } from './plain-page'
import { peerHeader } from './requests'
import { clientAddress, identityKey, isLoopback, settings } from './settings'

/** More than any of our forms holds. */
const MOST_BYTES = 8192

/**
 * Answers everything under `/api/auth`: the forms that sign in and out, and providers sending people back. Whatever
 * changes something is a form of our own pages; the rest is refused before next-auth sees it.
 *
 * @param path what follows `/api/auth/`.
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

/** Only a form of our own pages: the browser says where it was sent from, and a stranger's page cannot change that. */
function isFromHere(request: Request): boolean {
  const site = request.headers.get('sec-fetch-site')
  if (site !== null && site !== 'same-origin') return false
  const sent = request.headers.get('origin') ?? ''
  const { origin } = settings()
  if (sent === origin) return true
  // This machine has several names, and whoever can serve pages on it needs none of our forms.
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
  const chunks: Uint8Array[] = []
  let bytes = 0
  for await (const chunk of (request.body ?? []) as AsyncIterable<Uint8Array>) {
    bytes += chunk.length
    if (bytes > MOST_BYTES) return plainPage(413)
    chunks.push(chunk)
  }
  return Object.fromEntries(new URLSearchParams(Buffer.concat(chunks).toString('utf8')))
}

/** Each check takes some tenths of a second, one after the other: nobody should be made to join a longer line than this. */
const LONGEST_LINE = 30
let inLine = 0

async function checkPassword(request: Request, form: Record<string, string>): Promise<Response> {
  let attempt: Awaited<ReturnType<typeof countAttempt>>
  try {
    attempt = await countAttempt(addressOf(request), identityKey(form.name?.trim() ?? '') ?? '')
  } catch (error) {
    console.error(`Sign-in: attempts cannot be counted, so nobody gets in: ${(error as Error).message}`)
    return plainPage(503)
  }
  if (attempt.seconds !== undefined) return plainPage(429, attempt.seconds)
  if (inLine >= LONGEST_LINE) {
    await attempt.takeBack()
    return plainPage(503)
  }
  inLine++
  try {
    const answer = await post(request, ['callback', 'password'], form)
    if (!answer.headers.get('location')?.startsWith('/sign-in')) await attempt.takeBack()
    return answer
  } finally {
    inLine--
  }
}

async function signOut(request: Request, form: Record<string, string>): Promise<Response> {
  try {
    await endSession(signInCookies(request.headers.get('cookie') ?? '')[sessionCookieName()])
  } catch (error) {
    console.error(`Sign-in: a session cannot be ended: ${(error as Error).message}`)
    return plainPage(503)
  }
  return post(request, ['signout'], form)
}

/** Where a request comes from, as far as a stranger cannot choose it. */
function addressOf({ headers }: Request): string {
  // Vercel's own proxy overwrites this header.
  if (process.env.VERCEL) return clientAddress(headers.get('x-real-ip') ?? '', '', 0)
  return clientAddress(headers.get(peerHeader()) ?? '', headers.get('x-forwarded-for') ?? '', settings().proxies)
}

async function post(request: Request, path: string[], form: Record<string, string>): Promise<Response> {
  const cookies = signInCookies(request.headers.get('cookie') ?? '')
  // next-auth wants its token of a form given first. `isFromHere` has asked the browser, which says more than a token.
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
  const location = path[0] === 'signout' ? '/sign-in?out=1' : whereTo(answer.location, to, path[0] === 'signin')
  return seeOther(location, answer.cookies)
}

/** A provider sends somebody back. */
async function comeBack(request: Request, way: string): Promise<Response> {
  const cookies = signInCookies(request.headers.get('cookie') ?? '')
  const cookie = (name: string) => Object.entries(cookies).find(([full]) => full.endsWith(`galley.${name}`))?.[1]
  const to = safeAddress(pathOf(cookie('to') ?? ''))
  const sent = new URL(request.url).searchParams
  const query: Record<string, string> = {}
  for (const name of ['code', 'state', 'iss', 'session_state', 'error', 'error_description']) {
    const value = sent.get(name)
    if (value !== null) query[name] = value.slice(0, 4096)
  }
  // Whoever comes back has been sent by us; for anybody else the provider is not even asked.
  if (!query.state || !cookie('state'))
    return seeOther(`/sign-in?${new URLSearchParams({ error: 'OAuthCallback', to })}`, [])
  const answer = await askNextAuth('GET', ['callback', way], query, cookies)
  return seeOther(whereTo(answer.location, to, false), answer.cookies)
}

/** @returns the address next-auth sends to, if it is one of drafts, or (when signing in begins) the provider's; else our sign-in page. */
function whereTo(location: string | undefined, to: string, mayLeave: boolean): string {
  const url = new URL(location ?? '/sign-in', settings().origin)
  if (url.origin !== settings().origin && mayLeave) return url.href
  if (url.origin === settings().origin && /^\/drafts(\/|$)/.test(url.pathname)) return safeAddress(pathOf(url.href))
  const error = url.searchParams.get('error') ?? 'Callback'
  return `/sign-in?${new URLSearchParams({ error, to })}`
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
