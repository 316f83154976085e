/** The ETag of an answer, in quotation marks, and the time of its last change, in whole seconds. */
export type Validators = { tag: string; modified?: Date | undefined }

/** Reads a request header by its name in lower case. */
export type Asked = (name: string) => string | null | undefined

/**
 * Evaluates the conditional headers of a GET or HEAD request whose answer would be 200 (RFC 9110 §13.2.2).
 *
 * @returns the status to answer with instead; undefined when the answer is to be sent.
 */
export function metConditions(asked: Asked, { tag, modified }: Validators): 304 | 412 | undefined {
  const match = asked('if-match')
  if (match) {
    if (!names(match, tag)) return 412
  } else if (modified && isBefore(asked('if-unmodified-since'), modified)) return 412
  const other = asked('if-none-match')
  if (other) return names(other.replace(/(^|,)\s*W\//g, '$1'), tag) ? 304 : undefined
  const since = Date.parse(asked('if-modified-since') ?? '')
  return modified && modified.getTime() <= since ? 304 : undefined
}

const names = (list: string, tag: string) => list.split(',').some((each) => [tag, '*'].includes(each.trim()))
const isBefore = (date: string | null | undefined, modified: Date) => Date.parse(date ?? '') < modified.getTime()

/**
 * The range that a GET request asks for, unless If-Range says that the file has changed (RFC 9110 §14.2 and §13.1.5).
 *
 * @returns first and last byte; undefined for the whole file.
 */
export function wantedPart(asked: Asked, { tag, modified }: Validators, size: number): ReturnType<typeof readRange> {
  const range = asked('range')
  const condition = asked('if-range')
  const isMet = !condition || condition === tag || (modified && Date.parse(condition) === modified.getTime())
  return range && isMet ? readRange(range, size) : undefined
}

/**
 * Reads a Range header (RFC 9110 §14.1.2).
 *
 * @returns first and last byte; undefined for a header that a server may ignore: another unit, several ranges, or a syntax error.
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
