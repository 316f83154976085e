import { site } from '@/site.config'
import {
  authorAddress,
  categoryAddress,
  categoryTitle,
  postAddress,
  seriesAddress,
  tagAddress,
  tagKey,
} from '../site/address'
import { longDay } from '../site/dates'
import type { Manifest } from '../store/manifest'
import { isOpen, statusOf } from '../store/status'
import type { CardWords } from './card'
import type { Document } from './documents'

/** Words of a card, and where they were written. A fact of the site has the name of its setting in place of a file. */
export type Said = { text: string } & ({ file: string; line: number } | { setting: string })

/** A page that gets a card. `page` is its address. */
export type CardPage = { page: string; words: CardWords; said: Said[] }

/**
 * The pages that get a card: the front page, and every public post without a cover, category, tag, series and author, each once.
 *
 * @param documents say on which line a field stands.
 * @param now decides what is published.
 */
export function cardPages(manifest: Manifest, documents: Document[], now: Date): CardPage[] {
  const lines = new Map(documents.map(({ file, source }) => [file, source.lines]))
  const inFile = (text: string, { file }: { file: string }, field: string): Said => ({
    text,
    file,
    line: lines.get(file)?.[field] ?? 1,
  })
  const owner: Said = { text: site.title, setting: 'title' }
  const pages = new Map<string, CardPage>()
  const add = (page: string, title: Said, notes: Said[], from: Partial<CardWords> = {}) => {
    if (pages.has(page)) return
    const words = {
      site: owner.text,
      title: title.text,
      notes: notes.map(({ text }) => text),
      lang: site.language,
      ...from,
    }
    pages.set(page, { page, words, said: [owner, title, ...notes] })
  }
  const open = manifest.posts.filter((post) => isOpen(statusOf(post, now)))
  const listed = open.filter(({ unlisted }) => !unlisted)
  const authors = new Map(manifest.authors.map((author) => [author.slug, author]))

  add('/', owner, [{ text: site.description, setting: 'description' }], { site: new URL(site.address).host })
  for (const post of open) {
    if (post.cover) continue
    const by = [...new Set(post.authors)].flatMap((name) => authors.get(name) ?? [])
    add(
      postAddress(post.slug),
      inFile(post.title, post, 'title'),
      [...by.map((author) => inFile(author.name, author, 'name')), { text: longDay(post.date), setting: 'language' }],
      {
        notes: [by.map(({ name }) => name).join(', '), longDay(post.date)].filter(Boolean),
        ...(post.lang ? { lang: post.lang } : {}),
      },
    )
  }
  const slugs = new Set(open.map(({ slug }) => slug))
  for (const post of listed) {
    const { category, tags, series } = post
    if (category && !slugs.has(category))
      add(categoryAddress(category), inFile(categoryTitle(category), post, ''), [{ text: 'Category', setting: '' }])
    for (const tag of tags)
      if (tagKey(tag)) add(tagAddress(tag), inFile(tag, post, 'tags'), [{ text: 'Tag', setting: '' }])
    if (series) add(seriesAddress(series.name), inFile(series.name, post, 'series'), [{ text: 'Series', setting: '' }])
    for (const name of post.authors) {
      const author = authors.get(name)
      if (!author) continue
      const work = [author.occupation, author.company].filter(Boolean).join(', ')
      add(authorAddress(name), inFile(author.name, author, 'name'), [inFile(work || 'Author', author, 'occupation')])
    }
  }
  return [...pages.values()]
}
