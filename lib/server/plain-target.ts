import { posix } from 'node:path'

/**
 * Normalises the target of a request to a path and a query. A host before it (RFC 9112 §3.2.2) and a fragment are dropped, unreserved
 * characters are decoded, and `.` and `..` are resolved (RFC 3986 §6.2.2). If the path does not decode to UTF-8, its percent signs are
 * taken literally.
 */
export function plainTarget(target: string): string {
  const [path = '', ...query] = target
    .replace(/^https?:\/\/[^/?#]*(?=[/?#]|$)/i, '')
    .replace(/#.*$/s, '')
    .replace(/^(?=\?|$)/, '/')
    .split('?')
  const needless = /%(?:2[de]|3\d|4[1-9a-f]|5[0-9af]|6[1-9a-f]|7[0-9ae])/gi
  // In one pass: `%%34%31` becomes `%2541`, and a second pass would decode that again.
  let plain = path.replace(/%(?:[\da-f]{2})?/gi, (mark) =>
    mark === '%' ? '%25' : mark.replace(needless, decodeURIComponent),
  )
  if (/^\/(?:.*\/)?\.{1,2}(?:\/|$)/.test(plain)) plain = posix.normalize(plain)
  try {
    decodeURIComponent(plain)
  } catch {
    plain = plain.replace(/%(?!25)/g, '%25')
  }
  return [plain, ...query].join('?')
}
