/** A line of markdown, before anything is parsed. */
export type SourceLine = {
  text: string
  /** The line break: `\n`, `\r\n`, `\r`; empty for the last line. */
  end: string
  /** Whether it is running text: not a fence or in one, not indented code, and not the definition of a link. */
  isText: boolean
}

/** The beginning of a quote, a list item, a definition or a footnote: `> `, `- `, `1. `, `: `, `[^1]: `, with its space. */
const CONTAINER = / *(?:(>) ?|(?:[-+*]|\d{1,9}[.)]|:|(\[\^[^\]\s]{1,999}\]:))(?: {1,4}(?! )| |$))/y

/** The definition of a link: `[label]: address`. It is not part of a paragraph. */
const DEFINITION =
  /^[\s>]*\[(?!\^)[^\s[\]\\][^[\]\\]{0,500}\]:[ \t]+(?:<[^\s<>]+>|[^\s<()][^\s()]*)(?:[ \t]+(?:"[^"]*"|'[^']*'))?[ \t]*$/

/** Reads the lines of a document. Fences (CommonMark §4.5) are found in quotes and lists too. MDX has no indented code. */
export function* linesOf(markdown: string, isMdx: boolean): Generator<SourceLine> {
  let fence: { mark: string; quotes: RegExp; column: number } | undefined
  /** The column where the content of each open list item begins. */
  let items: number[] = []
  let goesOn = false
  const parts = markdown.split(/(\r\n|\r|\n)/)
  for (let part = 0; part < parts.length; part += 2) {
    const [text = '', end = ''] = parts.slice(part, part + 2)
    const line = text.replaceAll('\t', '    ')
    if (fence) {
      const quotes = fence.quotes.exec(line)?.[0]
      const rest = line.slice(quotes?.length).trim()
      const column = line.trimEnd().length - rest.length
      if (quotes !== undefined && (rest === '' || column >= fence.column)) {
        const isNear = isMdx || column - Math.max(quotes.length, fence.column) < 4
        if (isNear && rest.startsWith(fence.mark) && rest === fence.mark.charAt(0).repeat(rest.length))
          fence = undefined
        yield { text, end, isText: false }
        continue
      }
      fence = undefined
      goesOn = false
    }
    let at = /^(?: *> ?)*/.exec(line)?.[0].length ?? 0
    let column = line.length - line.slice(at).trimStart().length
    const isBlank = column === line.length
    if (!isBlank) items = items.filter((item) => item <= column)
    const isIndented = !isMdx && !isBlank && column - Math.max(at, items.at(-1) ?? 0) >= 4
    if (!isIndented)
      for (;;) {
        CONTAINER.lastIndex = at
        const [found, quote, note] = CONTAINER.exec(line) ?? []
        if (!found) break
        at += found.length
        if (!quote) items.push(note ? column + 4 : at)
        column = at
      }
    const rest = line.slice(at).trim()
    const mark = isIndented ? undefined : /^(`{3,}(?=[^`]*$)|~{3,})/.exec(rest)?.[0]
    if (mark) {
      const quotes = Math.min(line.slice(0, at).split('>').length - 1, 100)
      fence = { mark, quotes: new RegExp(`^(?: *> ?){${quotes}}`), column: items.at(-1) ?? 0 }
    }
    const isText: boolean = mark === undefined && (goesOn || (!isIndented && !DEFINITION.test(line)))
    yield { text, end, isText }
    goesOn = isText && !isBlank && !/^(#{1,6} |:{3,})/.test(rest)
  }
}

/** @returns the document with `rewritten` applied to each line of running text; code is not changed. */
export function withLines(markdown: string, isMdx: boolean, rewritten: (text: string) => string): string {
  return [...linesOf(markdown, isMdx)].map(({ text, end, isText }) => (isText ? rewritten(text) : text) + end).join('')
}
