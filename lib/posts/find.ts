import { folded, isUnspaced, keysOf, marked, type Piece, placeOfWord, wordsOf } from './fold'

/** What is searched of a post. `lang` is BCP 47, and `date` ISO 8601. */
export type Searched = {
  slug: string
  title: string
  excerpt: string
  date: string
  lang?: string | undefined
  category?: string | undefined
  tags: string[]
  authors: string[]
  headings: { id: string; text: string }[]
}

/** A post that was found: its title and summary in pieces, and the headings that have a word of the query. */
export type Found<Post> = {
  post: Post
  title: Piece[]
  excerpt: Piece[]
  headings: { id: string; text: Piece[] }[]
}

/** A query is cut at this length. It is also the `maxlength` of the field. */
export const LONGEST_QUERY = 200
/** Words of a query after these are not looked for. */
const MOST_WORDS = 12
/** What a word is worth, by where it stands; a whole word is worth half as much again. */
const WORTH = { title: 8, tags: 6, headings: 4, authors: 3, excerpt: 2 }

/**
 * Makes a function that finds posts by their titles, tags, headings, authors and summaries.
 *
 * A post is found when it has all words of the query, each at least as the beginning of a word. The posts are in the order of their
 * points: the sum, over the words, of what the best place of each is worth, and 10 more when the title has the whole query; posts with the
 * same points stay in the order given, newest first.
 *
 * @param posts newest first.
 * @param language of posts without one, and of queries; BCP 47.
 * @returns takes a query and a number of results; gives as many posts as asked for, and how many there are in all.
 */
export function makeFinder<Post extends Searched>(posts: Post[], language: string) {
  const texts = posts.map((post) => ({
    title: folded(post.title),
    tags: folded([...post.tags, post.category ?? ''].join('\n')),
    headings: folded(post.headings.map(({ text }) => text).join('\n')),
    authors: folded(post.authors.join('\n')),
    excerpt: folded(post.excerpt),
  }))
  const index = indexOf(texts)

  return (asked: string, most: number): { found: Found<Post>[]; all: number } => {
    const query = asked.slice(0, LONGEST_QUERY)
    const words = wordsOf(query, language).slice(0, MOST_WORDS)
    if (words.length === 0) return { found: [], all: 0 }
    const whole = folded(query).trim()
    const sums = words.map((word) => worthOf(word, texts, index))
    const ranked: { at: number; points: number }[] = []
    for (let at = 0; at < posts.length; at++) {
      if (!sums.every((worth) => (worth[at] as number) > 0)) continue
      const inTitle = texts[at]?.title.includes(whole) ? 10 : 0
      ranked.push({ at, points: sums.reduce((sum, worth) => sum + (worth[at] as number), inTitle) })
    }
    ranked.sort((a, b) => b.points - a.points)
    const found = ranked.slice(0, most).map(({ at }) => show(posts[at] as Post, words, language))
    return { found, all: ranked.length }
  }
}

type Texts = Record<keyof typeof WORTH, string>
const FIELDS = Object.keys(WORTH) as (keyof typeof WORTH)[]
/** Every key of the texts, in the order of their letters, and the places of each: the number of the post times 8, and of its field. */
type Index = { keys: string[]; places: number[][] }

function indexOf(texts: Texts[]): Index {
  const byKey = new Map<string, number[]>()
  for (const [at, text] of texts.entries()) {
    for (const [number, field] of FIELDS.entries()) {
      const place = at * 8 + number
      for (const key of keysOf(text[field])) {
        const places = byKey.get(key)
        if (!places) byKey.set(key, [place])
        else if (places.at(-1) !== place) places.push(place)
      }
    }
  }
  const keys = [...byKey.keys()].sort()
  return { keys, places: keys.map((key) => byKey.get(key) as number[]) }
}

/** What a word is worth in each post: 0 where it does not stand. */
function worthOf(word: string, texts: Texts[], { keys, places }: Index): Float32Array {
  const worth = new Float32Array(texts.length)
  const [first = ''] = keysOf(word)
  // The index knows the beginning of a word such as `node.js`, and the first two letters of a word of a script without spaces.
  const isKnown = first === word && !(isUnspaced(word) && word.length > 2)
  for (let at = firstFrom(keys, first); keys[at]?.startsWith(first); at++) {
    if (!isKnown && !isUnspaced(word) && keys[at] !== first) continue
    for (const place of places[at] as number[]) {
      const post = place >> 3
      const field = FIELDS[place & 7] as keyof Texts
      if (WORTH[field] * 1.5 <= (worth[post] as number)) continue
      const isWhole = isKnown ? keys[at] === first : wholeness((texts[post] as Texts)[field], word)
      if (isWhole !== undefined) worth[post] = Math.max(worth[post] as number, WORTH[field] * (isWhole ? 1.5 : 1))
    }
  }
  return worth
}

/** Whether a text has a word whole; undefined when it does not have it. */
function wholeness(text: string, word: string): boolean | undefined {
  const { at, isWhole } = placeOfWord(text, word)
  return at < 0 ? undefined : isWhole
}

/** The number of the first of sorted keys that is not before `key`. */
function firstFrom(keys: string[], key: string): number {
  let [from, to] = [0, keys.length]
  while (from < to) {
    const middle = (from + to) >> 1
    if ((keys[middle] as string) < key) from = middle + 1
    else to = middle
  }
  return from
}

function show<Post extends Searched>(post: Post, words: string[], language: string): Found<Post> {
  const { title, excerpt, lang = language } = post
  const headings = post.headings
    .filter(({ text }) => words.some((word) => placeOfWord(folded(text), word).at >= 0))
    .slice(0, 3)
    .map(({ id, text }) => ({ id, text: marked(text, words, lang) }))
  return { post, title: marked(title, words, lang), excerpt: marked(excerpt, words, lang), headings }
}
