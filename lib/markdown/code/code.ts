import { readFile } from 'node:fs/promises'
import { createRequire } from 'node:module'
import type { Element, ElementContent, Root } from 'hast'
import { toString as textOf } from 'hast-util-to-string'
import {
  createHighlighterCore,
  type GrammarState,
  type HighlighterCore,
  type LanguageInput,
  type ThemeRegistrationRaw,
} from 'shiki/core'
import { createOnigurumaEngine } from 'shiki/engine/oniguruma'
import { bundledLanguages, bundledLanguagesAlias } from 'shiki/langs'
import type { VFile } from 'vfile'
import { classes, element, elements, foundIn, lineOf, type Parent, text as textNode } from '../tree'
import { type Line, readFence, readLines } from './fence'

/**
 * One colour for each kind of token. The highlighter knows kinds as colours, so each kind is a number here and a class
 * in the HTML: `class="k"` is a keyword. What a keyword looks like, in light and dark, is said in `app/article.css`.
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
/** What a terminal colours, as the kind that looks most like it. */
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

const LANGUAGES: Record<string, LanguageInput> = { ...bundledLanguages, ...bundledLanguagesAlias }

/** Names that posts write and Shiki does not know. Plain text is among them, so that nothing is said of it. */
const OTHER_NAMES: Record<string, string> = {
  text: 'txt plain plaintext none nohighlight no-highlight output raw verbatim ascii ascii-art art tree treeview text-only gitignore',
  apache: 'htaccess apacheconf httpd',
  asm: 'nasm assembly x86asm',
  bash: 'curl',
  c: 'h',
  clojure: 'edn cljs clojurescript',
  cpp: 'cxx hpp hh cuda cu',
  diff: 'patch udiff',
  dotenv: 'env',
  elixir: 'ex exs',
  'fortran-free-form': 'fortran fortran90',
  gherkin: 'cucumber',
  go: 'golang',
  groovy: 'gradle',
  handlebars: 'mustache',
  haxe: 'hx',
  html: 'htm xhtml ejs',
  ini: 'conf config cfg editorconfig gitconfig service',
  javascript: 'node nodejs es6 flow',
  jinja: 'jinja2 j2 django',
  json: 'json-ld webmanifest',
  jsx: 'javascriptreact',
  log: 'logs',
  make: 'mk',
  matlab: 'octave',
  nginx: 'nginxconf',
  ocaml: 'ml',
  perl: 'pl',
  php: 'php3 php7 phtml',
  powershell: 'powershell-session',
  python: 'py3 python3 starlark bazel bzl',
  r: 'rlang',
  razor: 'cshtml',
  ruby: 'irb',
  scala: 'sc',
  shellsession: 'shell-session sh-session terminal',
  solidity: 'sol',
  sql: 'mysql pgsql postgres postgresql psql sqlite tsql',
  'system-verilog': 'sv systemverilog',
  tsx: 'typescriptreact',
  turtle: 'ttl n3',
  vb: 'vbnet vba vbscript',
  viml: 'vimrc',
  xml: 'svg rss atom plist xsd xslt wsdl xaml',
  yaml: 'compose docker-compose kubernetes k8s cloudformation ansible',
}
const languageOf = new Map(
  Object.entries(OTHER_NAMES).flatMap(([name, others]) => others.split(' ').map((other) => [other, name] as const)),
)

/** Code of more than this is not read in a post, and its colours would take long. */
const MOST = { lines: 2_000, characters: 50_000 }
/** Grammars slow down with the square of a line's length: what is minified stays plain. */
const LONGEST_LINE = 1_000
/** Milliseconds after which the rest of a block stays plain: some grammars take seconds for a line that means nothing. */
const PATIENCE = 10_000

let highlighter: Promise<HighlighterCore> | undefined

/** The text of a line, and what kind it is of. */
type Token = { kind: string | undefined; value: string }

/**
 * Highlights a fenced block.
 *
 * @param info what stands after the fence: `ts title="lib/clock.ts" {2,4-5}`; see `readFence`.
 * @returns a figure with the title, if any, and the code, each kind of token a class; and what its author should know.
 */
export async function codeBlock(code: string, info: string): Promise<{ figure: Element; warning?: string }> {
  const fence = readFence(info)
  const { language, title, firstNumber } = fence
  const lines = readLines(code, fence)
  const { tokens, warning } = await tokensOf(lines, language)
  const isNumbered = firstNumber !== undefined
  const needsLines = isNumbered || lines.some(({ marks }) => marks.has('focused'))
  const children: ElementContent[] = []
  const last = lines.length - 1
  const patterns = new Map<string[], RegExp>()
  const patternOf = (words: string[]) => {
    const pattern = patterns.get(words) ?? anyOf(words)
    patterns.set(words, pattern)
    return pattern
  }
  for (const [index, { marks, words }] of lines.entries()) {
    const line = tokens[index] ?? []
    // The line's end belongs to the line, so that a line can be a block and still be copied as it was written.
    if (index < last) line.push({ kind: undefined, value: '\n' })
    const isElement = needsLines || marks.size > 0
    const content: ElementContent[] = isElement ? [] : children
    addTokens(content, words.length ? cut(line, patternOf(words)) : line)
    if (isElement) children.push(element('span', { className: ['line', ...marks] }, content))
  }
  const className = [...(language ? [`language-${language}`] : []), ...(isNumbered ? ['numbered'] : [])]
  const inner = element('code', className.length ? { className } : {}, children)
  if (isNumbered) {
    const digits = String(firstNumber + lines.length - 1).length
    const style = [firstNumber !== 1 && `--before:${firstNumber - 1}`, digits > 2 && `--digits:${digits}ch`]
    if (style.some(Boolean)) inner.properties.style = style.filter(Boolean).join(';')
  }
  const label = title ? `Code: ${title}` : 'Code'
  const pre = element('pre', { tabIndex: 0, role: 'group', ariaLabel: label }, [inner])
  const caption = title ? [element('figcaption', {}, [textNode(title)])] : []
  return { figure: element('figure', { className: ['code'] }, [...caption, pre]), ...(warning ? { warning } : {}) }
}

async function tokensOf(lines: Line[], written: string): Promise<{ tokens: Token[][]; warning?: string }> {
  const plain = (): Token[][] => lines.map(({ text }) => [{ kind: undefined, value: text }])
  // A language's dialect of diff, as Gatsby has it (`diff-js`), is a diff.
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
    // The file, not `shiki/wasm` (4.6.0, 2026-11): that is unpacked by `Response.bytes()`, which Node.js 20.9 has not.
    engine: createOnigurumaEngine(readFile(createRequire(import.meta.url).resolve('shiki/onig.wasm'))),
  })
  const shiki = await highlighter
  try {
    if (load && !shiki.getLoadedLanguages().includes(language)) await shiki.loadLanguage(load)
    const options = { lang: language, theme: 'galley', tokenizeMaxLineLength: LONGEST_LINE, tokenizeTimeLimit: 0 }
    if (language === 'ansi') return { tokens: shiki.codeToTokensBase(code, options).map(merged) }
    const tokens = plain()
    const started = performance.now()
    let grammarState: GrammarState | undefined
    for (const [index, { text }] of lines.entries()) {
      // Ten times what the longest block takes: what a page looks like does not depend on the machine that built it.
      if (performance.now() - started > PATIENCE)
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
    // Grammars are other people's programs; one that fails on some code costs it the colours, never the build.
    const [reason] = (error as Error).message.split('\n')
    return {
      tokens: plain(),
      warning: `the highlighter failed on this "${written}", which is set as plain text: ${reason}`,
    }
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

type Piece = Token & { word?: number }

/** @returns a pattern for any of the words, as they are written, the longest first. */
function anyOf(words: string[]) {
  const sought = [...words].sort((a, b) => b.length - a.length)
  return new RegExp(sought.map((word) => word.replace(/[.*+?^${}()|[\]\\]/g, '\\$&')).join('|'), 'g')
}

/** @returns the tokens, cut where one of the words begins or ends; the pieces of a word have its number. */
function cut(tokens: Token[], words: RegExp): Piece[] {
  const text = tokens.map(({ value }) => value).join('')
  const places = [...text.matchAll(words)].map((found) => [found.index, found.index + found[0].length])
  const pieces: Piece[] = []
  let at = 0
  let word = 0
  for (const { kind, value } of tokens) {
    const end = at + value.length
    while (at < end) {
      const [from = end, to = end] = places[word] ?? []
      const isInside = at >= from
      const next = Math.min(end, isInside ? to : from)
      pieces.push({ kind, value: text.slice(at, next), ...(isInside ? { word } : {}) })
      at = next
      if (at >= to) word++
    }
  }
  return pieces
}

/** Adds tokens to what a line or a block contains; text joins the text before it. */
function addTokens(content: ElementContent[], pieces: Piece[]) {
  let mark: Element | undefined
  let inMark: number | undefined
  for (const { kind, value, word } of pieces) {
    if (value === '') continue
    if (word === undefined) {
      const before = content.at(-1)
      if (kind) content.push(element('span', { className: [kind] }, [textNode(value)]))
      else if (before?.type === 'text') before.value += value
      else content.push(textNode(value))
    } else {
      if (!mark || word !== inMark) {
        mark = element('mark', {}, [])
        content.push(mark)
      }
      mark.children.push(kind ? element('span', { className: [kind] }, [textNode(value)]) : textNode(value))
    }
    inMark = word
  }
}

/** Highlights fenced code. What is preformatted otherwise can wide be too, so a keyboard reaches it as well. */
export function code() {
  return async (tree: Root, file: VFile) => {
    const blocks: { block: Element; parent: Parent; index: number }[] = []
    elements(tree, (node, parent, index) => {
      if (node.tagName === 'pre') blocks.push({ block: node, parent, index })
    })
    for (const { block, parent, index } of blocks) {
      const [inner, ...others] = block.children.filter((child) => child.type !== 'text' || child.value.trim() !== '')
      if (inner?.type !== 'element' || inner.tagName !== 'code' || others.length > 0) {
        block.properties = { tabIndex: 0, role: 'group', ariaLabel: 'Preformatted text', ...block.properties }
        continue
      }
      const language = classes(inner).find((name) => name.startsWith('language-'))
      const { dataMeta } = inner.properties
      const info = [language?.slice('language-'.length), dataMeta].filter(Boolean).join(' ')
      const { figure, warning } = await codeBlock(textOf(inner), info)
      parent.children[index] = figure
      if (warning) foundIn(file).problems.push({ line: lineOf(block), severity: 'warning', message: warning })
    }
  }
}
