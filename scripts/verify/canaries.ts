import { createHash, randomBytes, randomInt } from 'node:crypto'
import { appendFileSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import sharp from 'sharp'
import type { Manifest } from '../../lib/content/manifest'
import { statusOf } from '../../lib/content/status'
import type { Word } from './words'

/** A picture beside a post: the last two segments of its address, and its bytes. */
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
  picture: Picture | undefined
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
  const picture = hasPicture ? await makePicture(word.picture) : undefined
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
    ...(picture ? [`images: [./${picture.name}]`] : []),
    ...(status === 'draft' ? ['draft: true'] : []),
    ...(status === 'expired' ? ['expires: 2024-03-04'] : []),
    ...(status === 'unlisted' ? ['unlisted: true'] : []),
  ]
  const body = `It says ${word.body} in its text, and links to [a place](https://${word.link}.example/).

## A heading with ${word.heading}

\`\`\`js
const ${word.code} = 1
\`\`\`
${picture ? `\n![It shows ${word['picture text']}](./${picture.name})\n` : ''}${shape === 'mdx' ? '\n{1 + 1}\n' : ''}`
  const file = { file: `${slug}.md`, folder: `${slug}/index.md`, mdx: `${slug}.mdx` }[shape]
  write(path.join(content, 'posts', file), `---\n${matter.join('\n')}\n---\n\n${body}`)
  if (picture) write(path.join(content, 'posts', slug, picture.name), picture.bytes)

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
    picture,
    words: secret.map(([field, text]) => ({ bytes: Buffer.from(text), of: name, field })),
  }
  if (picture) {
    canary.words.push({ bytes: Buffer.from(picture.hash), of: name, field: 'picture hash' })
    canary.words.push({ bytes: picture.bytes.subarray(-60, -36), of: name, field: 'picture bytes' })
  }
  if (status === 'unlisted') for (const one of canary.words) one.isAllowed = ownPlaces(canary, one.field)
  return canary
}

/** Where the words of an unlisted post may stand: its page, its pictures, and where its alias leads. */
function ownPlaces({ slug, alias, picture }: Canary, field: string) {
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
  const none = { tag: '', author: '', alias: '', series: '', category: '', picture: undefined }
  return { name, status: 'page', slug: file, ...none, words }
}

function writeAuthor(content: string, file: string, name: string, text: string) {
  write(path.join(content, 'authors', `${file}.md`), `---\nname: ${capital(name)}\n---\n\nWrites ${text}.\n`)
}

async function makePicture(name: string): Promise<Picture> {
  const [width, height] = [48, 32]
  const bytes = await sharp(randomBytes(width * height * 3), { raw: { width, height, channels: 3 } })
    .png()
    .toBuffer()
  return { hash: createHash('sha256').update(bytes).digest('hex').slice(0, 12), name: `${name}.png`, bytes }
}

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
  const words = drafts.flatMap((draft) => {
    const { html } = JSON.parse(readFileSync(path.join(store, 'bodies', `${draft.body}.json`), 'utf8')) as {
      html: string
    }
    const stretches = html.replace(/<[^>]*>|&[^;]*;/g, '\n').match(/[\p{L}\p{N}][\p{L}\p{N} ]{24,60}/gu) ?? []
    const lines = stretches.map((text) => text.trim()).sort((a, b) => b.length - a.length)
    const fields: [string, string][] = [
      ['title', draft.title],
      ['file', path.posix.basename(draft.slug)],
      ...draft.pictures.map(({ src }): [string, string] => ['picture hash', src.split('/')[2] ?? '']),
      ...lines.slice(0, 5).map((text): [string, string] => ['text', text]),
    ]
    return fields
      .filter(([, text]) => text.length >= 10 && !publicText.includes(text.toLowerCase()))
      .map(([field, text]) => ({ bytes: Buffer.from(text), of: `content/${draft.file}`, field }))
  })
  return { words, slugs: drafts.map((draft) => draft.slug) }
}
