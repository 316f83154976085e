import * as zlib from 'node:zlib'

/** Bytes that were packed in other bytes, and how: `gzip`, or `base64, brotli` for Brotli in base64. */
export type Layer = { how: string; bytes: Buffer }
type Opened = { layers: Layer[]; unopened: string[] }

/** Limits. Anything packed deeper or larger is reported as not checked. */
const DEPTH = 5
const LARGEST = 32 * 2 ** 20
const MOST = 400
/** First bytes of pictures, fonts and films. Their compressed parts hold no text, apart from the texts of PNG. */
const MEDIA = [
  '89504e47',
  'ffd8ff',
  '474946',
  '774f4632',
  '774f4646',
  '1a45dfa3',
  '52494646',
  '00000100',
  '4f676753',
  '49443303',
]
const limits = { maxOutputLength: LARGEST }
const zstd = (zlib as { zstdDecompressSync?: (bytes: Buffer, options: object) => Buffer }).zstdDecompressSync

/**
 * Unpacks gzip, zlib, deflate, Brotli, Zstandard, ZIP and the texts of PNG, and decodes base64, hexadecimal, percent-encoding, escapes
 * of HTML and JSON, and UTF-16; also one inside another.
 *
 * @param hint a file extension or `Content-Encoding` (`br`), because the first bytes of Brotli do not tell it.
 * @returns every layer below the given bytes, and the names of those that could not be opened.
 */
export function unpack(bytes: Buffer, hint = ''): Opened {
  const opened: Opened = { layers: [], unopened: [] }
  let left = MOST
  const open = (inside: Buffer, path: string[], told: string) => {
    for (const { how, bytes: found } of insideOf(inside, told, opened.unopened)) {
      if (found.length === 0 || found.equals(inside)) continue
      if (left-- <= 0) return void opened.unopened.push('more than 400 packed parts')
      const way = [...path, how]
      opened.layers.push({ how: way.join(', '), bytes: found })
      if (way.length < DEPTH) open(found, way, '')
      else if (isPacked(found)) opened.unopened.push(`packed ${DEPTH} times`)
    }
  }
  open(bytes, [], hint)
  return { layers: opened.layers, unopened: [...new Set(opened.unopened)] }
}

const startsWith = (bytes: Buffer, hex: string) => bytes.subarray(0, hex.length / 2).toString('hex') === hex
const isZlib = (bytes: Buffer) =>
  bytes.length > 8 &&
  ((bytes[0] as number) & 15) === 8 &&
  bytes.readUInt16BE(0) % 31 === 0 &&
  (bytes[0] as number) >> 4 < 8
const isZstd = (bytes: Buffer) => startsWith(bytes, '28b52ffd')
const isPacked = (bytes: Buffer) =>
  startsWith(bytes, '1f8b08') || isZstd(bytes) || isZlib(bytes) || startsWith(bytes, '504b0304')

/** Whether bytes look like text, by their beginning. */
export function isText(bytes: Buffer): boolean {
  const start = bytes.subarray(0, 512)
  const odd = start.reduce((sum, byte) => sum + (byte < 9 || (byte > 13 && byte < 32) || byte === 127 ? 1 : 0), 0)
  return odd * 50 <= start.length && !start.includes(0)
}

function* insideOf(bytes: Buffer, hint: string, unopened: string[]): Generator<Layer> {
  const tried = (how: string, open: () => Buffer, mustOpen = true): Layer[] => {
    try {
      return [{ how, bytes: open() }]
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === 'ERR_BUFFER_TOO_LARGE') unopened.push(`${how} of more than 32 MB`)
      else if (mustOpen) unopened.push(`${how} that does not open`)
      return []
    }
  }
  if (startsWith(bytes, '504b0304')) return yield* zipped(bytes, tried)
  if (startsWith(bytes, '89504e47')) return yield* textsOfPng(bytes, tried)
  if (MEDIA.some((start) => startsWith(bytes, start)) || bytes.subarray(4, 8).toString('latin1') === 'ftyp') return
  if (isZstd(bytes)) {
    if (zstd) yield* tried('zstd', () => zstd(bytes, limits))
    else unopened.push('zstd (this Node.js has none; 22.15 and later do)')
    return
  }
  // Compressed data may stand after other bytes.
  for (
    let at = bytes.indexOf('1f8b08', 0, 'hex'), n = 0;
    at >= 0 && n < 20;
    at = bytes.indexOf('1f8b08', at + 3, 'hex'), n++
  )
    yield* tried(
      'gzip',
      () => zlib.gunzipSync(bytes.subarray(at), { ...limits, finishFlush: zlib.constants.Z_SYNC_FLUSH }),
      at === 0,
    )
  if (startsWith(bytes, '1f8b08')) return
  if (isZlib(bytes)) yield* tried('zlib', () => zlib.inflateSync(bytes, limits), false)
  if (/br(otli)?$/.test(hint) || !isText(bytes)) {
    yield* tried('brotli', () => zlib.brotliDecompressSync(bytes, limits), /br(otli)?$/.test(hint))
    yield* tried('deflate', () => zlib.inflateRawSync(bytes, limits), false)
  }
  if (
    bytes.length > 3 &&
    bytes.subarray(0, 400).filter((byte) => byte === 0).length * 5 > Math.min(bytes.length, 400) * 2
  )
    yield* [bytes, bytes.subarray(1)].map((text) => ({ how: 'UTF-16', bytes: Buffer.from(text.toString('utf16le')) }))
  if (isText(bytes)) yield* encoded(bytes.toString('latin1'))
}

function* encoded(text: string): Generator<Layer> {
  for (const run of new Set(text.match(/(?<![\da-f])(?:[\da-f]{2}){16,}(?![\da-f])/gi)))
    yield { how: 'hexadecimal', bytes: Buffer.from(run, 'hex') }
  for (const run of new Set(text.match(/[\w+/-]{32,}={0,2}/g))) {
    const bytes = Buffer.from(run, 'base64')
    // The search finds words in base64 itself. Only data that is packed or encoded again needs this layer.
    if (isPacked(bytes) || isText(bytes) || opensAsBrotli(bytes)) yield { how: 'base64', bytes }
  }
  const changed = (how: string, to: string) => (to === text ? [] : [{ how, bytes: Buffer.from(to, 'latin1') }])
  const letter = (_whole: string, hex: string) => String.fromCharCode(Number.parseInt(hex, 16) & 255)
  yield* changed('percent-encoding', text.replace(/%([2-7][\da-f])/gi, letter))
  yield* changed('escapes', text.replace(/\\(?:u00|x)([2-7][\da-f])/gi, letter))
  yield* changed(
    'character references',
    text
      .replace(/&#x0*([2-7][\da-f]);?/gi, letter)
      .replace(/&#0*(\d{2,3});?/g, (whole, code) => (Number(code) < 128 ? String.fromCharCode(Number(code)) : whole)),
  )
}

function opensAsBrotli(bytes: Buffer): boolean {
  try {
    return zlib.brotliDecompressSync(bytes, { maxOutputLength: 2 ** 20 }).length > bytes.length / 2
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'ERR_BUFFER_TOO_LARGE'
  }
}

/** The files of a ZIP archive, by the directory at its end (APPNOTE.TXT §4.3.12). */
function* zipped(bytes: Buffer, tried: (how: string, open: () => Buffer) => Layer[]): Generator<Layer> {
  for (let at = bytes.indexOf('504b0102', 0, 'hex'); at >= 0 && at + 46 <= bytes.length; ) {
    const [method, size, name] = [bytes.readUInt16LE(at + 10), bytes.readUInt32LE(at + 20), bytes.readUInt16LE(at + 28)]
    const local = bytes.readUInt32LE(at + 42)
    yield* tried(`ZIP (${bytes.subarray(at + 46, at + 46 + name).toString('utf8')})`, () => {
      const start = local + 30 + bytes.readUInt16LE(local + 26) + bytes.readUInt16LE(local + 28)
      const data = bytes.subarray(start, start + size)
      if (method === 0) return data
      if (method !== 8 || (bytes.readUInt16LE(at + 8) & 1) === 1) throw new Error('It is packed in another way.')
      return zlib.inflateRawSync(data, limits)
    })
    at = bytes.indexOf('504b0102', at + 46 + name, 'hex')
  }
}

/** The compressed texts of a PNG (`zTXt`, `iTXt`). */
function* textsOfPng(
  bytes: Buffer,
  tried: (how: string, open: () => Buffer, must: boolean) => Layer[],
): Generator<Layer> {
  for (let at = 8; at + 12 <= bytes.length; ) {
    const size = bytes.readUInt32BE(at)
    const type = bytes.subarray(at + 4, at + 8).toString('latin1')
    const data = bytes.subarray(at + 8, at + 8 + size)
    for (let from = 0; (type === 'zTXt' || type === 'iTXt') && from < Math.min(data.length, 400); from++)
      if (isZlib(data.subarray(from)))
        yield* tried(`PNG ${type}`, () => zlib.inflateSync(data.subarray(from), limits), false)
    at += 12 + size
  }
}
