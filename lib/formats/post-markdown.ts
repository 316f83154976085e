import { stringify } from 'yaml'
import type { Post } from '../posts/published'
import { postAddress } from '../site/address'
import { machineDate } from '../site/dates'
import { htmlToMarkdown } from './html-to-markdown'

/** What the markdown of a post is made of: all that its page shows, and nothing that the page does not. */
type Shown = Pick<Post, 'title' | 'slug' | 'date' | 'tags' | 'html'> &
  Partial<Pick<Post, 'summary' | 'lastmod' | 'category' | 'series' | 'lang' | 'canonicalUrl'>>

/**
 * A post as markdown (RFC 7763): YAML front matter with what its page says about it, then its text.
 *
 * @param authors their names as the page shows them.
 * @param address of the site, without a slash at the end.
 */
export function postMarkdown(post: Shown, authors: string[], address: string): string {
  const page = address + postAddress(post.slug)
  const { title, summary, date, lastmod, tags, category, series, lang, canonicalUrl } = post
  const facts = {
    title,
    summary,
    date: machineDate(date),
    lastmod: lastmod && machineDate(lastmod),
    authors: authors.length > 0 ? authors : undefined,
    category,
    tags: tags.length > 0 ? tags : undefined,
    series: series && { name: series.name, part: series.part },
    lang,
    canonicalUrl: canonicalUrl ?? page,
  }
  return `---\n${stringify(facts, { lineWidth: 0 })}---\n\n${htmlToMarkdown(post.html, page)}`
}
