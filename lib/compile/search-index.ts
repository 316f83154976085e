import { createHash } from 'node:crypto'
import { existsSync, readdirSync, readFileSync, renameSync, rmSync, statSync } from 'node:fs'
import { readFile } from 'node:fs/promises'
import path from 'node:path'
import type { PagefindIndex } from 'pagefind'
import { site } from '@/site.config'
import { categoryTitle, postAddress, tagKey } from '../site/address'
import { longDay, machineDate, yearOf } from '../site/dates'
import type { Manifest, PostEntry } from '../store/manifest'
import { bodyFile, manifestFile, searchDir, searchFile } from '../store/paths'
import type { SearchPart } from '../store/types'
import { linkOrCopy, replaceFile } from '../store/write'
import { isListed } from './listed'
import { openIndex, pagefindVersion } from './pagefind'

/** Parts of a body that are no words of its author, or that say again what stands beside them. */
const FURNITURE = [
  '.anchor',
  '.katex-html',
  'annotation',
  '.side-note',
  '[data-footnote-ref]',
  '[data-footnote-backref]',
  'svg',
  'style',
]

/** Pagefind is given this many posts at once. */
const AT_ONCE = 50

/** The most words in one part of the index. Pagefind 1.6.0 takes about 0.5 kB of memory for a word, so a part takes 1.2 GB. */
const MOST_WORDS = 2_500_000

/** A part of the index as the store keeps it. `made` is of what went into it, `key` of what is in it: other sources may have the same words. */
type Kept = SearchPart & { made: string }

/**
 * Makes the index for the search in the browser from the posts of the manifest that are published and listed, each in its own language,
 * and keeps it in the store. A long blog has several parts, of which a new post changes only the newest; a part that is there for the
 * same posts costs one look.
 *
 * @param mostWords in one part.
 * @returns the number of posts that were indexed; 0 when nothing had to be done.
 * @throws when Pagefind refuses a post.
 */
export async function keepSearchIndex(mostWords = MOST_WORDS): Promise<number> {
  const { posts, authors, compiledAt }: Manifest = JSON.parse(readFileSync(manifestFile(), 'utf8'))
  const listed = posts.filter((post) => isListed(post, new Date(compiledAt)))
  const names: Names = {
    author: new Map(authors.map(({ slug, name }) => [slug, name])),
    // A tag is shown as its newest post spells it.
    tag: new Map(listed.toReversed().flatMap(({ tags }) => tags.map((tag) => [tagKey(tag), tag]))),
  }
  const kept: Kept[] = existsSync(searchFile()) ? JSON.parse(readFileSync(searchFile(), 'utf8')) : []
  const parts: Kept[] = []
  let indexed = 0
  for (const some of partsOf(listed, mostWords)) {
    const records = some.map((post) => recordOf(post, names))
    const made = hash(JSON.stringify([pagefindVersion(), FURNITURE, pageOf.toString(), records]))
    const before = kept.find((part) => part.made === made && existsSync(searchDir(part.key)))
    const part = before ?? (await writePart(records))
    if (part) parts.push({ ...part, made })
    if (part && !before) indexed += records.length
  }
  await replaceFile(searchFile(), JSON.stringify(parts))
  // An index of before may hold a post that has been withdrawn since.
  const folder = path.dirname(searchDir('x'))
  for (const old of existsSync(folder) ? readdirSync(folder) : [])
    if (!parts.some(({ key }) => key === old)) rmSync(path.join(folder, old), { recursive: true })
  return indexed
}

/** The posts of each part, in the order given. The oldest parts are full, so that a new post changes the first part only. */
function partsOf(posts: PostEntry[], mostWords: number): PostEntry[][] {
  const parts: PostEntry[][] = []
  let words = Number.POSITIVE_INFINITY
  for (const post of posts.toReversed()) {
    if (words + post.words > mostWords) {
      parts.unshift([])
      words = 0
    }
    parts[0]?.unshift(post)
    words += post.words
  }
  return parts
}

const hash = (text: string | Uint8Array) => createHash('sha256').update(text).digest('hex').slice(0, 16)

/**
 * Puts the index among the files of a build that are served at /_next/static.
 *
 * @param dist the folder of the build: `.next`.
 */
export async function placeSearchIndex(dist: string) {
  const parts: SearchPart[] = existsSync(searchFile()) ? JSON.parse(readFileSync(searchFile(), 'utf8')) : []
  for (const { key } of parts) {
    const [from, to] = [searchDir(key), path.join(dist, 'static', `search-${key}`)]
    for (const name of readdirSync(from, { recursive: true, encoding: 'utf8' }))
      if (statSync(path.join(from, name)).isFile()) await linkOrCopy(path.join(from, name), path.join(to, name))
  }
}

/** The names of authors by their file, and of tags by their key. */
type Names = { author: Map<string, string>; tag: Map<string, string> }

type Record = ReturnType<typeof recordOf>

/** Everything that goes into the index for a post; its text by the name of its body. */
function recordOf({ slug, title, date, lang, category, tags, authors, excerpt, body }: PostEntry, names: Names) {
  return {
    url: postAddress(slug),
    title,
    // Pagefind makes an index for each language, and `en` and `en-GB` are one.
    language: new Intl.Locale(lang ?? site.language).language,
    lang: lang ?? '',
    date: machineDate(date),
    day: longDay(date),
    excerpt,
    body,
    category: category ? [categoryTitle(category)] : [],
    tag: [...new Set(tags.map((tag) => names.tag.get(tagKey(tag)) ?? tag))],
    author: authors.flatMap((name) => names.author.get(name) ?? []),
    year: [yearOf(date)],
  }
}

/**
 * Writes a part of the index into the store, named by its content.
 *
 * @returns its first language is the one that gives the rules for endings; undefined where Pagefind has no program for this machine.
 */
async function writePart(records: Record[]): Promise<SearchPart | undefined> {
  const opened = await openIndex({ excludeSelectors: FURNITURE })
  if (!opened) {
    console.warn('Pagefind has no program for this machine: the search finds titles, headings and summaries only.')
    return undefined
  }
  const { index, close } = opened
  const beside = searchDir(`new.${process.pid}`)
  try {
    for (let at = 0; at < records.length; at += AT_ONCE) {
      const some = records.slice(at, at + AT_ONCE)
      // Read first, since Pagefind has to get the posts in the same order each time.
      const bodies = await Promise.all(some.map(async ({ body }) => JSON.parse(await readFile(bodyFile(body), 'utf8'))))
      await Promise.all(some.map((record, number) => addRecord(index, record, bodies[number].html)))
    }
    const { errors } = await index.writeFiles({ outputPath: path.resolve(beside) })
    if (errors.length > 0) throw new Error(`Pagefind could not write the index: ${errors.join('; ')}`)
  } finally {
    await close()
  }
  const entry = readFileSync(path.join(beside, 'pagefind-entry.json'))
  const found = Object.entries<{ wasm: string | null; page_count: number }>(JSON.parse(entry.toString()).languages)
  found.sort(([, a], [, b]) => Number(b.wasm !== null) - Number(a.wasm !== null) || b.page_count - a.page_count)
  const program = `wasm.${found[0]?.[1].wasm ?? 'unknown'}.pagefind`
  // Pagefind's own interface is not used, its worker is in public/assets, and only the first language's program is loaded.
  for (const name of readdirSync(beside))
    if (/\.(js|css)$/.test(name) || (name.startsWith('wasm.') && name !== program)) rmSync(path.join(beside, name))
  // The entry names each language's index by its content.
  const key = hash(entry)
  rmSync(searchDir(key), { recursive: true, force: true })
  renameSync(beside, searchDir(key))
  return { key, languages: found.map(([language]) => language) }
}

async function addRecord(index: PagefindIndex, record: Record, html: string) {
  const { errors } = await index.addHTMLFile({ url: record.url, content: pageOf(record, html) })
  if (errors.length > 0)
    throw new Error(`${record.url} cannot be put into the index of the search: ${errors.join('; ')}`)
}

const text = (words: string) => words.replaceAll('&', '&amp;').replaceAll('<', '&lt;')

/** A page as Pagefind reads it: its filters and facts, then the title and the text of the post. */
function pageOf(
  { language, title, lang, date, day, category, tag, author, year, excerpt }: Record,
  html: string,
): string {
  const filters = Object.entries({ category, tag, author, year }).flatMap(([name, values]) =>
    values.map((value) => `<i data-pagefind-filter="${name}">${text(value)}</i>`),
  )
  const facts = Object.entries({
    date,
    day,
    lang,
    excerpt,
    category: category.join(),
    tags: tag.join(', '),
    authors: author.join(', '),
  })
    .filter(([, value]) => value !== '')
    .map(([name, value]) => `<i data-pagefind-meta="${name}">${text(value)}</i>`)
  return `<!doctype html><html lang="${language}"><body><main data-pagefind-body>
<div data-pagefind-ignore>${filters.join('')}${facts.join('')}</div><h1>${text(title)}</h1>${html}</main></body></html>`
}
