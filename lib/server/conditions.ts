/** What an answer is known by. `modified` in whole seconds. */
export type Validators = { tag: string; modified?: Date | undefined }

/** Gives a header of a request, by its name in lower case. */
export type Asked = (name: string) => string | null | undefined

/**
 * What the conditions of a GET or HEAD come to, for an answer that would be 200: RFC 9110 §13.2.2.
 *
 * @returns 412 or 304 to answer with instead; nothing when the answer is wanted.
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
 * The part that a GET asks for: RFC 9110 §14.2 and §13.1.5.
 *
 * @returns first and last byte; nothing for the whole.
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
