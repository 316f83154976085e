import { linesOf } from '../lines'

/** @returns the document with its HTML comments, which MDX cannot read, as comments of JavaScript, on the same lines. */
export function withoutComments(mdx: string): string {
  let isOpen = false
  let at = 0
  const lastEnd = mdx.lastIndexOf('-->')
  const written = [...linesOf(mdx, true)].map(({ text, end, isText }) => {
    let made = ''
    let from = 0
    while (isOpen || isText) {
      // Searches for the next code span or beginning of a comment; inside a comment, for its end.
      const [found = '', code] = isOpen
        ? [text.indexOf('-->', from) < 0 ? '' : '-->']
        : (/(?<!`)(`+)(?!`).*?(?<!`)\1(?!`)|<!--/.exec(text.slice(from)) ?? [])
      if (!found) break
      const to = text.indexOf(found, from)
      const before = text.slice(from, to)
      made += isOpen ? before.replaceAll('*/', '* /') : before
      const opens = !isOpen && !code && at + to < lastEnd
      made += isOpen ? '*/}' : opens ? '{/*' : found
      if (!code) isOpen = opens
      from = to + found.length
    }
    const rest = text.slice(from)
    at += text.length + end.length
    return made + (isOpen ? rest.replaceAll('*/', '* /') : rest) + end
  })
  return written.join('')
}
