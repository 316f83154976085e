import type { Found } from '../posts/find'
import type { Piece } from '../posts/fold'
import { categoryTitle, postAddress } from '../site/address'
import { longDay, machineDate } from '../site/dates'

/** A post that was found, as it is shown. `date` is for programs (`machineDate`), `day` the same in words; `parts` are headings with a word of the query. */
export type SearchResult = {
  href: string
  title: Piece[]
  excerpt: Piece[]
  lang?: string | undefined
  date: string
  day: string
  category?: string | undefined
  parts: { href: string; title: Piece[] }[]
}

/** The answer to a query: its first results, how many posts there are in all, and whether their whole texts were searched. */
export type SearchAnswer = { query: string; all: number; results: SearchResult[]; isWhole: boolean }

/** The number of results in one answer. */
export const MOST_RESULTS = 20

type Summary = { slug: string; date: string; lang?: string | undefined; category?: string | undefined }

/** Makes an answer of what `searchPosts` has found. */
export function searchAnswer(query: string, { found, all }: { found: Found<Summary>[]; all: number }): SearchAnswer {
  const results = found.map(({ post: { slug, date, lang, category }, title, excerpt, headings }) => ({
    href: postAddress(slug),
    title,
    excerpt,
    lang,
    date: machineDate(date),
    day: longDay(date),
    category: category && categoryTitle(category),
    parts: headings.map(({ id, text }) => ({ href: `${postAddress(slug)}#${encodeURIComponent(id)}`, title: text })),
  }))
  return { query, all, results, isWhole: false }
}
