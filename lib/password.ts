import { randomBytes, scrypt, timingSafeEqual } from 'node:crypto'

/** scrypt's cost (RFC 7914): `2^ln` rounds of blocks of `r`, `p` times; `salt` and `key` are bytes. */
export type PasswordHash = { ln: number; r: number; p: number; salt: Buffer; key: Buffer }

/** 32 MB and about a third of a second: OWASP's recommendation (2^15, 8, 3). */
const cost = { ln: 15, r: 8, p: 3 }

/** @returns the hash of a new password, as EDITOR_PASSWORDS has it: `scrypt.15.8.3.<salt>.<key>`, in base64url. */
export async function hashPassword(password: string): Promise<string> {
  const salt = randomBytes(16)
  const key = await derive(password, { ...cost, salt, key: Buffer.alloc(32) })
  return ['scrypt', cost.ln, cost.r, cost.p, salt.toString('base64url'), key.toString('base64url')].join('.')
}

/** @returns what `hashPassword` wrote, or nothing when it is no such thing or weaker than scrypt should be. */
export function readPasswordHash(text: string): PasswordHash | undefined {
  const [, ...parts] = /^scrypt\.(\d{1,2})\.(\d{1,2})\.(\d{1,2})\.([\w-]{22,})\.([\w-]{43,})$/.exec(text) ?? []
  if (parts.length === 0) return undefined
  const [ln = 0, r = 0, p = 0] = parts.map(Number)
  if (ln < 14 || ln > 18 || r !== 8 || p < 1 || p > 16 || 2 ** ln * p < 2 ** cost.ln * cost.p) return undefined
  return { ln, r, p, salt: Buffer.from(parts[3] ?? '', 'base64url'), key: Buffer.from(parts[4] ?? '', 'base64url') }
}

/**
 * Whether a password is the one that was hashed, in the same time whether it is or not.
 *
 * @param hash nothing, for a name that nobody has: that costs the same, and is never right.
 */
export async function isPassword(password: string, hash: PasswordHash | undefined): Promise<boolean> {
  const against = hash ?? { ...cost, salt: Buffer.alloc(16), key: Buffer.alloc(32) }
  const derived = await derive(password, against)
  return timingSafeEqual(derived, against.key) && hash !== undefined
}

/** Checks wait in line: each takes 32 MB and a thread that reading files needs too. */
let line: Promise<unknown> = Promise.resolve()

function derive(password: string, { ln, r, p, salt, key }: PasswordHash): Promise<Buffer> {
  const work = () =>
    new Promise<Buffer>((resolve, reject) => {
      const options = { N: 2 ** ln, r, p, maxmem: 256 * 2 ** ln * r }
      scrypt(password.normalize('NFC'), salt, key.length, options, (error, bytes) =>
        error ? reject(error) : resolve(bytes),
      )
    })
  const result = line.then(work)
  line = result.catch(() => undefined)
  return result
}
