import { randomBytes, randomInt } from 'node:crypto'
import { appendFileSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import type { Manifest } from '../../lib/content/manifest'
import { statusOf } from '../../lib/content/status'
import { sharp } from '../../lib/markdown/sharp'
import type { Word } from './words'

/** A file of a picture beside a post: the last two segments of its address, and its bytes. */
export type Picture = { hash: string; name: string; bytes: Buffer }

/** A document made for one run, each field of which has a word that stands nowhere else. */
export type Canary = {
  name: string
  status: 'draft' | 'scheduled' | 'expired' | 'unlisted' | 'published' | 'page'
  /** Below /blog and /drafts; of a page, below /. */
  slug: string
  tag: string
  author: string
  alias: string
  series: string
  category: string
  /** The picture beside it, as its author has it, and the files the compiler made of it: known when the copy is built. */
  original: { name: string; bytes: Buffer } | undefined
  pictures: Picture[]
  words: Word[]
}

/** Fourteen letters: they look the same in HTML, JSON, addresses and feeds, and nobody has written them before. */
export const newWord = () => Array.from({ length: 14 }, () => String.fromCharCode(97 + randomInt(26))).join('')

type Kind = Pick<Canary, 'name' | 'status'> & { shape?: 'file' | 'folder' | 'mdx' }

const kinds: Kind[] = [
  { name: 'published post', status: 'published', shape: 'folder' },
  { name: 'draft', status: 'draft' },
  { name: 'draft in a folder', status: 'draft', shape: 'folder' },
  { name: 'draft in MDX', status: 'draft', shape: 'mdx' },
  { name: 'scheduled post', status: 'scheduled' },
  { name: 'scheduled post in a folder', status: 'scheduled', shape: 'folder' },
  { name: 'expired post', status: 'expired' },
  { name: 'expired post in a folder', status: 'expired', shape: 'folder' },
  { name: 'unlisted post', status: 'unlisted' },
  { name: 'unlisted post in a folder', status: 'unlisted', shape: 'folder' },
]

/**
 * Writes the canaries into a content folder: one of each kind of post that is not published, a draft page, and a
 * published post that shows that the search finds what is there.
 *
 * Each has a tag and an author of its own and one that all share. The post in a folder has a picture, and shares its category
 * and series with the published one; the others have their own.
 */
export async function writeCanaries(content: string): Promise<Canary[]> {
  const shared = { tag: newWord(), author: newWord(), category: newWord(), series: newWord() }
  writeAuthor(content, shared.author, newWord(), newWord())
  const canaries: Canary[] = []
  for (const kind of kinds) canaries.push(await writePost(content, kind, shared, canaries.length + 1))
  const page = writePage(content)
  linkTo([...canaries, page], content)
  return [...canaries, page]
}

/** Lets the published post link to everything that is not: by its address, its alias, its preview and its tag. */
function linkTo(canaries: Canary[], content: string) {
  const [published, ...others] = canaries
  const hidden = others.filter(({ status }) => status !== 'unlisted')
  const links = hidden.flatMap(({ status, slug, alias, tag }) =>
    status === 'page' ? [`/${slug}`] : [`/blog/${slug}?a#b`, `../../${slug}`, alias, `/drafts/${slug}`, `/tags/${tag}`],
  )
  const text = links.map((href) => `[A link](${href}) that is none yet.`).join('\n')
  appendFileSync(path.join(content, 'posts', published?.slug ?? '', 'index.md'), `\n${text}\n`)
}

async function writePost(
  content: string,
  { name, status, shape = 'file' }: Kind,
  shared: { tag: string; author: string; category: string; series: string },
  part: number,
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
  const category = hasPicture ? shared.category : word.category
  const series = hasPicture ? shared.series : word.series
  const original = hasPicture ? { name: `${word.picture}.png`, bytes: await makePicture() } : undefined
  const slug = `${category}/${word.file}`
  writeAuthor(content, word.author, word['author name'], word['author text'])
  const matter = [
    `title: "${capital(word.title)} of a canary"`,
    `date: ${status === 'scheduled' ? '2199-01-01' : '2024-02-03'}`,
    `summary: "It begins with ${word.summary}."`,
    `tags: [${word.tag}, ${shared.tag}]`,
    `authors: [${word.author}, ${shared.author}]`,
    `aliases: [/blog/${word.alias}]`,
    `canonicalUrl: https://${word.canonical}.example/`,
    `series: { name: ${series}, part: ${part} }`,
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
  write(path.join(content, 'posts', file), `---\n${matter.join('\n')}\n---\n\n${body}`)
  if (original) write(path.join(content, 'posts', slug, original.name), original.bytes)

  const secret = Object.entries(word).filter(([field]) =>
    hasPicture ? field !== 'category' && field !== 'series' : !field.startsWith('picture'),
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
    words: secret.map(([field, text]) => ({ bytes: Buffer.from(text), of: name, field })),
  }
  // What the camera said is in the original only, which nobody gets.
  if (original && status !== 'published')
    canary.words.push({ bytes: original.bytes.subarray(-60, -36), of: name, field: 'original picture' })
  return canary
}

/** Completes the canaries with what the compiler made of their pictures. @param store the compiled store of the copy. */
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

/** Where the words of an unlisted post may stand: its page, its pictures, and where its alias leads. */
function ownPlaces({ slug, alias, pictures: [picture] }: Canary, field: string) {
  const isAddress = /^(file|category|alias|picture|picture hash)$/.test(field)
  const media = picture && `/media/${picture.hash}/`
  return (place: string) =>
    place.startsWith('/')
      ? new RegExp(`^(/moved)?/blog/${slug}(/?$|[.?])`).test(place) ||
        (isAddress && place.includes(alias)) ||
        (media !== undefined && decodeURIComponent(place).includes(media) && !place.startsWith('/api'))
      : place.startsWith(`.next/server/app/blog/${slug}.`) ||
        (media !== undefined && place.startsWith(`.next/server/app${media}`)) ||
        // The server's own list of the addresses it has a page for.
        (isAddress && place === '.next/prerender-manifest.json')
}

function writePage(content: string): Canary {
  const name = 'draft page'
  const [file, title, summary, body] = [newWord(), newWord(), newWord(), newWord()] as const
  write(
    path.join(content, 'pages', `${file}.md`),
    `---\ntitle: ${capital(title)}\nsummary: ${summary}\ndraft: true\n---\n\nIt says ${body}.\n`,
  )
  const words = Object.entries({ file, title, summary, body }).map(([field, text]) => ({
    bytes: Buffer.from(text),
    of: name,
    field,
  }))
  const none = { tag: '', author: '', alias: '', series: '', category: '', original: undefined, pictures: [] }
  return { name, status: 'page', slug: file, ...none, words }
}

function writeAuthor(content: string, file: string, name: string, text: string) {
  write(path.join(content, 'authors', `${file}.md`), `---\nname: ${capital(name)}\n---\n\nWrites ${text}.\n`)
}

/** Colours without a shape, so that every format has something to do. */
const makePicture = () =>
  sharp(randomBytes(48 * 32 * 3), { raw: { width: 48, height: 32, channels: 3 } })
    .resize(640, 427, { kernel: 'cubic' })
    .png()
    .toBuffer()

const capital = (word: string) => word.charAt(0).toUpperCase() + word.slice(1)

function write(file: string, data: string | Buffer) {
  mkdirSync(path.dirname(file), { recursive: true })
  writeFileSync(file, data)
}

/**
 * What can be told apart of the drafts, scheduled and expired posts that were there before the canaries: title, file name, picture
 * hashes and a few long stretches of text, unless the same stands in something public.
 *
 * @param store the compiled store of the copy.
 * @param publicText everything public as one text in lower case: published posts, pages, authors and the code of the site.
 */
export function wordsOfOwnDrafts(
  store: string,
  isCanary: (slug: string) => boolean,
  publicText: string,
): { words: Word[]; slugs: string[] } {
  const manifest: Manifest = JSON.parse(readFileSync(path.join(store, 'manifest.json'), 'utf8'))
  const now = new Date()
  const drafts = manifest.posts.filter((post) => {
    const status = statusOf(post, now)
    return status !== 'published' && status !== 'unlisted' && !isCanary(post.slug)
  })
  const hashes = (entries: { pictures: { src: string }[] }[]) =>
    entries.flatMap(({ pictures }) => pictures.map(({ src }) => src.split('/')[2] ?? ''))
  // A picture of `public`, or the same one beside another post, is no secret.
  const known = new Set(hashes([...manifest.posts.filter((post) => !drafts.includes(post)), ...manifest.authors]))
  const words = drafts.flatMap((draft) => {
    const { html } = JSON.parse(readFileSync(path.join(store, 'bodies', `${draft.body}.json`), 'utf8')) as {
      html: string
    }
    const stretches = html.replace(/<[^>]*>|&[^;]*;/g, '\n').match(/[\p{L}\p{N}][\p{L}\p{N} ]{24,60}/gu) ?? []
    const lines = stretches.map((text) => text.trim()).sort((a, b) => b.length - a.length)
    const fields: [string, string][] = [
      ['title', draft.title],
      ['file', path.posix.basename(draft.slug)],
      ...[...new Set(hashes([draft]))]
        .filter((hash) => !known.has(hash))
        .map((hash): [string, string] => ['picture hash', hash]),
      ...lines.slice(0, 5).map((text): [string, string] => ['text', text]),
    ]
    return fields
      .filter(([, text]) => text.length >= 10 && !publicText.includes(text.toLowerCase()))
      .map(([field, text]) => ({ bytes: Buffer.from(text), of: `content/${draft.file}`, field }))
  })
  return { words, slugs: drafts.map((draft) => draft.slug) }
}
