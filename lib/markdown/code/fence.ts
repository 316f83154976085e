/** Reads what an author says about a block of code: in its opening line, and in comments among its lines. */

/** The marks of a line; each is also the class of the line. */
export type Mark = 'marked' | 'added' | 'removed' | 'focused' | 'error' | 'warning'

export type Fence = {
  /** In small letters; empty when the author names no language. */
  language: string
  title?: string
  /** The lines of `{1,3-5}`, counted from 1 in the source, with lines that are only a comment for us. */
  marked: [from: number, to: number][]
  words: string[]
  /** The number of the first line; only when lines are numbered. */
  firstNumber?: number
}

/**
 * Reads the opening line of a block, as GitHub, Hugo, Gatsby, Docusaurus, VitePress, rustdoc, Pandoc and the timlrx starter write
 * it: `ts title="lib/clock.ts" {2,4-5} /word/ showLineNumbers`. Unknown words are ignored.
 */
export function readFence(info: string): Fence {
  let rest = info.slice(0, LONGEST_INFO).trim()
  const take = (pattern: RegExp) => {
    const found = pattern.exec(rest)
    if (found) rest = `${rest.slice(0, found.index)} ${rest.slice(found.index + found[0].length)}`
    return found
  }
  // Pandoc writes everything in braces: {#name .rust .numberLines}. So does R Markdown: {r, echo=FALSE}.
  const braces = /^\{([^}]*[a-z][^}]*)\}/i.exec(rest)
  const inBraces = braces?.[1] ?? ''
  const language = braces
    ? (/(?:^|\s)\.([^\s.]+)/.exec(inBraces) ?? /^\s*([^\s,.#=]+)(?=[\s,]|$)/.exec(inBraces))?.[1]
    : take(/^[^\s{,:=]+(?=[\s{,:]|$)/)?.[0]
  // The timlrx starter writes js:title.js, Gatsby js:title=title.js, VitePress js:line-numbers.
  const short = take(/^\s*:(?!title=|(?:no-)?line-numbers)([^\s]*?)(?=\{[\d\s,-]+\}|\{\w+:|\s|$)/)?.[1]
  const written = take(/(?<![\w-])(?:title|filename)\s*=\s*(?:"([^"]*)"|'([^']*)'|([^\s"'{},]+))/)
  const title = written?.slice(1).find(Boolean) ?? short
  const words: string[] = []
  for (let word = take(WORD); word; word = take(WORD)) words.push(word[1] ?? '')
  const start = take(/(?<![\w-])(?:linenostart|startFrom)\s*=\s*["']?(\d{1,6})/i)?.[1]
  const numbers = take(NUMBERS)
  const value = numbers?.slice(1).find(Boolean) ?? ''
  const firstNumber = Number(start ?? (/^\d{1,6}$/.test(value) ? value : 1))
  const ranges = [take(/(?<![\w-])hl_lines\s*=\s*(\[[^\]]*\]|"[^"]*"|'[^']*'|[\d-]+)/i)?.[1]]
  for (const [, lines] of rest.matchAll(/(?<!=)\{([\d\s,-]+)\}/g)) ranges.push(lines)
  return {
    language: (language ?? '').toLowerCase(),
    ...(title ? { title } : {}),
    marked: [...ranges.join(',').matchAll(/(\d+)(?:\s*-\s*(\d+))?/g)].map(([, from, to]) => [
      Number(from),
      Number(to ?? from),
    ]),
    words,
    ...(numbers && !/^(false|no|off|0?none)$/i.test(value) ? { firstNumber } : {}),
  }
}

/** Characters of the opening line that are read; nobody writes a longer one by hand. */
const LONGEST_INFO = 1_000
/** A word between slashes with a space before and after, so that a path does not match. */
const WORD = /(?<=^|\s)\/((?:(?!\s\/)[^\n])+?)\/(?=\s|$)/
const NUMBERS =
  /(?<![\w-])(?:show-?line-?numbers|line-?numbers|numberlines|linenos|linenums)(?![\w-])(?:\s*[:=]\s*(?:"([^"]*)"|'([^']*)'|\{(\d+)\}|(\w+))|\{(\d+)\})?/i

export type Line = { text: string; marks: Set<Mark>; words: string[] }

/**
 * Reads the comments that mark lines, and removes them: `// [!code ++]` and so on (Shiki, VitePress), on the marked line or alone
 * above it, and `// highlight-next-line` and so on (Docusaurus, Gatsby). In markdown only `<!-- -->` is a comment, so that a post can
 * show how the others are written. `[\!code ++]` is shown as `[!code ++]` everywhere.
 */
export function readLines(code: string, { language, marked, words }: Fence): Line[] {
  const source = code.replace(/\r\n?/g, '\n').replace(/\n$/, '').split('\n')
  const lines: Line[] = []
  /** Marks for ranges of lines; `from` and `to` are indexes in `lines`. */
  const said: { from: number; to: number; mark?: Mark; word?: string }[] = []
  const isMarked = linesIn(marked, source.length)
  const hasNotes = code.includes('!code') || code.includes('highlight-')
  let opened: number | undefined
  for (const [index, written] of source.entries()) {
    const here = lines.length
    const { text, notes, isAlone } = hasNotes ? readNotes(written, language) : { text: written, notes: [] }
    for (const { name, count, word } of notes) {
      if (name === 'start') opened ??= here
      else if (name === 'end' && opened !== undefined) {
        said.push({ from: opened, to: here - 1, mark: 'marked' })
        opened = undefined
      } else if (word !== undefined) said.push({ from: here, to: here + (count ?? source.length) - 1, word })
      else {
        const mark = NAMES[name]
        if (mark) said.push({ from: here, to: here + (count ?? 1) - 1, mark })
      }
    }
    if (!isAlone) lines.push({ text, marks: new Set(isMarked.has(index + 1) ? ['marked'] : []), words })
  }
  if (opened !== undefined) said.push({ from: opened, to: lines.length - 1, mark: 'marked' })
  said.sort((a, b) => a.from - b.from)
  /** The last line that each mark and each word is for. */
  const marksTo = new Map<Mark, number>()
  const wordsTo = new Map<string, number>()
  let now = words
  let next = 0
  for (const [at, line] of lines.entries()) {
    const before = wordsTo.size
    for (const [word, to] of wordsTo) if (to < at) wordsTo.delete(word)
    let isChanged = wordsTo.size < before
    for (; next < said.length && (said[next]?.from ?? 0) <= at; next++) {
      const { to = 0, mark, word } = said[next] ?? {}
      if (mark) marksTo.set(mark, Math.max(to, marksTo.get(mark) ?? 0))
      if (!word || (!wordsTo.has(word) && wordsTo.size === MOST_WORDS)) continue
      isChanged ||= !wordsTo.has(word)
      wordsTo.set(word, Math.max(to, wordsTo.get(word) ?? 0))
    }
    for (const [mark, to] of marksTo) if (to >= at) line.marks.add(mark)
    // Lines with the same words share one list, so that its pattern is built once.
    if (isChanged) now = [...words, ...wordsTo.keys()]
    line.words = now
  }
  return lines
}

const NAMES: Record<string, Mark> = {
  '++': 'added',
  '--': 'removed',
  focus: 'focused',
  highlight: 'marked',
  hl: 'marked',
  info: 'marked',
  error: 'error',
  warning: 'warning',
  line: 'marked',
  'next-line': 'marked',
}

type Note = { name: string; count?: number; word?: string }

const NOTE = /\s?\[!code (\+\+|--|focus|highlight|hl|info|error|warning|word:((?:\\.|[^\]:\\])+))(?::(\d+))?\]/gi
const OPENING = /(?:\{\s?\/\*+|\/\*+|<!--|\/{2,}|#+|--|;+|%+|["'])$/
const EMPTY = /(?:\{\s?\/\*+\s*\*\/\s?\}|\/\*+\s*\*\/|<!--\s*-->|(?:\/{2,}|#+|--|;+|%+|["'])\s*$)/

/** The most words that are searched for in a line. */
const MOST_WORDS = 30
/** Longer lines are not searched for comments: nobody writes them by hand. */
const LONGEST_WITH_NOTES = 2_000

function readNotes(line: string, language: string): { text: string; notes: Note[]; isAlone: boolean } {
  const none = { text: line, notes: [], isAlone: false }
  if (line.length > LONGEST_WITH_NOTES) return none
  const isMarkdown = /^(md|markdown|mdx|mdc)$/.test(language)
  const isComment = (before: string) =>
    isMarkdown
      ? before.includes('<!--')
      : /\/\/|\/\*|<!--|--|#/.test(before) || OPENING.test(before.trimEnd()) || /^\s*\*/.test(before)
  if (line.includes('highlight-')) {
    const [, before = '', name = '', after = ''] =
      /^([^\n]*?)highlight-(line|next-line|start|end)\s*(\*\/\s?\}?|-->)?\s*$/.exec(line) ?? []
    const opening = OPENING.exec(before.trimEnd())
    if (name && opening && isComment(before) && (after !== '' || !/[*<]/.test(opening[0]))) {
      const text = before.slice(0, opening.index).trimEnd()
      return { text, notes: [{ name }], isAlone: name !== 'line' }
    }
  }
  if (!line.includes('!code')) return none
  const notes: Note[] = []
  const first = line.search(NOTE)
  if (first >= 0 && isComment(line.slice(0, first))) {
    const text = line.replace(NOTE, (_all, name: string, word?: string, count?: string) => {
      notes.push({
        name: name.toLowerCase(),
        ...(word ? { word: word.replace(/\\(.)/g, '$1') } : {}),
        ...(count ? { count: Number(count) } : {}),
      })
      return ''
    })
    const rest = text.replace(EMPTY, '').trimEnd()
    return { text: rest.replaceAll('[\\!code', '[!code'), notes, isAlone: rest === '' }
  }
  return { ...none, text: line.replaceAll('[\\!code', '[!code') }
}

function linesIn(ranges: [number, number][], last: number): Set<number> {
  const lines = new Set<number>()
  for (const [from, to] of ranges) for (let line = from; line <= Math.min(to, last); line++) lines.add(line)
  return lines
}
