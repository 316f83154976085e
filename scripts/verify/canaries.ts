import { randomBytes, randomInt } from 'node:crypto'
import { mkdirSync, readFileSync, utimesSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { sharp } from '../../lib/markdown/media/sharp'
import { safelyDecoded } from '../../lib/site/address'
import type { Manifest } from '../../lib/store/manifest'
import type { Lists } from './own'
import type { Word } from './words'

/** A picture file of a post: the last two segments of its address, and its bytes. */
export type Picture = { hash: string; name: string; bytes: Buffer }

/** A document made for one run. Every field has a word that stands nowhere else. */
export type Canary = {
  name: string
  status: 'draft' | 'scheduled' | 'expired' | 'unlisted' | 'published' | 'page'
  /** The address below /blog and /drafts; of a page, below /. */
  slug: string
  tag: string
  author: string
  alias: string
  series: string
  category: string
  /** The picture as the author has it. `pictures` are the files that the compiler made of it, known after the build. */
  original: { name: string; bytes: Buffer } | undefined
  pictures: Picture[]
  words: Word[]
  /** Whether its category and series are public, because published posts have them too. */
  shares: boolean
  /** The files for the content folder: the document, its author, its picture. */
  files: File[]
}
type File = { name: string; data: string | Buffer }

/**
 * Fourteen random letters, which are written alike in HTML, JSON, addresses and feeds. The last is a q, so that no index of a search takes
 * it for an ending and cuts it off.
 */
export const newWord = () => `${Array.from({ length: 13 }, () => String.fromCharCode(97 + randomInt(26))).join('')}q`

type Kind = Pick<Canary, 'name' | 'status'> & { shape?: 'file' | 'folder' | 'mdx'; date?: string; among?: true }
type Shared = { tag: string; author: string; category: string; series: string }

const DAY = 86_400_000
const yesterday = new Date(Date.now() - DAY).toISOString().slice(0, 10)
/** Unpublished canaries get the newest file times of all, so that a page that shows the time of the newest file shows theirs. */
const TOMORROW = new Date(Date.now() + 1.5 * DAY)
const LONG_AGO = new Date('2024-02-03T00:00:00Z')

const kinds: Kind[] = [
  { name: 'published post', status: 'published', shape: 'folder' },
  { name: 'draft', status: 'draft' },
  { name: 'draft in a folder', status: 'draft', shape: 'folder' },
  { name: 'draft in MDX', status: 'draft', shape: 'mdx', date: '1990-01-01' },
  { name: 'draft among others', status: 'draft', date: yesterday, among: true },
  { name: 'scheduled post', status: 'scheduled' },
  { name: 'scheduled post in a folder', status: 'scheduled', shape: 'folder' },
  { name: 'expired post', status: 'expired' },
  { name: 'expired post in a folder', status: 'expired', shape: 'folder' },
  { name: 'unlisted post', status: 'unlisted' },
  { name: 'unlisted post in a folder', status: 'unlisted', shape: 'folder' },
]

/**
 * Makes the canaries: a post of each unpublished kind, a draft page, and a published post, which the search has to find.
 *
 * Each has a tag and an author of its own, and a tag and an author that all canaries share. A post in a folder has a picture, and has
 * the category and series of the published canary. "draft among others" has the tags, authors, category and series of the site's own
 * posts. The others have a category and a series of their own.
 *
 * @param lists tags, authors, category and series of the site's own posts.
 */
export async function makeCanaries(lists: Lists): Promise<Canary[]> {
  const shared = { tag: newWord(), author: newWord(), category: newWord(), series: newWord() }
  const canaries: Canary[] = []
  for (const kind of kinds) canaries.push(await makePost(kind, shared, canaries.length + 1, lists))
  const [published] = canaries
  published?.files.push(authorFile(shared.author, newWord(), newWord()))
  return [...canaries, makePage()]
}

/**
 * Writes canaries into a content folder. The text of the published canary is the same with and without the hidden ones; with them, its
 * words are links to the address, alias, preview and tag of each hidden canary.
 */
export function writeCanaries(content: string, canaries: Canary[], withHidden: boolean) {
  for (const { status, files } of canaries) {
    if (status !== 'published' && !withHidden) continue
    for (const { name, data } of files) {
      const text = status === 'published' && name.endsWith('index.md') ? data + linksTo(canaries, withHidden) : data
      write(path.join(content, name), text, status === 'published' ? LONG_AGO : TOMORROW)
    }
  }
}

function linksTo(canaries: Canary[], areThere: boolean): string {
  const hidden = canaries.filter(({ status }) => status !== 'unlisted' && status !== 'published')
  const links = hidden.flatMap(({ status, slug, alias, tag }) =>
    status === 'page' ? [`/${slug}`] : [`/blog/${slug}?a#b`, `../../${slug}`, alias, `/drafts/${slug}`, `/tags/${tag}`],
  )
  const words = links.map((href) => `${areThere ? `[A link](${href})` : '<a>A link</a>'} that is none yet.`)
  return `\n${words.join('\n')}\n`
}

async function makePost(
  { name, status, shape = 'file', date = '2024-02-03', among }: Kind,
  shared: Shared,
  part: number,
  lists: Lists,
): Promise<Canary> {
  const fields = [
    'title',
    'file',
    'summary',
    'tag',
    'author',
    'author name',
    'author text',
    'alias',
    'canonical',
    'body',
  ] as const
  const more = ['heading', 'code', 'link', 'picture', 'picture text', 'category', 'series'] as const
  const word = Object.fromEntries([...fields, ...more].map((field) => [field, newWord()])) as Record<
    (typeof fields)[number] | (typeof more)[number],
    string
  >
  const hasPicture = shape === 'folder'
  const other = (among && lists) || { tags: [], authors: [], category: undefined, series: undefined }
  const category = other.category ?? (hasPicture ? shared.category : word.category)
  const series = other.series ?? (hasPicture ? shared.series : word.series)
  const original = hasPicture ? { name: `${word.picture}.png`, bytes: await makePicture() } : undefined
  const slug = `${category}/${word.file}`
  const matter = [
    `title: "${capital(word.title)} of a canary"`,
    `date: ${status === 'scheduled' ? '2199-01-01' : date}`,
    ...(among ? [`lastmod: ${date}`] : []),
    `summary: "It begins with ${word.summary}."`,
    `tags: ${JSON.stringify([word.tag, shared.tag, ...other.tags])}`,
    `authors: ${JSON.stringify([word.author, shared.author, ...other.authors])}`,
    `aliases: [/blog/${word.alias}]`,
    `canonicalUrl: https://${word.canonical}.example/`,
    `series: { name: ${JSON.stringify(series)}, part: ${other.series ? 1000 : part} }`,
    ...(original ? [`images: [./${original.name}]`] : []),
    ...(status === 'draft' ? ['draft: true'] : []),
    ...(status === 'expired' ? ['expires: 2024-03-04'] : []),
    ...(status === 'unlisted' ? ['unlisted: true'] : []),
  ]
  const body = `It says ${word.body} in its text, and links to [a place](https://${word.link}.example/).

## A heading with ${word.heading}

\`\`\`js
const ${word.code} = 1
\`\`\`
${original ? `\n![It shows ${word['picture text']}](./${original.name})\n` : ''}${shape === 'mdx' ? '\n{1 + 1}\n' : ''}`
  const file = { file: `${slug}.md`, folder: `${slug}/index.md`, mdx: `${slug}.mdx` }[shape]
  const files: File[] = [
    { name: `posts/${file}`, data: `---\n${matter.join('\n')}\n---\n\n${body}` },
    authorFile(word.author, word['author name'], word['author text']),
    ...(original ? [{ name: `posts/${slug}/${original.name}`, data: original.bytes }] : []),
  ]
  const shares = hasPicture || among === true
  const isPublic = (field: string) =>
    (hasPicture || (among && other.category !== undefined) ? field === 'category' : false) ||
    (hasPicture || (among && other.series !== undefined) ? field === 'series' : false)
  const secret = Object.entries(word).filter(
    ([field]) => !isPublic(field) && (hasPicture || !field.startsWith('picture')),
  )
  const canary: Canary = {
    name,
    status,
    slug,
    tag: word.tag,
    author: word.author,
    alias: `/blog/${word.alias}`,
    series,
    category,
    original,
    pictures: [],
    shares,
    files,
    words: secret.map(([field, text]) => ({ bytes: Buffer.from(text), of: name, field })),
  }
  // Only the original has these bytes, and nobody gets the original.
  if (original && status !== 'published')
    canary.words.push({ bytes: original.bytes.subarray(-60, -36), of: name, field: 'original picture' })
  return canary
}

/** Adds to the canaries the picture files that the compiler has made. @param store the compiled store of the copy. */
export function learnPictures(store: string, canaries: Canary[]) {
  const { posts }: Manifest = JSON.parse(readFileSync(path.join(store, 'manifest.json'), 'utf8'))
  for (const canary of canaries) {
    const { original, name, status, slug, words } = canary
    if (original) {
      const { pictures = [] } = posts.find((post) => post.slug === slug) ?? {}
      canary.pictures = pictures.map(({ file, src }) => ({
        hash: src.split('/')[2] ?? '',
        name: decodeURIComponent(src.split('/')[3] ?? ''),
        bytes: readFileSync(path.join(store, 'pictures', file)),
      }))
      const [first] = canary.pictures
      if (!first || canary.pictures.length < 3)
        throw new Error(`The picture of the canary "${name}" has not been made in several sizes.`)
      words.push({ bytes: Buffer.from(first.hash), of: name, field: 'picture hash' })
      for (const { name: file, bytes } of canary.pictures)
        words.push({ bytes: bytes.subarray(-60, -36), of: name, field: `picture bytes of ${path.extname(file)}` })
    }
    if (status === 'unlisted')
      for (const word of words) if (word.field !== 'original picture') word.isAllowed = ownPlaces(canary, word.field)
  }
}

/** The places where the words of an unlisted post may stand: its page, its markdown, its card, its pictures, and the redirect of its alias. */
function ownPlaces({ slug, alias, pictures: [picture] }: Canary, field: string) {
  const isAddress = /^(file|category|alias|picture|picture hash)$/.test(field)
  const media = picture && `/media/${picture.hash}/`
  return (place: string) =>
    place.startsWith('/')
      ? new RegExp(`^((/moved|/og)?/blog|/markdown)/${slug}(/?$|[.?])`).test(place) ||
        (isAddress && place.includes(alias)) ||
        (media !== undefined && safelyDecoded(place).includes(media) && !place.startsWith('/api'))
      : place.startsWith(`.next/server/app/blog/${slug}.`) ||
        place.startsWith(`.next/server/app/og/blog/${slug}.`) ||
        place.startsWith(`.next/server/app/markdown/${slug}.`) ||
        (media !== undefined && place.startsWith(`.next/server/app${media}`)) ||
        // The server's own list of stored pages, which nobody gets. It has the headers of the markdown, with the canonical address.
        ((isAddress || field === 'canonical') && place === '.next/prerender-manifest.json')
}

function makePage(): Canary {
  const name = 'draft page'
  const [file, title, summary, body] = [newWord(), newWord(), newWord(), newWord()] as const
  const text = `---\ntitle: ${capital(title)}\nsummary: ${summary}\ndraft: true\n---\n\nIt says ${body}.\n`
  const words = Object.entries({ file, title, summary, body }).map(([field, word]) => ({
    bytes: Buffer.from(word),
    of: name,
    field,
  }))
  const none = {
    tag: '',
    author: '',
    alias: '',
    series: '',
    category: '',
    original: undefined,
    pictures: [],
    shares: false,
  }
  return { name, status: 'page', slug: file, ...none, words, files: [{ name: `pages/${file}.md`, data: text }] }
}

const authorFile = (file: string, name: string, text: string): File => ({
  name: `authors/${file}.md`,
  data: `---\nname: ${capital(name)}\n---\n\nWrites ${text}.\n`,
})

/** A picture of random colours, whose files are large enough in every format. */
const makePicture = () =>
  sharp(randomBytes(48 * 32 * 3), { raw: { width: 48, height: 32, channels: 3 } })
    .resize(640, 427, { kernel: 'cubic' })
    .png()
    .toBuffer()

const capital = (word: string) => word.charAt(0).toUpperCase() + word.slice(1)

function write(file: string, data: string | Buffer, time: Date) {
  mkdirSync(path.dirname(file), { recursive: true })
  writeFileSync(file, data)
  utimesSync(file, time, time)
}
