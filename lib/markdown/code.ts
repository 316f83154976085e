import type { Element, ElementContent, Root } from 'hast'
import { toString as textOf } from 'hast-util-to-string'
import { createHighlighterCore, type HighlighterCore, type ThemeRegistrationRaw } from 'shiki/core'
import { createOnigurumaEngine } from 'shiki/engine/oniguruma'
import { bundledLanguages, bundledLanguagesAlias } from 'shiki/langs'
import type { VFile } from 'vfile'
import { classes, element, elements, foundIn, lineOf, type Parent } from './tree'

/**
 * One colour for each kind of token. The highlighter knows kinds as colours, so each kind is a number here and a class
 * in the HTML: `class="k"` is a keyword. What a keyword looks like, in light and dark, is said in `app/code.css`.
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
}
function colour(index: number) {
  return `#0000${index.toString(16).padStart(2, '0')}`
}

let highlighter: Promise<HighlighterCore> | undefined

/** @returns whether the highlighter knows a language by this name; plain text counts. */
export const knowsLanguage = (language: string) =>
  isPlain(language) || language in bundledLanguages || language in bundledLanguagesAlias

const isPlain = (language: string) => ['', 'text', 'txt', 'plain', 'plaintext'].includes(language)

/**
 * Highlights a fenced block.
 *
 * @param meta what stands after the language: `title="lib/clock.ts" {2,4-5}`.
 * @returns a figure with the title, if any, and the code; each line a span, each token a span with a class.
 */
export async function codeBlock(code: string, language: string, meta: string): Promise<Element> {
  const [lang = '', shortTitle] = language.split(/:(.*)/s)
  const title = /title=(?:"([^"]*)"|'([^']*)'|(\S+))/.exec(meta)?.slice(1).find(Boolean) ?? shortTitle
  const marked = lineNumbers(/\{([\d\s,-]+)\}/.exec(meta)?.[1] ?? '')
  const lines = await tokens(code.replace(/\n$/, ''), lang.toLowerCase())
  const children: ElementContent[] = lines.flatMap((line, index) => {
    const className = marked.has(index + 1) ? ['line', 'marked'] : ['line']
    const node = element('span', { className }, line)
    return index === 0 ? [node] : [{ type: 'text', value: '\n' }, node]
  })
  const label = title ? `Code: ${title}` : 'Code'
  const pre = element('pre', { tabIndex: 0, role: 'region', ariaLabel: label }, [
    element('code', lang ? { className: [`language-${lang}`] } : {}, children),
  ])
  const caption = title ? [element('figcaption', {}, [{ type: 'text', value: title }])] : []
  return element('figure', { className: ['code'] }, [...caption, pre])
}

async function tokens(code: string, language: string): Promise<ElementContent[][]> {
  const known =
    bundledLanguages[language as keyof typeof bundledLanguages] ??
    bundledLanguagesAlias[language as keyof typeof bundledLanguagesAlias]
  if (isPlain(language) || !known) return code.split('\n').map((value) => [{ type: 'text', value }])
  highlighter ??= createHighlighterCore({
    themes: [theme],
    langs: [],
    engine: createOnigurumaEngine(import('shiki/wasm')),
  })
  const shiki = await highlighter
  if (!shiki.getLoadedLanguages().includes(language)) await shiki.loadLanguage(known)
  return shiki.codeToTokensBase(code, { lang: language, theme: 'galley' }).map((line) => {
    const merged: { kind: string | undefined; value: string }[] = []
    for (const { content, color } of line) {
      const kind = content.trim() === '' ? merged.at(-1)?.kind : kindOf.get((color ?? '').toLowerCase())
      const last = merged.at(-1)
      if (last && last.kind === kind) last.value += content
      else merged.push({ kind, value: content })
    }
    return merged.map(({ kind, value }) =>
      kind ? element('span', { className: [kind] }, [{ type: 'text', value }]) : { type: 'text', value },
    )
  })
}

function lineNumbers(ranges: string): Set<number> {
  const numbers = new Set<number>()
  for (const range of ranges.split(',').filter((part) => part.trim())) {
    const [from = 0, to = from] = range.split('-').map(Number)
    for (let line = from; line <= Math.min(to, from + 9999); line++) numbers.add(line)
  }
  return numbers
}

/** Highlights fenced code. */
export function code() {
  return async (tree: Root, file: VFile) => {
    const blocks: { block: Element; parent: Parent; index: number }[] = []
    elements(tree, (node, parent, index) => {
      if (node.tagName === 'pre') blocks.push({ block: node, parent, index })
    })
    for (const { block, parent, index } of blocks) {
      const inner = block.children.find(
        (child): child is Element => child.type === 'element' && child.tagName === 'code',
      )
      if (!inner) continue
      const language =
        classes(inner)
          .find((name) => name.startsWith('language-'))
          ?.slice(9) ?? ''
      if (!knowsLanguage(language.split(':')[0]?.toLowerCase() ?? '')) {
        const line = lineOf(block)
        foundIn(file).problems.push({
          line,
          severity: 'warning',
          message: `no highlighting for "${language}"; it is set as plain text. Write text, or a language that Shiki knows.`,
        })
      }
      parent.children[index] = await codeBlock(textOf(inner), language, String(inner.properties.dataMeta ?? ''))
    }
  }
}
