import 'server-only'
import { createHash, randomUUID } from 'node:crypto'
import { cookies } from 'next/headers'
import { notFound, redirect } from 'next/navigation'
import NextAuth, { type NextAuthOptions } from 'next-auth'
import { decode, encode, type JWT } from 'next-auth/jwt'
import CredentialsProvider from 'next-auth/providers/credentials'
import GitHubProvider, { type GithubProfile } from 'next-auth/providers/github'
import { cache } from 'react'
import { isPassword } from '../server/password'
import { once } from '../server/process-wide'
import { answerOf, connectedRedis } from '../server/redis'
import { identityKey, isEmail, settings } from '../server/settings'

/** A signed-in person who may read drafts. */
export type Editor = { name: string }

/** How one can sign in here. */
export type Way = { id: 'github' | 'oidc' | 'password'; label: string }

/** What a session says. `ids` are what the way of signing in vouches for; the editor list decides what they are worth. */
type Session = { name: string; way: Way['id']; ids: string[]; id: string; since: number; password?: string | undefined }

const IDLE_SECONDS = 8 * 3600
const LONGEST_SECONDS = 7 * 24 * 3600
/** A session is written anew after this long, so that work goes on without a new sign-in. */
const RENEW_SECONDS = 10 * 60

const isSecure = () => settings().origin.startsWith('https:')
/** Browsers keep a `__Host-` cookie to this very host, over https. */
const cookieName = (name: string) => `${isSecure() ? '__Host-' : ''}galley.${name}`
const cookieOptions = () => ({ httpOnly: true, sameSite: 'lax' as const, path: '/', secure: isSecure() })

/** The ways that are configured. */
export function getWays(): Way[] {
  const { github, oidc, passwords } = settings()
  return [
    ...(github ? [{ id: 'github' as const, label: 'GitHub' }] : []),
    ...(oidc ? [{ id: 'oidc' as const, label: oidc.name }] : []),
    ...(passwords.size > 0 ? [{ id: 'password' as const, label: 'a password' }] : []),
  ]
}

/** The session of whoever asks; read once for each answer. */
const getSession = cache(async () => readSession((await cookies()).get(cookieName('session'))?.value))

/** The editor who asks, or nothing. The editor list is looked at each time. */
export async function getEditor(): Promise<Editor | undefined> {
  const session = await getSession()
  return session && isOnList(session.ids) ? { name: session.name } : undefined
}

/**
 * The editor who asks; anybody else has left: who is not signed in is sent to do so and then back to `address`, and who
 * is signed in but no editor (any more) gets the 404 of an address that never was.
 */
export async function requireEditor(address: string): Promise<Editor> {
  const editor = await getEditor()
  if (editor) return editor
  if (await getSession()) notFound()
  redirect(`/sign-in?to=${encodeURIComponent(address)}`)
}

/**
 * Where to go after signing in: an address of drafts on this site, whatever was asked for.
 *
 * @param wanted what a visitor's address or form says; anything but a plain path of ours is the desk.
 */
export function safeAddress(wanted: unknown): string {
  if (typeof wanted !== 'string' || wanted.length > 500 || !/^\/drafts(\/|\?|$)/.test(wanted)) return '/drafts'
  // biome-ignore lint/suspicious/noControlCharactersInRegex: that is the point.
  if (/[\u0000-\u0020\\\u007f]/.test(wanted) || !URL.canParse(wanted, 'http://here.invalid')) return '/drafts'
  const url = new URL(wanted, 'http://here.invalid')
  return url.host === 'here.invalid' && /^\/drafts(\/|$)/.test(url.pathname)
    ? `${url.pathname}${url.search}`
    : '/drafts'
}

/** @returns the session of a cookie, or nothing when it is none of ours, too old, or ended (by signing out, or with its password). */
async function readSession(cookie: string | undefined): Promise<Session | undefined> {
  if (!cookie || cookie.length > 4096) return undefined
  let token: JWT | null
  try {
    token = await decode({ token: cookie, secret: settings().secret })
  } catch {
    return undefined
  }
  const session = token?.session as Session | undefined
  if (!session || !(Date.now() / 1000 - session.since <= LONGEST_SECONDS) || !isWayOpen(session)) return undefined
  return (await isEnded(session.id)) ? undefined : session
}

/** Whether one could still sign in in the way of a session: it is configured, and the password is still theirs. */
function isWayOpen({ way, ids, password }: Session): boolean {
  if (way === 'password' && password !== passwordMark(ids[0] ?? '')) return false
  return getWays().some((one) => one.id === way)
}

/** The lock. */
function isOnList(ids: string[]): boolean {
  return ids.some((id) => {
    const key = identityKey(id)
    return key !== undefined && settings().editors.has(key)
  })
}

/** Stands for the password that somebody has now; another one ends the sessions of the old. */
function passwordMark(name: string): string | undefined {
  const hash = settings().passwords.get(name)
  return hash && createHash('sha256').update(hash.key).digest('base64url').slice(0, 16)
}

// Sessions are stateless; those ended by signing out are remembered until they would have ended by themselves.
const ended = () => once('ended', () => new Map<string, number>())

/**
 * Ends the session of a cookie, on every server.
 *
 * @throws when Redis is asked for and cannot be reached: nobody should believe to be signed out who is not.
 */
export async function endSession(cookie: string | undefined) {
  const session = await readSession(cookie)
  if (session) await rememberEnded(session.id)
}

async function rememberEnded(id: string) {
  const redis = await connectedRedis()
  if (redis) {
    await answerOf(redis.set(`galley:ended:${id}`, '1', { expiration: { type: 'EX', value: IDLE_SECONDS + 60 } }))
    return
  }
  const now = Date.now()
  for (const [old, until] of ended()) if (until < now) ended().delete(old)
  ended().set(id, now + (IDLE_SECONDS + 60) * 1000)
}

async function isEnded(id: string): Promise<boolean> {
  const redis = await connectedRedis()
  if (redis) return (await answerOf(redis.get(`galley:ended:${id}`))) !== null
  return ended().has(id)
}

/** @returns the cookie that carries a session on for another eight hours, when it is an editor's and due for it. */
export async function renewedCookie(cookie: string | undefined) {
  const session = await readSession(cookie)
  if (!cookie || !session || !isOnList(session.ids)) return undefined
  const issued = (await decode({ token: cookie, secret: settings().secret }))?.iat as number
  if (Date.now() / 1000 - issued < RENEW_SECONDS) return undefined
  const value = await encode({ token: { session }, secret: settings().secret, maxAge: IDLE_SECONDS })
  return { name: cookieName('session'), value, ...cookieOptions(), maxAge: IDLE_SECONDS }
}

export const sessionCookieName = () => cookieName('session')
export const deviceCookieName = () => cookieName('device')

/** A `Set-Cookie` header with the attributes of all our cookies. */
export const keptCookie = (name: string, value: string, seconds: number) =>
  `${name}=${value}; Path=/; Max-Age=${seconds}; HttpOnly; ${isSecure() ? 'Secure; ' : ''}SameSite=Lax`

/** @returns the cookies that signing in uses, of a `Cookie` header. Others, and none that is malformed, get through. */
export function signInCookies(header: string): Record<string, string> {
  const ours = ['session', 'device', 'to', 'csrf', 'pkce', 'state', 'nonce'].map(cookieName)
  const found: Record<string, string> = {}
  for (const pair of header.split(/; */)) {
    const [name = '', ...rest] = pair.split('=')
    const value = rest.join('=')
    if (!ours.includes(name) || name in found || !/^[\w.~|%-]+$/.test(value) || value.length > 4096) continue
    try {
      found[name] = decodeURIComponent(value)
    } catch {
      // A cookie that cannot be read is no cookie.
    }
  }
  const [to, home] = [cookieName('to'), `${settings().origin}/`]
  if (!found[to]?.startsWith(home)) found[to] = `${home}drafts`
  return found
}

/** next-auth's own options; it speaks OAuth and OpenID Connect for us and writes the session. */
function options(): NextAuthOptions {
  const { secret, github, oidc, passwords } = settings()
  const kept = (name: string) => ({ name: cookieName(name), options: cookieOptions() })
  const shortlyKept = (name: string) => ({ name: cookieName(name), options: { ...cookieOptions(), maxAge: 15 * 60 } })
  return {
    secret,
    session: { strategy: 'jwt', maxAge: IDLE_SECONDS },
    jwt: { maxAge: IDLE_SECONDS },
    useSecureCookies: isSecure(),
    cookies: {
      sessionToken: kept('session'),
      callbackUrl: shortlyKept('to'),
      csrfToken: kept('csrf'),
      pkceCodeVerifier: shortlyKept('pkce'),
      state: shortlyKept('state'),
      nonce: shortlyKept('nonce'),
    },
    providers: [
      ...(github ? [gitHubProvider(github)] : []),
      ...(oidc ? [oidcProvider(oidc)] : []),
      ...(passwords.size > 0 ? [passwordProvider()] : []),
    ],
    callbacks: {
      signIn: ({ user }) => {
        const { ids } = user as SignedIn
        if (isOnList(ids)) return true
        console.error(`Sign-in: not on the editor list: ${oneLine(ids.join(', '))}`)
        return false
      },
      jwt: ({ token, user, account }) => {
        if (!user || !account) return token
        const { name, ids } = user as SignedIn
        const way = account.provider as Way['id']
        const password = way === 'password' ? passwordMark(ids[0] ?? '') : undefined
        const since = Math.floor(Date.now() / 1000)
        return { session: { name, way, ids, id: randomUUID(), since, password } satisfies Session }
      },
      redirect: ({ url, baseUrl }) =>
        `${baseUrl}${safeAddress(url.startsWith(baseUrl) ? url.slice(baseUrl.length) : url)}`,
    },
    logger: {
      error: (code, metadata) => console.error(`Sign-in: ${code}: ${oneLine(reason(metadata))}`),
      warn: () => undefined,
      debug: () => undefined,
    },
  }
}

/** A person as a way of signing in vouches for them. */
type SignedIn = { id: string; name: string; ids: string[] }

/** The message of an error, without what it carries besides (tokens, for one). */
function reason(metadata: Error | { error?: unknown }): string {
  const error = metadata instanceof Error ? metadata : metadata.error
  return error instanceof Error ? error.message : 'no reason given'
}

/** What strangers sent, fit for a log: no line breaks, no escape codes, not long. */
const oneLine = (text: string) => text.replace(/[\p{C}\p{Zl}\p{Zp}]+/gu, ' ').slice(0, 300)

const short = (text: unknown) => (typeof text === 'string' ? text.trim().slice(0, 100) : '')

type GitHub = GithubProfile & { verified: string[] }

function gitHubProvider({ id, secret, url }: NonNullable<ReturnType<typeof settings>['github']>) {
  const api = url === 'https://github.com' ? 'https://api.github.com' : `${url}/api/v3`
  return {
    ...GitHubProvider<GitHub>({ clientId: id, clientSecret: secret }),
    issuer: `${url}/login/oauth`,
    authorization: { url: `${url}/login/oauth/authorize`, params: { scope: 'read:user user:email' } },
    token: `${url}/login/oauth/access_token`,
    checks: ['pkce' as const, 'state' as const],
    userinfo: {
      url: `${api}/user`,
      async request({ tokens }: { tokens: { access_token?: string } }) {
        const ask = async (path: string) => {
          const answer = await fetch(`${api}${path}`, {
            headers: { authorization: `Bearer ${tokens.access_token}`, accept: 'application/vnd.github+json' },
            signal: AbortSignal.timeout(10_000),
          })
          if (!answer.ok) throw new Error(`GitHub answered ${answer.status} to ${path}.`)
          return answer.json()
        }
        const [profile, emails] = await Promise.all([ask('/user'), ask('/user/emails')])
        const verified = (emails as { email: string; verified: boolean }[]).filter((one) => one.verified === true)
        return { ...profile, verified: verified.map((one) => one.email) }
      },
    },
    profile: (profile: GitHub): SignedIn => ({
      id: String(profile.id),
      name: short(profile.name) || short(profile.login),
      ids: [`github:${profile.id}`, ...profile.verified.filter(isEmail).slice(0, 10)],
    }),
  }
}

/** What openid-client has after a sign-in, checked. */
type OidcAnswer = {
  client: { issuer: { metadata: { userinfo_endpoint?: string } }; userinfo(tokens: never): Promise<OidcProfile> }
  tokens: object
}

type OidcProfile = { sub: string; name?: string; preferred_username?: string; email?: string; email_verified?: boolean }

function oidcProvider({ issuer, id, secret, name }: NonNullable<ReturnType<typeof settings>['oidc']>) {
  return {
    id: 'oidc',
    name,
    type: 'oauth' as const,
    wellKnown: `${issuer}/.well-known/openid-configuration`,
    clientId: id,
    clientSecret: secret,
    authorization: { params: { scope: 'openid email profile' } },
    idToken: true,
    userinfo: {
      /** The ID token; for providers that keep e-mail addresses out of it (Authelia, Zitadel), what they say when asked. */
      async request({ client, tokens }: OidcAnswer): Promise<OidcProfile> {
        const claims = (tokens as { claims(): OidcProfile }).claims()
        return claims.email || !client.issuer.metadata.userinfo_endpoint ? claims : client.userinfo(tokens as never)
      },
    },
    checks: ['pkce' as const, 'state' as const, 'nonce' as const],
    profile: (profile: OidcProfile): SignedIn => ({
      id: profile.sub,
      name: short(profile.name) || short(profile.preferred_username) || short(profile.email) || 'Editor',
      // An address that its owner has not proved is nobody's.
      ids: [`oidc:${profile.sub}`, ...(profile.email_verified === true ? [profile.email].filter(isEmail) : [])],
    }),
  }
}

function passwordProvider() {
  return CredentialsProvider({
    id: 'password',
    name: 'a password',
    credentials: {},
    async authorize(credentials: Record<string, string> | undefined): Promise<SignedIn | null> {
      const name = identityKey(credentials?.name?.trim() ?? '') ?? ''
      const isRight = await isPassword(credentials?.password ?? '', settings().passwords.get(name))
      return isRight ? { id: name, name, ids: [name] } : null
    },
  })
}

/** What next-auth answers to a request. */
export type Answer = { status: number; cookies: string[]; location?: string | undefined; body: unknown }

/**
 * Hands a request to next-auth. Only what is passed here reaches it: of headers none, so that `Host` and
 * `X-Forwarded-*` cannot make it believe to be elsewhere.
 *
 * @param path what follows `/api/auth/`, such as `['callback', 'oidc']`.
 */
export async function askNextAuth(
  method: 'GET' | 'POST',
  path: string[],
  query: Record<string, string>,
  requestCookies: Record<string, string>,
  body?: Record<string, string>,
): Promise<Answer> {
  process.env.NEXTAUTH_URL = settings().origin
  const answer: Answer = { status: 200, cookies: [], body: undefined }
  const headers = new Map<string, string | string[]>()
  const response = {
    status: (status: number) => {
      answer.status = status
      return response
    },
    getHeader: (name: string) => headers.get(name),
    setHeader: (name: string, value: string | string[]) => {
      headers.set(name, value)
      return response
    },
    send: (content: unknown) => {
      answer.body = content
    },
    json: (content: unknown) => {
      answer.body = content
    },
    end: () => undefined,
  }
  const request = { method, query: { ...query, nextauth: path }, cookies: requestCookies, headers: {}, body }
  await NextAuth(request as never, response as never, options())
  answer.cookies = (headers.get('Set-Cookie') as string[] | undefined) ?? []
  answer.location = headers.get('Location') as string | undefined
  return answer
}
