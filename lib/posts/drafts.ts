import 'server-only'
import { cache } from 'react'
import { getEditor, requireEditor } from '../auth/editor'
import { draftAddress, readMedia, tagAddress, tagKey } from '../site/address'
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

/** A draft with its text, and what a published page would show around it. */
export type Draft = DraftSummary & Text & { byline: Byline[]; tagLinks: TagLink[]; place: Series | undefined }
type Byline = Pick<AuthorEntry, 'slug' | 'name' | 'avatar'>
type TagLink = { label: string; href: string }

/** What the desk is narrowed to: words of the title, summary, file or tags; an author's file name; a tag's key. */
export type Filter = { text: string; author: string; tag: string }

/**
 * Everything that is not published, for an editor: the newest edit first. Whoever else asks has left.
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
 * One draft with its text and its neighbours on the desk, for an editor; anyone else is redirected or gets 404. A page and its metadata
 * ask for it together, and it is read once.
 *
 * @returns `published` for a post whose page is public; nothing for an address that never was.
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
    byline: bylineOf(summary),
    tagLinks: summary.tags.map((label) => ({ label, href: tagAddress(label) })),
    place: placeOf(summary),
  }
  return { editor, draft, previous: all[at - 1], next: all[at + 1] }
})

/** The file of something that a draft shows, by the last two segments of its address, for an editor; nothing for anybody else. */
export async function getDraftMedia(hash: string, name: string): Promise<string | undefined> {
  if (!(await getEditor())) return undefined
  const isWanted = ({ src }: { src: string }) => {
    const shown = readMedia(src)
    return shown.hash === hash && shown.name === name
  }
  return unpublished().some(({ pictures }) => pictures.some(isWanted)) ? mediaFile(hash, name) : undefined
}

/** What had no public page when the content was compiled: a post whose date has come since waits for the next build. */
function unpublished(): DraftSummary[] {
  const { posts, authors } = readManifest()
  const now = compiledAt()
  const names = new Map(authors.map((author) => [author.slug, author.name]))
  const drafts: DraftSummary[] = []
  for (const post of posts) {
    const status = statusOf(post, now)
    if (status === 'published') continue
    // What the compiler writes where there is no date that it can read.
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
