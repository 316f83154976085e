import { createReadStream } from 'node:fs'
import { stat } from 'node:fs/promises'
import { Readable } from 'node:stream'
import { lengthHeader } from './complete-answer'
import { metConditions, wantedPart } from './conditions'
import { typeOf } from './file-types'
import { mediaPolicy } from './policies.mjs'

/**
 * Answers with a file that a document shows or offers. Its type follows from its name; browsers save a file of an unknown type and do
 * not show it.
 *
 * @param request needed for films and sounds, of which a part may be asked for (RFC 9110 §14, one range). Safari plays no film without
 * ranges.
 * @param tag the ETag without quotation marks. It has to change with the bytes.
 * @throws when the file cannot be read.
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
    // Browsers show these in players and viewers of their own, which do not work in a sandbox.
    ...(isPlayed || type === 'application/pdf' ? {} : { 'Content-Security-Policy': mediaPolicy }),
  }
  const body = (start: number, end: number) =>
    request?.method === 'HEAD' || start > end
      ? null
      : (Readable.toWeb(createReadStream(/*turbopackIgnore: true*/ file, { start, end })) as ReadableStream)
  // A proxy may compress other files, and the range of a compressed file has other bytes.
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
