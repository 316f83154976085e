import 'server-only'
import { cache } from 'react'
import { getEditor, requireEditor } from '../auth/editor'
import { draftAddress, lockedAddress, readMedia, tagAddress, tagKey } from '../site/address'
import { sections } from '../site/sections.mjs'
import type { AuthorEntry, PostEntry } from '../store/manifest'
import { mediaFile } from '../store/paths'
import { compiledAt, readBody, readManifest } from '../store/read'
import { type Status, statusOf } from '../store/status'
import { getSeries, isPublic, type Series, type Text, textOf } from './published'
import { withLockedMedia } from './set-links'

/** A post that is not published, as the desk knows it. */
export type DraftSummary = PostEntry & {
  status: Exclude<Status, 'published'>
  authorNames: string[]
  /** Whether it has a date; one without is shown with today's. */
  isDated: boolean
}

/** A draft with its text, and the byline, tags and series that its published page would show. */
export type Draft = DraftSummary & Text & { byline: Byline[]; tagLinks: TagLink[]; place: Series | undefined }
type Byline = Pick<AuthorEntry, 'slug' | 'name' | 'avatar'>
type TagLink = { label: string; href: string }

/** Narrows the desk: words of the title, summary, file or tags; an author's file name; a tag's key. An empty text narrows nothing. */
export type Filter = { text: string; author: string; tag: string }

/**
 * Every post that is not published, for an editor, the last edited first. Anyone else is redirected or gets 404 (`requireEditor`).
 *
 * @returns the drafts that the filter leaves, how many there are without it, and the authors and tags they have.
 */
export async function getDesk(filter: Filter) {
  const editor = await requireEditor(sections.drafts)
  const all = unpublished()
  const names = new Map(all.flatMap((draft) => draft.authors.map((name, at) => [name, draft.authorNames[at] ?? name])))
  const tags = new Map(all.flatMap((draft) => draft.tags.map((tag) => [tagKey(tag), tag])))
  const byLabel = (a: { label: string }, b: { label: string }) => a.label.localeCompare(b.label)
  const options = (map: Map<string, string>) => [...map].map(([value, label]) => ({ value, label })).sort(byLabel)
  return {
    editor,
    drafts: all.filter(fitsFilter(filter)),
    total: all.length,
    authors: options(names),
    tags: options(tags),
  }
}

/**
 * One draft with its text and its neighbours on the desk, for an editor. Anyone else is redirected or gets 404. A page and its
 * metadata both ask for it, and it is read once.
 *
 * @returns `{ published: true }` for a post with a public page; undefined when there is no such post.
 */
export const getDraft = cache(async (slug: string) => {
  const editor = await requireEditor(draftAddress(slug))
  const all = unpublished()
  const at = all.findIndex((draft) => draft.slug === slug)
  const summary = all[at]
  if (!summary) return isPublic(slug) ? { published: true as const } : undefined
  const body = await readBody(summary.body)
  const draft: Draft = {
    ...summary,
    ...textOf(body),
    html: withLockedMedia(body.html, { ...summary.hrefs, ...summary.previewHrefs }, body.pictures),
    ...(summary.cover ? { cover: lockedCover(summary.cover) } : {}),
    byline: bylineOf(summary),
    tagLinks: summary.tags.map((label) => ({ label, href: tagAddress(label) })),
    place: placeOf(summary),
  }
  return { editor, draft, previous: all[at - 1], next: all[at + 1] }
})

/**
 * The file of a picture, a film or an attachment of a draft, for an editor.
 *
 * @param hash and `name`: the last two segments of its address, decoded.
 * @returns an absolute path; undefined for anyone else, and when no draft shows that file.
 */
export async function getDraftMedia(hash: string, name: string): Promise<string | undefined> {
  if (!(await getEditor())) return undefined
  const isWanted = ({ src }: { src: string }) => {
    const shown = readMedia(src)
    return shown.hash === hash && shown.name === name
  }
  return unpublished().some(({ pictures }) => pictures.some(isWanted)) ? mediaFile(hash, name) : undefined
}

/** The posts that had no public page when the content was compiled. One whose date has come since then waits for the next build. */
function unpublished(): DraftSummary[] {
  const { posts, authors } = readManifest()
  const now = compiledAt()
  const names = new Map(authors.map((author) => [author.slug, author.name]))
  const drafts: DraftSummary[] = []
  for (const post of posts) {
    const status = statusOf(post, now)
    if (status === 'published') continue
    // The compiler writes 1970 where there is no date that it can read.
    const isDated = Date.parse(post.date) !== 0
    drafts.push({
      ...post,
      status,
      isDated,
      ...(isDated ? {} : { date: new Date().toISOString() }),
      authorNames: post.authors.map((name) => names.get(name) ?? name),
    })
  }
  return drafts.sort((a, b) => (b.changed?.at ?? '').localeCompare(a.changed?.at ?? '') || (a.slug < b.slug ? -1 : 1))
}

const fitsFilter =
  ({ text, author, tag }: Filter) =>
  (draft: DraftSummary) => {
    const words = `${draft.title} ${draft.excerpt} ${draft.file} ${draft.tags.join(' ')}`.toLowerCase()
    return (
      text
        .toLowerCase()
        .split(/\s+/)
        .every((word) => words.includes(word)) &&
      (!author || draft.authors.includes(author)) &&
      (!tag || draft.tags.some((one) => tagKey(one) === tag))
    )
  }

/** The cover at addresses that only editors can open. A picture of another site stays where it is. */
function lockedCover({ src, small, ...size }: NonNullable<PostEntry['cover']>): PostEntry['cover'] {
  const isOwn = src.startsWith(`${sections.media}/`)
  if (!isOwn) return { src, ...size }
  return { src: lockedAddress(src), ...(small ? { small: lockedAddress(small) } : {}), ...size }
}

/** The authors who would have a page once this is published: all that have a file. */
function bylineOf(draft: DraftSummary): Byline[] {
  const { authors } = readManifest()
  return draft.authors.flatMap((name) => authors.find((author) => author.slug === name) ?? [])
}

/** The series as it would be with this part in it. */
function placeOf(draft: DraftSummary): Series | undefined {
  if (!draft.series) return undefined
  const { name } = draft.series
  const others = getSeries(tagKey(name))?.posts.filter((post) => post.slug !== draft.slug) ?? []
  const posts = [...others, draft].sort((a, b) => (a.series?.part ?? 0) - (b.series?.part ?? 0))
  return { name, key: tagKey(name), posts }
}
