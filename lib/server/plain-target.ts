import { posix } from 'node:path'

/**
 * A request's target as a path and a query: without the host that may stand before it (RFC 9112 §3.2.2) and without a fragment,
 * letters that are encoded for no reason decoded and dots worked off (RFC 3986 §6.2.2). Percent signs of what is no UTF-8 are taken literally.
 */
export function plainTarget(target: string): string {
  const [path = '', ...query] = target
    .replace(/^https?:\/\/[^/?#]*(?=[/?#]|$)/i, '')
    .replace(/#.*$/s, '')
    .replace(/^(?=\?|$)/, '/')
    .split('?')
  const needless = /%(?:2[de]|3\d|4[1-9a-f]|5[0-9af]|6[1-9a-f]|7[0-9ae])/gi
  // In one go: what is decoded may stand behind a percent sign, and is then a letter all the same.
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
