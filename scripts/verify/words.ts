/** Bytes that must not be public: a word that stands nowhere else, or a part of a picture. */
export type Word = {
  bytes: Buffer
  /** The document, such as `draft in a folder`. `field` is one of its fields, such as `summary`. */
  of: string
  field: string
  /** Whether the word may stand in a place: a file of the copy (`.next/…`) or an address (`/…`). An unlisted post has a page. */
  isAllowed?: (place: string) => boolean
}

// ASCII letters are compared without regard to case.
const fold = Uint8Array.from({ length: 256 }, (_, byte) => (byte >= 65 && byte <= 90 ? byte + 32 : byte))
const folded = (bytes: Uint8Array) => Buffer.from(bytes.map((byte) => fold[byte] as number))
const slot = (four: number) => Math.imul(four, 0x9e3779b1) >>> 16

/**
 * Makes a function that searches for all words in one pass over the bytes.
 *
 * It also finds each word in base64 (RFC 4648 §4 and §5, at each of the three alignments), and words that are not ASCII in
 * percent-encoding and in JSON's `\u` escapes.
 *
 * @throws when a word is shorter than four bytes.
 */
export function searchFor(words: Word[]): (bytes: Uint8Array) => Word[] {
  const isStart = new Uint8Array(65536)
  const byStart = new Map<number, { form: Buffer; word: Word }[]>()
  for (const word of words) {
    for (const form of formsOf(word.bytes).map(folded)) {
      const start = form.readUInt32BE(0)
      isStart[slot(start)] = 1
      byStart.set(start, [...(byStart.get(start) ?? []), { form, word }])
    }
  }
  return (bytes) => {
    const found = new Set<Word>()
    let four = 0
    for (let at = 0; at < bytes.length; at++) {
      four = (four << 8) | (fold[bytes[at] as number] as number)
      if (!isStart[slot(four)] || at < 3) continue
      for (const { form, word } of byStart.get(four >>> 0) ?? []) {
        if (!found.has(word) && isAt(bytes, at - 3, form)) found.add(word)
      }
    }
    return [...found]
  }
}

function isAt(bytes: Uint8Array, start: number, form: Buffer): boolean {
  for (let at = 4; at < form.length; at++) if (fold[bytes[start + at] as number] !== form[at]) return false
  return true
}

function formsOf(bytes: Buffer): Buffer[] {
  const base64 = [0, 1, 2].map((shift) => {
    const encoded = Buffer.concat([Buffer.alloc(shift), bytes]).toString('base64')
    // Only the characters that depend on this word alone.
    return encoded.slice([0, 2, 3][shift], Math.floor(((bytes.length + shift) * 8) / 6))
  })
  const text = bytes.toString('utf8')
  const isText = Buffer.from(text).equals(bytes)
  const isAscii = bytes.every((byte) => byte < 128)
  const escaped =
    isText && !isAscii
      ? [
          encodeURIComponent(text),
          JSON.stringify(text)
            .slice(1, -1)
            .replace(/[\u0080-\uffff]/g, (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`),
        ]
      : []
  const url = base64
    .map((form) => form.replaceAll('+', '-').replaceAll('/', '_'))
    .filter((form, at) => form !== base64[at])
  return [
    bytes,
    ...[...base64, ...url].filter((form) => form.length >= 10).map((form) => Buffer.from(form)),
    ...escaped.map((form) => Buffer.from(form)),
  ]
}
