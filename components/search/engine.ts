import type { SearchAnswer, SearchResult } from '@/lib/formats/search-answer'
import { marked, type Piece, wordsOf } from '@/lib/posts/fold'
import { sections } from '@/lib/site/sections.mjs'

/** Values that a post must have, by name: `{ tag: 'css' }`. */
export type Filters = Record<string, string>
/** How many posts have each value of each filter. */
export type Choices = Record<string, Record<string, number>>
export type Engine = {
  /** The first answer may be of the newest posts alone; `whole` is then yet to come. */
  search(query: string, filters: Filters, most: number): Promise<SearchAnswer>
  choices(): Promise<Choices>
  /** Resolves when all parts of the index have been loaded, if there are several. They are loaded after the first answer. */
  whole: Promise<unknown> | undefined
}
type Part = { folder: string; languages: string[] }

type Data = {
  url: string
  excerpt: string
  meta: Record<string, string>
  sub_results: { url: string; title: string }[]
}

/** The worker is beside this script. Its address is the only one that may become a worker. */
const address = new URL('worker.js', import.meta.url).href

/** With Trusted Types (`trusted-types galley-search` in the policy of our pages), a worker needs an address that a policy has let through. */
function trusted(): string {
  const { trustedTypes } = window as unknown as {
    trustedTypes?: { createPolicy(name: string, rules: object): { createScriptURL(url: string): string } }
  }
  const createScriptURL = (url: string) => {
    if (url === address) return url
    throw new TypeError(`${url} is not the worker of the search.`)
  }
  return trustedTypes?.createPolicy('galley-search', { createScriptURL }).createScriptURL(address) ?? address
}

/**
 * Starts Pagefind's worker (1.6.0) with the index of today, and speaks with it by its own messages.
 *
 * @throws when there is no index, or it cannot be loaded.
 */
export async function startEngine(): Promise<Engine> {
  const answer = await fetch(`${sections.search}/index.json`)
  const parts: Part[] = answer.ok ? await answer.json() : []
  // Pagefind merges no index of the same folder, so each further language of a folder names it in another way.
  const [first, ...others] = parts.flatMap(({ folder, languages }) =>
    languages.map((language, at) => ({ basePath: folder + './'.repeat(at), language })),
  )
  if (!first) throw new Error('This site has no index for the search.')
  const worker = new Worker(trusted())
  const waiting = new Map<number, { resolve: (value: never) => void; reject: (error: Error) => void }>()
  worker.onmessage = ({ data: { id, result, error } }) => {
    if (error) waiting.get(id)?.reject(new Error(error))
    else waiting.get(id)?.resolve(result as never)
    waiting.delete(id)
  }
  worker.onerror = () => {
    for (const { reject } of waiting.values()) reject(new Error('The worker of the search does not run.'))
  }
  let count = 0
  const ask = <Result>(method: string, ...args: unknown[]) =>
    new Promise<Result>((resolve, reject) => {
      waiting.set(++count, { resolve, reject })
      worker.postMessage({ id: count, instanceId: 'galley', method, args })
    })
  // The name of the folder changes with the index, so its entry may be kept too.
  const options = { metaCacheTag: 'kept', excerptLength: 28, baseUrl: '/' }
  await ask('init', { ...options, ...first })
  let load: (() => void) | undefined
  const whole = new Promise<void>((resolve) => {
    load = resolve
  }).then(() =>
    Promise.all(others.map(({ basePath, language }) => ask('mergeIndex', basePath, { ...options, language }))),
  )

  return {
    whole: others.length > 0 ? whole : undefined,
    async choices() {
      load?.()
      await whole
      return ask<Choices>('filters')
    },
    async search(query, filters, most) {
      // `most` is read by fewer-results.ts.
      const asked = () => ask<{ all: number; results: { data: string }[] }>('search', query || null, { filters, most })
      let { all, results } = await asked()
      if (all === 0) {
        load?.()
        await whole
        ;({ all, results } = await asked())
      }
      const shown = await Promise.all(results.map(({ data }) => ask<Data>('getData', data)))
      for (const { data } of results) ask('releaseData', data)
      // These results are shown before the rest of the index is loaded.
      if (load) setTimeout(load)
      const isFound = query === '' || shown.some((data) => isNear(data, query))
      const found = { query, all, results: shown.map((data) => resultOf(data, query)), isWhole: true }
      return isFound ? found : { ...found, all: 0, results: [] }
    },
  }
}

function resultOf({ url, excerpt, meta, sub_results }: Data, query: string): SearchResult {
  const language = meta.lang || document.documentElement.lang
  const words = wordsOf(query, language)
  const parts = sub_results.filter((part) => part.url.includes('#')).slice(0, 3)
  const pieces = piecesOf(excerpt)
  // Words that stand in the title, the summary or the tags only are in no excerpt.
  const isMarked = pieces.some((piece) => typeof piece !== 'string')
  return {
    href: url,
    title: marked(meta.title ?? '', words, language),
    excerpt: isMarked ? pieces : marked(meta.excerpt ?? '', words, language),
    lang: meta.lang,
    date: meta.date ?? '',
    day: meta.day ?? '',
    category: meta.category,
    parts: parts.map((part) => ({ href: part.url, title: marked(part.title, words, language) })),
  }
}

/** Pagefind shortens a word that it does not find, until some word fits: `html` finds an `h`. The first three letters have to be the same. */
function isNear({ excerpt, meta }: Data, query: string): boolean {
  const beginnings = (text: string) => wordsOf(text, document.documentElement.lang).map((word) => word.slice(0, 3))
  const asked = new Set(beginnings(query))
  const marks = piecesOf(excerpt).map((piece) => (typeof piece === 'string' ? '' : piece.mark))
  const { title, excerpt: summary, tags, authors, category } = meta
  return beginnings([...marks, title, summary, tags, authors, category].join(' ')).some((one) => asked.has(one))
}

/** An excerpt has no other marks than `<mark>`: Pagefind writes every `<` and `>` of the text as a reference. */
function piecesOf(excerpt: string): Piece[] {
  const plain = (text: string) => text.replaceAll('&lt;', '<').replaceAll('&gt;', '>')
  return excerpt.split('<mark>').flatMap((part, at): Piece[] => {
    const [mark = '', rest] = part.split('</mark>')
    return at === 0 || rest === undefined ? [plain(part)] : [{ mark: plain(mark) }, plain(rest)]
  })
}
