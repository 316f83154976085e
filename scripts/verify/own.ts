import { existsSync, readFileSync } from 'node:fs'
import path from 'node:path'
import type { Nodes } from 'hast'
import { fromHtml } from 'hast-util-from-html'
import { parseDocument } from 'yaml'
import { addressKey, safelyDecoded } from '../../lib/site/address'
import type { Manifest } from '../../lib/store/manifest'
import { isOpen, statusOf } from '../../lib/store/status'
import { filesIn } from './copy'
import { searchFor, type Word } from './words'

/** Tags, authors, a category and a series of the site's own posts, which one canary gets too. */
export type Lists = { tags: string[]; authors: string[]; category: string | undefined; series: string | undefined }

const readStore = (copy: string): Manifest =>
  JSON.parse(readFileSync(path.join(copy, '.contentlayer/store/manifest.json'), 'utf8'))

/** Whether a name is written the same in an address. */
const isPlain = (name: string) => /^[\w-]+$/.test(name)

/** The tags, authors, largest category and a series of the posts in a content folder, as their authors wrote them. */
export function listsOf(content: string): Lists {
  const posts = path.join(content, 'posts')
  const matters = filesIn(posts)
    .filter((file) => /\.mdx?$/.test(file))
    .map((file): [string, Record<string, unknown>] => {
      const [before, matter] = readFileSync(file, 'utf8').split(/^---\s*$/m, 2)
      const fields = before?.trim() === '' && matter ? parseDocument(matter) : undefined
      const read = fields && fields.errors.length === 0 ? fields.toJS() : undefined
      return [path.relative(posts, file).split(path.sep)[0] ?? '', read && typeof read === 'object' ? read : {}]
    })
    .filter(([, { draft }]) => draft !== true)
  const texts = (value: unknown) => [value ?? []].flat().filter((one): one is string => typeof one === 'string')
  const folders = matters.map(([folder]) => folder).filter(isPlain)
  const fullest = [...new Set(folders)].sort(
    (a, b) => folders.filter((one) => one === b).length - folders.filter((one) => one === a).length,
  )[0]
  const series = matters.map(([, fields]) => (fields.series as { name?: unknown } | undefined)?.name)
  return {
    tags: [...new Set(matters.flatMap(([, { tags }]) => texts(tags)))].slice(0, 50),
    authors: [...new Set(matters.flatMap(([, { authors }]) => texts(authors)))]
      .filter((name) => existsSync(path.join(content, 'authors', `${name}.md`)))
      .slice(0, 10),
    category: fullest,
    series: series.find((name): name is string => typeof name === 'string' && isPlain(name)),
  }
}

/**
 * The files of the site's own unpublished documents, relative to the content folder. The copy without drafts is built without the
 * `removable` ones. The `linked` ones stay in it, because a public document links to them, and a link to a missing file is an error.
 */
export function ownHidden(
  copy: string,
  isCanary: (slug: string) => boolean,
): { removable: string[]; linked: string[] } {
  const { posts, pages, authors, compiledAt } = readStore(copy)
  const now = new Date(compiledAt)
  const isPublic = (post: Manifest['posts'][number]) => isOpen(statusOf(post, now))
  const hidden = [...posts.filter((post) => !isPublic(post)), ...pages.filter(({ draft }) => draft)].filter(
    ({ slug }) => !isCanary(slug),
  )
  const open = [...posts.filter(isPublic), ...pages.filter(({ draft }) => !draft), ...authors]
  const last = (address: string) => {
    const [way = ''] = safelyDecoded(address).split(/[?#]/)
    return addressKey(
      way
        .replace(/\.mdx?$/, '')
        .replace(/\/index$/, '')
        .split('/')
        .at(-1) ?? '',
    )
  }
  const named = new Set(
    open
      .filter(({ slug }) => !isCanary(slug))
      .flatMap(({ hrefs = {} }) =>
        Object.keys(hrefs)
          .filter((href) => hrefs[href] === null)
          .map(last),
      ),
  )
  type Names = Partial<Pick<Manifest['posts'][number], 'aliases' | 'tags' | 'authors' | 'category' | 'series'>>
  const namesOf = ({ slug, aliases = [], tags = [], authors = [], category = '', series }: Names & { slug: string }) =>
    [slug, ...aliases, ...tags, ...authors, category, series?.name ?? ''].filter(Boolean)
  const isLinked = (one: (typeof hidden)[number]) =>
    namesOf(one as Names & { slug: string }).some((name) => named.has(last(name)))
  return {
    removable: hidden.filter((one) => !isLinked(one)).map(({ file }) => file),
    linked: hidden.filter(isLinked).map(({ file }) => file),
  }
}

/** The code and all published documents of the copy as one text, in lower case. */
function openText(copy: string): string {
  const { posts, pages, compiledAt } = readStore(copy)
  const now = new Date(compiledAt)
  const hidden = [...posts.filter((post) => !isOpen(statusOf(post, now))), ...pages.filter((page) => page.draft)]
  const hiddenFiles = new Set(hidden.map(({ file }) => path.join(copy, 'content', file)))
  const code = ['app', 'components', 'lib', 'site.config.ts']
    .flatMap((name) => filesIn(path.join(copy, name)))
    .filter((file) => /\.(tsx?|jsx?|mjs|css)$/.test(file))
  const written = filesIn(path.join(copy, 'content')).filter((file) => /\.mdx?$/.test(file) && !hiddenFiles.has(file))
  return [...code, ...written]
    .map((file) => readFileSync(file, 'utf8'))
    .join('\n')
    .toLowerCase()
}

/** The words that do not stand in the code of Next.js, which is in every build: the title "Server components" there is no leak. */
function withoutFramework(words: Word[]): Word[] {
  const find = searchFor(words)
  const code = words.length > 0 ? filesIn(path.join('node_modules', 'next', 'dist')) : []
  const known = new Set(code.filter((file) => file.endsWith('.js')).flatMap((file) => find(readFileSync(file))))
  return words.filter((word) => !known.has(word))
}

/**
 * Words of the site's own drafts, scheduled and expired posts to search for: title, file name, picture hashes and a few long pieces of
 * text, unless the same text stands in a published document or in the code.
 */
export function wordsOfOwnDrafts(
  copy: string,
  isCanary: (slug: string) => boolean,
): { words: Word[]; slugs: string[] } {
  const manifest = readStore(copy)
  const publicText = openText(copy)
  const now = new Date(manifest.compiledAt)
  const drafts = manifest.posts.filter((post) => !isOpen(statusOf(post, now)) && !isCanary(post.slug))
  const hashes = (entries: { pictures: { src: string }[] }[]) =>
    entries.flatMap(({ pictures }) => pictures.map(({ src }) => src.split('/')[2] ?? ''))
  // A picture that a published post or an author shows too is no secret.
  const known = new Set(hashes([...manifest.posts.filter((post) => !drafts.includes(post)), ...manifest.authors]))
  const words = drafts.flatMap((draft) => {
    const body = path.join(copy, '.contentlayer/store/bodies', `${draft.body}.json`)
    const { html } = JSON.parse(readFileSync(body, 'utf8')) as { html: string }
    const stretches = textsIn(fromHtml(html, { fragment: true })).flatMap(
      (text) => text.match(/[\p{L}\p{N}][\p{L}\p{N} ]{24,60}/gu) ?? [],
    )
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
  return { words: withoutFramework(words), slugs: drafts.map((draft) => draft.slug) }
}

/** The text nodes of a document. */
const textsIn = (node: Nodes): string[] =>
  node.type === 'text' ? [node.value] : 'children' in node ? node.children.flatMap(textsIn) : []
