import { randomBytes, scrypt, timingSafeEqual } from 'node:crypto'

/** A hash of scrypt (RFC 7914). All hashes have the same cost. */
export type PasswordHash = { salt: Buffer; key: Buffer }

/** N = 2^ln, r and p of scrypt, as OWASP recommends (2^15, 8, 3). One hash takes 32 MB and some tenths of a second. */
const cost = { ln: 15, r: 8, p: 3 }
const prefix = ['scrypt', cost.ln, cost.r, cost.p].join('.')

/** @returns the hash of a new password for EDITOR_PASSWORDS: `scrypt.15.8.3.<salt>.<key>`, salt and key in base64url. */
export async function hashPassword(password: string): Promise<string> {
  const salt = randomBytes(16)
  const key = await derive(password, salt)
  return [prefix, salt.toString('base64url'), key.toString('base64url')].join('.')
}

/**
 * Reads a hash that `hashPassword` wrote.
 *
 * @returns undefined for any other text, and for a hash of another cost: the time it takes would tell that its name exists.
 */
export function readPasswordHash(text: string): PasswordHash | undefined {
  const rest = text.startsWith(`${prefix}.`) ? text.slice(prefix.length + 1) : ''
  const [, salt, key] = /^([\w-]{22})\.([\w-]{43})$/.exec(rest) ?? []
  return salt && key ? { salt: Buffer.from(salt, 'base64url'), key: Buffer.from(key, 'base64url') } : undefined
}

/**
 * Whether a password is the one that was hashed. Right and wrong passwords take the same time.
 *
 * @param hash undefined for an unknown name, which takes the same time and is never right.
 */
export async function isPassword(password: string, hash: PasswordHash | undefined): Promise<boolean> {
  const against = hash ?? { salt: Buffer.alloc(16), key: Buffer.alloc(32) }
  const derived = await derive(password, against.salt)
  return timingSafeEqual(derived, against.key) && hash !== undefined
}

function derive(password: string, salt: Buffer): Promise<Buffer> {
  const { ln, r, p } = cost
  return new Promise((resolve, reject) => {
    scrypt(password.normalize('NFC'), salt, 32, { N: 2 ** ln, r, p, maxmem: 256 * 2 ** ln * r }, (error, bytes) =>
      error ? reject(error) : resolve(bytes),
    )
  })
}
