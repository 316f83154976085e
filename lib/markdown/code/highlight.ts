import { readFile } from 'node:fs/promises'
import { createRequire } from 'node:module'
import {
  createHighlighterCore,
  type GrammarState,
  type HighlighterCore,
  type LanguageInput,
  type LanguageRegistration,
  type ThemeRegistrationRaw,
} from 'shiki/core'
import { createOnigurumaEngine } from 'shiki/engine/oniguruma'
import type { Line } from './fence'
import { LANGUAGES, languageOf, namesOf } from './languages'

/**
 * The kinds of token, each with the TextMate scopes it covers. Shiki returns a colour for each token, so each kind has an invented
 * colour here, and a class in the HTML: `class="k"` is a keyword. `app/article.css` has the real colours, light and dark.
 */
const KINDS: Record<string, string[]> = {
  c: ['comment', 'punctuation.definition.comment', 'string.quoted.docstring'],
  k: [
    'keyword',
    'storage',
    'variable.language',
    'entity.name.tag',
    'markup.heading',
    'keyword.operator.expression',
    'keyword.operator.new',
  ],
  s: ['string', 'markup.inline.raw', 'punctuation.definition.string', 'constant.other.symbol'],
  n: ['constant', 'support.constant', 'constant.numeric', 'constant.language'],
  f: ['entity.name.function', 'support.function', 'meta.function-call.generic', 'entity.other.attribute-name'],
  t: ['entity.name.type', 'entity.name.class', 'support.type', 'support.class', 'entity.other.inherited-class'],
  i: ['markup.inserted', 'meta.diff.header.to-file'],
  d: ['markup.deleted', 'meta.diff.header.from-file'],
}
/** The colours of a terminal, each with the kind that looks most like it. */
const TERMINAL = { Red: 'd', Green: 'i', Yellow: 'n', Blue: 'f', Magenta: 't', Cyan: 'f', BrightBlack: 'c' }

const kindOf = new Map(Object.keys(KINDS).map((kind, index) => [colour(index + 1), kind]))
const theme: ThemeRegistrationRaw = {
  name: 'galley',
  type: 'light',
  fg: colour(0),
  bg: '#ffffff',
  settings: [
    { settings: { foreground: colour(0), background: '#ffffff' } },
    ...Object.values(KINDS).map((scope, index) => ({ scope, settings: { foreground: colour(index + 1) } })),
    {
      scope: ['keyword.operator', 'storage.type.function.arrow', 'punctuation', 'variable'],
      settings: { foreground: colour(0) },
    },
  ],
  colors: Object.fromEntries(
    Object.entries(TERMINAL).flatMap(([name, kind]) => {
      const itself = colour(Object.keys(KINDS).indexOf(kind) + 1)
      return [`terminal.ansi${name}`, `terminal.ansiBright${name}`].map((key) => [key, itself])
    }),
  ),
}
function colour(index: number) {
  return `#0000${index.toString(16).padStart(2, '0')}`
}

/** Longer code is set without colours: nobody reads it in a post, and highlighting would take long. */
const MOST = { lines: 2_000, characters: 50_000 }
/** Longer lines (minified code) stay plain: the time of a grammar grows with the square of a line's length. */
const LONGEST_LINE = 1_000
/** Milliseconds after which the rest of a block stays plain: some grammars take seconds for a line of random characters. */
const PATIENCE = 10_000

let highlighter: Promise<HighlighterCore> | undefined

/** A piece of a line, and its kind. */
export type Token = { kind: string | undefined; value: string }

/**
 * Highlights lines of code.
 *
 * @param written the language, as the author wrote it.
 * @returns the tokens of each line; and a warning when some or all lines stay plain.
 */
export async function tokensOf(lines: Line[], written: string): Promise<{ tokens: Token[][]; warning?: string }> {
  const plain = (): Token[][] => lines.map(({ text }) => [{ kind: undefined, value: text }])
  // Gatsby writes `diff-js` for a diff of JavaScript.
  const language = languageOf.get(written) ?? (written.startsWith('diff-') ? 'diff' : written)
  if (language === '' || language === 'text') return { tokens: plain() }
  const load = Object.hasOwn(LANGUAGES, language) ? LANGUAGES[language] : undefined
  if (!load && language !== 'ansi')
    return {
      tokens: plain(),
      warning: `no highlighting for "${written}"; it is set as plain text. Write text, or a language that Shiki knows.`,
    }
  const code = lines.map(({ text }) => text).join('\n')
  if (lines.length > MOST.lines || code.length > MOST.characters)
    return {
      tokens: plain(),
      warning: `this code has ${lines.length} lines, ${code.length} characters; over ${MOST.lines} or ${MOST.characters} it is set without colours. Show a part of it, or write text as its language.`,
    }
  highlighter ??= createHighlighterCore({
    themes: [theme],
    langs: [],
    // The file and not `shiki/wasm` (4.6.0, 2026-11), which calls `Response.bytes()`: Node.js 20.9 does not have that.
    engine: createOnigurumaEngine(readFile(createRequire(import.meta.url).resolve('shiki/onig.wasm'))),
  })
  const shiki = await highlighter
  try {
    if (load && !shiki.getLoadedLanguages().includes(language)) await shiki.loadLanguage(load)
    if (load) await loadInner(shiki, load, code)
    const options = { lang: language, theme: 'galley', tokenizeMaxLineLength: LONGEST_LINE, tokenizeTimeLimit: 0 }
    if (language === 'ansi') return { tokens: shiki.codeToTokensBase(code, options).map(merged) }
    const tokens = plain()
    const spent = stopwatch()
    let grammarState: GrammarState | undefined
    for (const [index, { text }] of lines.entries()) {
      // The limit is ten times what the slowest real block takes, so that a slow machine builds the same page.
      if (spent() > PATIENCE)
        return {
          tokens,
          warning: `the highlighter needs too long for this "${written}"; from its line ${index + 1} on it is set as plain text. Write text as its language.`,
        }
      const found = shiki.codeToTokensBase(text, { ...options, ...(grammarState ? { grammarState } : {}) })
      grammarState = shiki.getLastGrammarState(found)
      tokens[index] = merged(found[0] ?? [])
    }
    return { tokens }
  } catch (error) {
    // A grammar is third-party code. When it fails, the block has no colours, and the build goes on.
    const [reason] = (error as Error).message.split('\n')
    return {
      tokens: plain(),
      warning: `the highlighter failed on this "${written}", which is set as plain text: ${reason}`,
    }
  }
}

/**
 * Loads the languages that a block of another language names, as a fence in Markdown does. Shiki colours these only when they are
 * loaded, so without this the colours of a block depended on the posts before it.
 */
async function loadInner(shiki: HighlighterCore, load: LanguageInput, code: string) {
  const { default: grammars } = await (load as () => Promise<{ default: LanguageRegistration[] }>)()
  const inner = new Set(grammars.flatMap(({ embeddedLangsLazy = [] }) => embeddedLangsLazy))
  if (inner.size === 0) return
  const words = new Set(code.toLowerCase().match(/[\w+#-]+/g))
  for (const name of inner) {
    const isNamed = namesOf.get(name)?.some((one) => words.has(one))
    const language = LANGUAGES[name]
    if (isNamed && language && !shiki.getLoadedLanguages().includes(name)) await shiki.loadLanguage(language)
  }
}

/**
 * Counts milliseconds of work. On a busy machine the clock runs while this process waits, so the processor time counts if it is less: the
 * clock alone took the colours from blocks of two lines.
 */
function stopwatch(): () => number {
  const [clock, used] = [performance.now(), process.cpuUsage()]
  return () => {
    const { user, system } = process.cpuUsage(used)
    return Math.min(performance.now() - clock, (user + system) / 1000)
  }
}

function merged(line: { content: string; color?: string }[]): Token[] {
  const tokens: Token[] = []
  for (const { content, color } of line) {
    const last = tokens.at(-1)
    const kind = content.trim() === '' ? last?.kind : kindOf.get((color ?? '').slice(0, 7).toLowerCase())
    if (last && last.kind === kind) last.value += content
    else tokens.push({ kind, value: content })
  }
  return tokens
}
