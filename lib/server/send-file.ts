import { createReadStream } from 'node:fs'
import { stat } from 'node:fs/promises'
import { Readable } from 'node:stream'
import { lengthHeader } from './complete-answer'
import { metConditions, wantedPart } from './conditions'
import { typeOf } from './file-types'
import { mediaPolicy } from './policies.mjs'

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
  const type = typeOf(name)
  const isPlayed = /^(video|audio)/.test(type ?? '')
  const isShown = type && /^(image|video|audio)\/|^text\/(plain|vtt)|^application\/pdf/.test(type)
  const headers: Record<string, string> = {
    'Content-Type': isShown ? type : 'application/octet-stream',
    'Content-Disposition': `${isShown ? 'inline' : 'attachment'}; filename*=UTF-8''${encodeURIComponent(name).replace(/['()*]/g, (mark) => `%${mark.charCodeAt(0).toString(16)}`)}`,
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

  const validators = { tag: `"${tag}"` }
  Object.assign(headers, { 'Accept-Ranges': 'bytes', ETag: validators.tag })
  const asked = (name: string) => request.headers.get(name)
  const met = metConditions(asked, validators)
  const range = request.method === 'GET' ? wantedPart(asked, validators, size) : undefined
  if (met || range === 'unsatisfiable') {
    const { 'Content-Disposition': _disposition, 'Content-Type': _type, ...rest } = headers
    if (met) return new Response(null, { status: met, headers: rest })
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
