import type { SearchAnswer, SearchResult } from '@/lib/formats/search-answer'
import type { Piece } from '@/lib/posts/fold'
import { sections } from '@/lib/site/sections.mjs'

// How results look: the same on the server, which writes them as HTML, and in the browser, which makes elements of them.

/** An element or a text, which nobody has to escape or parse. */
export type Tree = string | { name: string; attributes: Record<string, string>; children: Tree[] }

const element = (name: string, attributes: Record<string, string>, ...children: Tree[]): Tree => ({
  name,
  attributes,
  children,
})

/** How many posts there are, in words. The server does not look into texts, so it cannot say that no post has a word. */
function countOf({ all, query, isWhole }: SearchAnswer): string {
  if (all > 0) return all === 1 ? '1 post' : `${all.toLocaleString('en')} posts`
  if (!query) return 'No post fits.'
  return isWhole ? `No post has “${query}”.` : `No title, summary or heading has “${query}”.`
}

/**
 * The results of an answer, or where else to look.
 *
 * @param isAsked whether anything has been asked: a query, or a filter.
 * @returns first the line that says how many, then the rest.
 */
export function resultsOf(answer: SearchAnswer, isAsked = answer.query !== ''): Tree[] {
  const { all, results } = answer
  const count = element('p', { class: 'search-count', role: 'status' }, isAsked ? countOf(answer) : '')
  if (!isAsked) return [count]
  const archive = element('a', { href: sections.archive }, 'the archive')
  const hint = 'Try fewer letters or another word, or look through '
  if (all === 0) return [count, element('p', { class: 'search-else' }, hint, archive, '.')]
  const more = all - results.length
  return [
    count,
    element('ol', { class: 'search-results' }, ...results.map(resultOf)),
    ...(more > 0
      ? [
          element(
            'p',
            { class: 'search-else' },
            `And ${more.toLocaleString('en')} more. Another word makes them fewer.`,
          ),
        ]
      : []),
  ]
}

export function resultOf({ href, title, excerpt, lang, date, day, category, parts }: SearchResult): Tree {
  const language: Record<string, string> = lang ? { lang } : {}
  const meta: Tree[] = [...(category ? [`${category} · `] : []), element('time', { datetime: date }, day)]
  const inside = parts.map(({ href, title }) => element('li', {}, element('a', { href }, ...piecesOf(title))))
  return element(
    'li',
    { class: 'search-result' },
    element('a', { class: 'search-title', href, ...language }, ...piecesOf(title)),
    element('p', { class: 'search-meta' }, ...meta),
    ...(excerpt.length > 0 ? [element('p', { class: 'search-excerpt', ...language }, ...piecesOf(excerpt))] : []),
    ...(inside.length > 0 ? [element('ul', { class: 'search-parts', ...language }, ...inside)] : []),
  )
}

const piecesOf = (pieces: Piece[]): Tree[] =>
  pieces.map((piece) => (typeof piece === 'string' ? piece : element('mark', {}, piece.mark)))
