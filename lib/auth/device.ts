import { createHmac, hkdfSync, randomBytes, timingSafeEqual } from 'node:crypto'
import type { Settings } from '../server/settings'

/** Browsers keep a cookie for 400 days at most. */
export const DEVICE_SECONDS = 400 * 24 * 3600
/** The most names that one browser is known for. */
const MOST = 5

type Known = Pick<Settings, 'secret' | 'editors' | 'passwords'>

/**
 * Whether a browser has signed in with a name before. A signed cookie says so. The cookie signs nobody in: it only lets the browser try
 * passwords for that name after strangers have used up the tries of all other browsers (OWASP: Slow Down Online Guessing Attacks with
 * Device Cookies). It ends when the name leaves the editor list, when its password changes, and after 400 days.
 *
 * @param cookie the device cookie that the browser sent.
 * @param name as `identityKey` gives it.
 * @returns an id for this browser and this name, under which failures are counted; undefined for an unknown browser.
 */
export function knownDevice(cookie: string | undefined, name: string, known: Known): string | undefined {
  return tokensOf(cookie)
    .find((token) => isFor(token, name, known))
    ?.split('.')[0]
}

/**
 * The new device cookie of a browser that has just signed in with a name. It keeps the id of this name, and the entries of other names.
 *
 * @param cookie the device cookie that the browser sent.
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

/** The hash of the password is signed too, so a new password makes all known devices unknown. */
function signature(id: string, since: number, name: string, { secret, passwords }: Known): string {
  const key = hkdfSync('sha256', secret, '', 'galley device cookie', 32)
  const password = passwords.get(name)?.key.toString('base64url') ?? ''
  return createHmac('sha256', Buffer.from(key)).update([id, since, password, name].join('\n')).digest('base64url')
}
