import 'server-only'
import { createHash, hkdfSync } from 'node:crypto'
import { EncryptJWT, jwtDecrypt } from 'jose'
import { once } from '../server/process-wide'
import { answerOf, connectedRedis } from '../server/redis'
import { identityKey, settings } from '../server/settings'
import { getWays, type Way } from './ways'

/** The content of a session cookie. The provider has confirmed the `ids`; the editor list decides whether one of them may read drafts. */
export type Session = {
  name: string
  way: Way['id']
  ids: string[]
  id: string
  /** When the editor signed in, in seconds since 1970. */
  since: number
  /** What `passwordMark` gave when the editor signed in with a password. */
  password?: string | undefined
}

/** A session ends after this many seconds in which its editor opens nothing. */
export const IDLE_SECONDS = 8 * 3600
/** A session ends after this many seconds, even when its editor works all the time. */
const LONGEST_SECONDS = 7 * 24 * 3600
/** A cookie older than this is written again, so that an editor who works stays signed in. */
const RENEW_SECONDS = 10 * 60

const isSecure = () => settings().origin.startsWith('https:')

/** The full name of a cookie of ours. Browsers send a `__Host-` cookie to this host only, and only over https. */
export const cookieName = (name: string) => `${isSecure() ? '__Host-' : ''}galley.${name}`
export const sessionCookieName = () => cookieName('session')

/** The attributes of all our cookies. */
export const cookieOptions = () => ({ httpOnly: true, sameSite: 'lax' as const, path: '/', secure: isSecure() })

/** A `Set-Cookie` header with the attributes of all our cookies. */
export const keptCookie = (name: string, value: string, seconds: number) =>
  `${name}=${value}; Path=/; Max-Age=${seconds}; HttpOnly; ${isSecure() ? 'Secure; ' : ''}SameSite=Lax`

/** @returns the session of a cookie; undefined when this site did not write the cookie, or when the session is over. */
export async function readSession(cookie: string | undefined): Promise<Session | undefined> {
  return (await readCookie(cookie))?.session
}

/** @returns the session of a cookie, and the time when the cookie was written (seconds since 1970). */
async function readCookie(cookie: string | undefined): Promise<{ session: Session; written: number } | undefined> {
  const content = cookie && cookie.length <= 4096 ? await decrypt(cookie) : undefined
  const session = content?.session as Session | undefined
  if (!session || !(Date.now() / 1000 - session.since <= LONGEST_SECONDS) || !isWayOpen(session)) return undefined
  return (await isEnded(session.id)) ? undefined : { session, written: Number(content?.iat) }
}

/** The key that next-auth 4 derives from the secret too: it writes the cookie at sign-in (JWE, RFC 7516), and we read and renew it. */
const key = () => new Uint8Array(hkdfSync('sha256', settings().secret, '', 'NextAuth.js Generated Encryption Key', 32))

const algorithms = { alg: 'dir', enc: 'A256GCM' }

async function decrypt(cookie: string) {
  const ours = key()
  try {
    const { payload } = await jwtDecrypt(cookie, ours, {
      // Clocks of several servers may differ by some seconds.
      clockTolerance: 15,
      keyManagementAlgorithms: [algorithms.alg],
      contentEncryptionAlgorithms: [algorithms.enc],
    })
    return payload
  } catch {
    // Strangers can send any text as a cookie.
    return undefined
  }
}

/** Whether the editor could sign in again in the same way: it is still in the settings, and the password is the same. */
function isWayOpen({ way, ids, password }: Session): boolean {
  if (way === 'password' && password !== passwordMark(ids[0] ?? '')) return false
  return getWays().some((one) => one.id === way)
}

/** Whether one of these ids is on the editor list. This is the only place that decides who may read drafts. */
export function isOnList(ids: string[]): boolean {
  return ids.some((id) => {
    const key = identityKey(id)
    return key !== undefined && settings().editors.has(key)
  })
}

/** A short hash of the password hash of a name. A session keeps it, so a new password ends the sessions of the old one. */
export function passwordMark(name: string): string | undefined {
  const hash = settings().passwords.get(name)
  return hash && createHash('sha256').update(hash.key).digest('base64url').slice(0, 16)
}

/** Without Redis: the ids of sessions that ended by signing out, each with the time (ms) after which its cookie is too old anyway. */
const ended = () => once('ended', () => new Map<string, number>())

/**
 * Ends the session of a cookie, on every server.
 *
 * @throws when Redis is in the settings and cannot be reached, so that no editor is told "You are signed out" while the session goes on.
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

/** @returns a new cookie with the same session for eight more hours; undefined when the old cookie is less than ten minutes old, or its owner is not an editor. */
export async function renewedCookie(cookie: string | undefined) {
  const read = await readCookie(cookie)
  if (!read || !isOnList(read.session.ids)) return undefined
  const now = Math.floor(Date.now() / 1000)
  if (now - read.written < RENEW_SECONDS) return undefined
  const value = await new EncryptJWT({ session: read.session })
    .setProtectedHeader(algorithms)
    .setIssuedAt(now)
    .setExpirationTime(now + IDLE_SECONDS)
    .encrypt(key())
  return { name: sessionCookieName(), value, ...cookieOptions(), maxAge: IDLE_SECONDS }
}
