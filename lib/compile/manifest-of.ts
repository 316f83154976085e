import path from 'node:path'
import { reasonAgainst } from '../markdown/plugins/hosts'
import { hasOddHost, originOf } from '../site/host.mjs'
import type { Manifest, PostEntry } from '../store/manifest'
import { contentDir } from '../store/paths'
import { type Dated, nextChange, statusOf } from '../store/status'
import { refusedInContent, refusedInPublic } from '../store/symlinks'
import type { Change, Problem } from '../store/types'
import { type CheckedLinks, checkLinks } from './check-links'
import { checkTogether } from './check-posts'
import type { Document } from './documents'
import type { LinkedDocument } from './places'

/** All problems, by file and line, and the links that change. */
type Checked = { problems: Problem[]; links: Map<string, Partial<CheckedLinks>> }

/**
 * Checks all documents, each by itself and together.
 *
 * @param found problems that belong to no document.
 * @param now decides what is published.
 */
export function checkDocuments(documents: Document[], found: Problem[], now: Date): Checked {
  const drafts = new Set(documents.filter(({ source }) => source.fields.draft === true).map(({ file }) => file))
  /** The problems of a draft stop no build. */
  const lowered = (problems: Problem[]) =>
    problems.map((problem) => (drafts.has(problem.file) ? { ...problem, severity: 'warning' as const } : problem))
  const inBodies = documents.flatMap(({ file, source, body }) =>
    body.problems.map(({ field = '', ...problem }) => ({
      ...problem,
      file,
      line: source.lines[field] ?? problem.line,
    })),
  )
  const posts = documents.flatMap(({ type, source, fields }) =>
    type === 'Post' ? [{ source, fields, category: fields.category }] : [],
  )
  const authors = documents.flatMap(({ type, fields }) => (type === 'Author' ? [fields.slug] : []))
  const links = checkLinks(documents.map(linked), now)
  const problems = [
    ...refusedLinks(),
    ...documents.flatMap(({ source }) => source.problems),
    ...lowered(inBodies),
    ...documents.flatMap(refusedAvatar),
    ...documents.flatMap(wrongAccount),
    ...checkTogether(posts, new Set(authors)),
    ...found,
    ...lowered(links.problems),
  ]
  problems.sort((a, b) => (a.file === b.file ? a.line - b.line : a.file < b.file ? -1 : 1))
  return { problems, links: links.checked }
}

function refusedLinks(): Problem[] {
  return [...refusedInContent(), ...refusedInPublic()].map(({ link, why }) => ({
    file: path.relative(contentDir, link).split(path.sep).join('/'),
    line: 1,
    severity: 'error',
    message: `this link of the file system ${why}, and is not followed. Put the file itself here, or remove the link.`,
  }))
}

/** An avatar is not shown when no policy of a page can name its host. */
function refusedAvatar({ file, type, source, fields }: Document): Problem[] {
  if (type !== 'Author' || fields.avatar === undefined || !hasOddHost(fields.avatar)) return []
  const message = reasonAgainst(fields.avatar)
  return [{ file, line: source.lines.avatar ?? 1, message, severity: 'warning' }]
}

/** An account in the fediverse has a name and a host: `@ines@mastodon.social`. */
function wrongAccount({ file, type, source, fields }: Document): Problem[] {
  if (type !== 'Author' || fields.fediverse === undefined) return []
  const [before, name = '', host = '', ...more] = fields.fediverse.split('@')
  const isHost = /^[^\s/\\?#:]+\.[^\s/\\?#:]+$/.test(host) && originOf(`https://${host}`) !== undefined
  if (before === '' && /^[\p{L}\p{N}_.-]+$/u.test(name) && isHost && more.length === 0) return []
  const message = `"fediverse" is not an account: "${fields.fediverse}". Write it as "@ines@mastodon.social", with quotes.`
  return [{ file, line: source.lines.fediverse ?? 1, message, severity: 'error' }]
}

/** The parts of a document that the check of links reads. */
function linked({ file, type, fields, body: { links, ids } }: Document): LinkedDocument {
  const document = { file, type, slug: fields.slug, links, ids }
  if (type === 'Post') return { ...document, post: fields }
  return type === 'Page' ? { ...document, draft: fields.draft } : document
}

/**
 * The manifest of a compilation; posts are newest first.
 *
 * @param changes of posts that are not published, or will not always be.
 */
export function manifestOf(
  documents: Document[],
  { problems, links }: Checked,
  changes: Map<string, Change | undefined>,
  assets: Manifest['assets'],
  now: Date,
): Manifest {
  const problemsOf = new Map<string, Problem[]>()
  for (const problem of problems) problemsOf.set(problem.file, [...(problemsOf.get(problem.file) ?? []), problem])
  const common = ({ file, body: { key, pictures, cover } }: Document) => ({
    file,
    body: key,
    pictures: [...new Map(pictures.flatMap(({ kept }) => kept).map((one) => [one.src, one])).values()],
    ...(cover ? { cover } : {}),
    problems: problemsOf.get(file) ?? [],
    ...links.get(file),
  })
  const manifest: Manifest = {
    compiledAt: now.toISOString(),
    nextChange: null,
    assets,
    cards: {},
    posts: [],
    authors: [],
    pages: [],
  }
  for (const document of documents) {
    const { type, fields, file } = document
    if (type === 'Post') {
      const changed = isPending(fields, now) ? changes.get(file) : undefined
      manifest.posts.push({ ...fields, ...common(document), ...(changed ? { changed } : {}) })
    } else if (type === 'Page') manifest.pages.push({ ...fields, ...common(document) })
    else {
      const { avatar, ...rest } = fields
      const shown = avatar !== undefined && !hasOddHost(avatar) ? { avatar } : {}
      manifest.authors.push({ ...rest, ...shown, ...common(document) })
    }
  }
  manifest.posts.sort(newestFirst)
  manifest.nextChange = nextChange(manifest.posts, now)
  return manifest
}

const newestFirst = (a: PostEntry, b: PostEntry) =>
  a.date === b.date ? (a.slug < b.slug ? -1 : 1) : a.date > b.date ? -1 : 1

/** Whether a post is not public, or will not be for ever. */
export const isPending = (post: Dated, now: Date) => post.expires !== undefined || statusOf(post, now) !== 'published'
