import 'server-only'
import { randomUUID } from 'node:crypto'
import NextAuth, { type NextAuthOptions } from 'next-auth'
import CredentialsProvider from 'next-auth/providers/credentials'
import GitHubProvider, { type GithubProfile } from 'next-auth/providers/github'
import { isPassword } from '../server/password'
import { identityKey, isEmail, settings } from '../server/settings'
import { safeAddress } from './safe-address'
import { cookieName, cookieOptions, IDLE_SECONDS, isOnList, passwordMark, type Session } from './session'
import type { Way } from './ways'

/** The options of next-auth, which speaks OAuth and OpenID Connect and writes the session cookie. */
function options(): NextAuthOptions {
  const { secret, github, oidc, passwords } = settings()
  const kept = (name: string) => ({ name: cookieName(name), options: cookieOptions() })
  const shortlyKept = (name: string) => ({ name: cookieName(name), options: { ...cookieOptions(), maxAge: 15 * 60 } })
  return {
    secret,
    session: { strategy: 'jwt', maxAge: IDLE_SECONDS },
    jwt: { maxAge: IDLE_SECONDS },
    useSecureCookies: cookieOptions().secure,
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

/** A person, as GitHub, the OpenID provider or the password has confirmed them. */
type SignedIn = { id: string; name: string; ids: string[] }

/** The message of an error. Its other fields may hold tokens and stay out of the log. */
function reason(metadata: Error | { error?: unknown }): string {
  const error = metadata instanceof Error ? metadata : metadata.error
  return error instanceof Error ? error.message : 'no reason given'
}

/** Text from a stranger for the log: without line breaks and escape codes, 300 characters at most. */
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

/** The part of openid-client's result after a sign-in that we use. It has checked the ID token. */
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
      /** The claims of the ID token. Authelia and Zitadel leave the e-mail address out of it, so their userinfo endpoint is asked. */
      async request({ client, tokens }: OidcAnswer): Promise<OidcProfile> {
        const claims = (tokens as { claims(): OidcProfile }).claims()
        return claims.email || !client.issuer.metadata.userinfo_endpoint ? claims : client.userinfo(tokens as never)
      },
    },
    checks: ['pkce' as const, 'state' as const, 'nonce' as const],
    profile: (profile: OidcProfile): SignedIn => ({
      id: profile.sub,
      name: short(profile.name) || short(profile.preferred_username) || short(profile.email) || 'Editor',
      // An e-mail address counts only when the provider has verified it: anyone could have typed it in.
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

/** The answer of next-auth to a request. */
export type Answer = { status: number; cookies: string[]; location?: string | undefined; body: unknown }

/**
 * Hands a request to next-auth. It gets these parameters and no headers, so `Host` and `X-Forwarded-*` cannot change the address that
 * it takes for its own.
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
