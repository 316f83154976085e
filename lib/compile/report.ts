import path from 'node:path'
import type { Compiled } from './compile'

/** What an author has written stays on its line of a log, and does nothing to a terminal: what controls either is spelled out. */
const onOneLine = (text: string) =>
  text.replace(
    /[\p{Cc}\u2028\u2029\u202a-\u202e\u2066-\u2069]/gu,
    (mark) => `\\u{${mark.codePointAt(0)?.toString(16)}}`,
  )

/**
 * Puts a compilation into words for a terminal.
 *
 * @param folder the content folder as it is written before its files.
 * @returns a line for each problem, the last line, and how many errors there are.
 */
export function reportOf({ problems, documents }: Compiled, folder: string, seconds: number) {
  const lines = problems.map(({ file, line, message, severity }) => {
    // A link in public/ is named from the content folder too.
    const text = onOneLine(`${path.join(folder, file)}:${line}: ${message}`)
    return severity === 'error' ? text : `${text} (warning)`
  })
  const errors = problems.filter((problem) => problem.severity === 'error').length
  const last =
    errors === 0
      ? `Content: ${documents} documents in ${seconds.toFixed(1)} s.`
      : `Content: ${errors} ${errors === 1 ? 'error' : 'errors'} in ${documents} documents.`
  return { lines, last, errors }
}
