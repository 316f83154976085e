import { createHmac, hkdfSync, randomBytes, timingSafeEqual } from 'node:crypto'
import type { Settings } from '../server/settings'

/** Browsers keep no cookie for longer. */
export const DEVICE_SECONDS = 400 * 24 * 3600
/** People who sign in with one browser. */
const MOST = 5

type Known = Pick<Settings, 'secret' | 'editors' | 'passwords'>

/**
 * Whether a browser has signed in with a name before: its cookie says so, signed. The cookie opens nothing; it lets its browser try
 * passwords for that one name though strangers have used up the tries of all (OWASP: Slow Down Online Guessing Attacks with Device
 * Cookies). It is worth nothing when the name is off the editor list, has another password, or 400 days have gone by.
 *
 * @param cookie what the browser sent.
 * @param name as `identityKey` gives it.
 * @returns an id of the browser and the name, by which its failures are counted.
 */
export function knownDevice(cookie: string | undefined, name: string, known: Known): string | undefined {
  return tokensOf(cookie)
    .find((token) => isFor(token, name, known))
    ?.split('.')[0]
}

/**
 * The cookie of a browser that has just signed in with a name. It keeps its id, and what it knows of other names.
 *
 * @param cookie what the browser sent.
 */
export function deviceCookie(cookie: string | undefined, name: string, known: Known): string {
  const tokens = tokensOf(cookie)
  const id = knownDevice(cookie, name, known) ?? randomBytes(16).toString('base64url')
  const since = Math.floor(Date.now() / 1000)
  const others = tokens.filter((token) => token.split('.')[0] !== id)
  return [[id, since, signature(id, since, name, known)].join('.'), ...others].slice(0, MOST).join('~')
}

const tokensOf = (cookie = '') => (cookie.length < 1000 ? cookie.split('~', MOST).filter(Boolean) : [])

function isFor(token: string, name: string, known: Known): boolean {
  const [, id, since, signed] = /^([\w-]{22})\.(\d{1,12})\.([\w-]{43})$/.exec(token) ?? []
  if (!id || !signed) return false
  const isSigned = timingSafeEqual(Buffer.from(signature(id, Number(since), name, known)), Buffer.from(signed))
  const { editors, passwords } = known
  return isSigned && editors.has(name) && passwords.has(name) && Date.now() / 1000 - Number(since) < DEVICE_SECONDS
}

/** The password's hash is signed too: with another password there is no device that knew it. */
function signature(id: string, since: number, name: string, { secret, passwords }: Known): string {
  const key = hkdfSync('sha256', secret, '', 'galley device cookie', 32)
  const password = passwords.get(name)?.key.toString('base64url') ?? ''
  return createHmac('sha256', Buffer.from(key)).update([id, since, password, name].join('\n')).digest('base64url')
}
