import { stringify } from 'yaml'
import type { Category, Post, PostSummary } from '../posts/published'
import { categoryAddress, categoryTitle, listAddress, postAddress } from '../site/address'
import { machineDate } from '../site/dates'
import type { ListPage } from '../site/pagination'
import { htmlToMarkdown } from './html-to-markdown'
import { heading, linkTo, listed, postEntries, written } from './markdown-lists'

/** What the markdown of a post is made of: all that its page shows, and nothing that the page does not. */
type Shown = Pick<Post, 'title' | 'slug' | 'date' | 'tags' | 'html'> &
  Partial<Pick<Post, 'summary' | 'lastmod' | 'category' | 'series' | 'lang' | 'canonicalUrl'>>

/**
 * A post as markdown (RFC 7763): YAML front matter with what its page says about it, then its text.
 *
 * @param address of the site, without a slash at the end.
 */
export function postMarkdown(post: Shown, authors: { name: string }[], address: string): string {
  const page = address + postAddress(post.slug)
  const { title, summary, date, lastmod, tags, category, series, lang, canonicalUrl } = post
  const facts = {
    title,
    summary,
    date: machineDate(date),
    lastmod: lastmod && machineDate(lastmod),
    authors: authors.length > 0 ? authors.map(({ name }) => name) : undefined,
    category,
    tags: tags.length > 0 ? tags : undefined,
    series: series && { name: series.name, part: series.part },
    lang,
    canonicalUrl: canonicalUrl ?? page,
  }
  return `---\n${stringify(facts, { lineWidth: 0 })}---\n\n${htmlToMarkdown(post.html, page)}`
}

/** A page of a category as markdown: links to the markdown of its posts, and to the page after it. */
export function categoryMarkdown(
  { name }: Pick<Category, 'name'>,
  { items, number, of }: ListPage<Pick<PostSummary, 'title' | 'slug' | 'excerpt'>>,
  address: string,
): string {
  const more = `${address}${listAddress(categoryAddress(name), number + 1)}.md`
  const next = { type: 'paragraph' as const, children: [linkTo(`Page ${number + 1} of ${of}`, more)] }
  return written([heading(1, categoryTitle(name)), listed(postEntries(items, address)), ...(number < of ? [next] : [])])
}
