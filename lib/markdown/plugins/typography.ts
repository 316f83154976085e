import type { Element, Root, RootContent, Text } from 'hast'
import type { VFile } from 'vfile'
import { foundIn } from '../tree'
import { isBare } from './links'

/** Opening and closing quotation marks, double then single, by language (CLDR 48). */
const QUOTES = new Map(
  Object.entries({
    ca: '«»“”',
    cs: '„“‚‘',
    da: '“”‘’',
    de: '„“‚‘',
    'de-ch': '«»‹›',
    el: '«»“”',
    en: '“”‘’',
    es: '«»“”',
    fi: '””’’',
    fr: '«»‹›',
    hu: '„”»«',
    it: '«»“”',
    nb: '«»‘’',
    nl: '“”‘’',
    no: '«»‘’',
    pl: '„”‚’',
    pt: '“”‘’',
    ro: '„”«»',
    ru: '«»„“',
    sk: '„“‚‘',
    sv: '””’’',
    tr: '“”‘’',
    uk: '«»„“',
  }),
)

/**
 * Typographic quotes, dashes and ellipses: "so" becomes “so”, -- becomes –, --- becomes —, ... becomes …. The quotes are those of the
 * document's language, and French gets its thin spaces. Code and addresses are not changed. A language that is not in `QUOTES` keeps its
 * straight quotes.
 */
export function typography() {
  return (tree: Root, file: VFile) => {
    const language = foundIn(file).language.toLowerCase()
    const quotes = QUOTES.get(language) ?? QUOTES.get(language.split('-')[0] ?? '')
    const isFrench = language.split('-')[0] === 'fr'
    let before = ''
    const setText = (node: Text) => {
      let value = node.value
      if (/--|\.\.\./.test(value)) {
        value = value
          .replace(/(?<!-)---(?!-)/g, '—')
          .replace(/(?<!-)--(?!-)/g, '–')
          .replace(/(?<!\.)\.\.\.(?!\.)/g, '…')
      }
      if (quotes && /["']/.test(value)) {
        value = value.replace(/["']/g, (mark, at: number, whole: string) => {
          const previous = at === 0 ? before : (whole[at - 1] ?? '')
          const next = whole[at + 1] ?? ''
          const opens = /^$|[\s([{—–‘“„«‚‹/-]/.test(previous) && !/^\s|^$/.test(next || 'x')
          if (mark === "'" && opens && /^\d\d(?!\d)s?/.test(whole.slice(at + 1))) return '’'
          if (mark === "'" && /[\p{L}\p{N}]/u.test(previous) && /\p{L}/u.test(next)) return '’'
          return (mark === '"' ? quotes : quotes.slice(2))[opens ? 0 : 1] ?? mark
        })
      }
      if (isFrench)
        value = value
          .replace(/«\s?/g, '«\u202f')
          .replace(/\s?([»;!?])/g, (whole, mark) => (mark === '»' || whole !== mark ? `\u202f${mark}` : mark))
          .replace(/ :/g, '\u00a0:')
      before = node.value.at(-1) ?? before
      node.value = value
    }
    const walk = (node: Root | Element | RootContent) => {
      if (node.type === 'text') setText(node)
      else if (node.type === 'element' || node.type === 'root') {
        if (node.type === 'element' && isLiteral(node)) before = 'x'
        else {
          if (node.type === 'element' && BLOCK.test(node.tagName)) before = ''
          for (const child of node.children) walk(child)
        }
      }
    }
    walk(tree)
  }
}

const BLOCK = /^(p|li|h[1-6]|td|th|dt|dd|figcaption|blockquote|div|summary|br)$/

const isLiteral = (node: Element) =>
  /^(code|pre|kbd|samp|script|style|svg)$/.test(node.tagName) ||
  (node.tagName === 'a' && isBare(node, String(node.properties.href)))
