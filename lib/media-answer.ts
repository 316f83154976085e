import { createReadStream } from 'node:fs'
import { stat } from 'node:fs/promises'
import { Readable } from 'node:stream'
import { mediaPolicy } from './media-policy.mjs'
import { lengthHeader } from './requests'

const TYPES: Record<string, string> = {
  png: 'image/png',
  jpg: 'image/jpeg',
  jpeg: 'image/jpeg',
  gif: 'image/gif',
  webp: 'image/webp',
  avif: 'image/avif',
  svg: 'image/svg+xml',
  mp4: 'video/mp4',
  m4v: 'video/mp4',
  webm: 'video/webm',
  mov: 'video/quicktime',
  ogv: 'video/ogg',
  mp3: 'audio/mpeg',
  m4a: 'audio/mp4',
  ogg: 'audio/ogg',
  wav: 'audio/wav',
  vtt: 'text/vtt; charset=utf-8',
  txt: 'text/plain; charset=utf-8',
  pdf: 'application/pdf',
}

/**
 * A file that a document shows or offers, as an answer: its type by its name; what is of no known type is for saving only.
 *
 * @param request for films and sounds, of which parts may be asked for: RFC 9110 §14, one range. Safari plays none without.
 * @param tag changes with the bytes; the hash of the address does.
 */
export async function mediaAnswer(
  file: string,
  { name, tag, cacheControl, request }: { name: string; tag: string; cacheControl: string; request?: Request },
): Promise<Response> {
  const { size } = await stat(/*turbopackIgnore: true*/ file)
  const type = TYPES[name.split('.').pop()?.toLowerCase() ?? '']
  const isPlayed = /^(video|audio)/.test(type ?? '')
  const headers: Record<string, string> = {
    'Content-Type': type ?? 'application/octet-stream',
    'Content-Disposition': `${type ? 'inline' : 'attachment'}; filename*=UTF-8''${encodeURIComponent(name).replace(/['()*]/g, (mark) => `%${mark.charCodeAt(0).toString(16)}`)}`,
    'Cache-Control': cacheControl,
    'X-Content-Type-Options': 'nosniff',
    // Browsers show these in players and viewers of their own, apart from the site, and not in a sandbox.
    ...(isPlayed || type === 'application/pdf' ? {} : { 'Content-Security-Policy': mediaPolicy }),
  }
  const body = (start: number, end: number) =>
    request?.method === 'HEAD' || start > end
      ? null
      : (Readable.toWeb(createReadStream(/*turbopackIgnore: true*/ file, { start, end })) as ReadableStream)
  // Of anything else a part may be compressed on the way, and then its place in the whole is not what it says.
  if (!request || !isPlayed) return new Response(body(0, size - 1), { headers })

  Object.assign(headers, { 'Accept-Ranges': 'bytes', ETag: `"${tag}"` })
  const condition = request.headers.get('if-range')
  const asked = request.method === 'GET' && (!condition || condition === headers.ETag) && request.headers.get('range')
  const range = asked ? readRange(asked, size) : undefined
  if (range === 'unsatisfiable') {
    const { 'Content-Disposition': _disposition, 'Content-Type': _type, ...rest } = headers
    return new Response(null, { status: 416, headers: { ...rest, 'Content-Range': `bytes */${size}` } })
  }
  const { start, end } = range ?? { start: 0, end: size - 1 }
  return new Response(body(start, end), {
    status: range ? 206 : 200,
    headers: {
      ...headers,
      [lengthHeader]: String(end - start + 1),
      ...(range ? { 'Content-Range': `bytes ${start}-${end}/${size}` } : {}),
    },
  })
}

/**
 * Reads a Range header (RFC 9110 §14.1.2).
 *
 * @returns first and last byte; nothing for what may be ignored: another unit, several ranges, or what is no range.
 */
export function readRange(header: string, size: number): { start: number; end: number } | 'unsatisfiable' | undefined {
  const [, first = '', last = ''] = /^bytes=\s*(\d*)-(\d*)\s*$/i.exec(header.trim()) ?? []
  if (first === '' && last === '') return undefined
  if (first === '')
    return Number(last) === 0 || size === 0
      ? 'unsatisfiable'
      : { start: Math.max(0, size - Number(last)), end: size - 1 }
  if (last !== '' && Number(last) < Number(first)) return undefined
  if (Number(first) >= size) return 'unsatisfiable'
  return { start: Number(first), end: last === '' ? size - 1 : Math.min(Number(last), size - 1) }
}
