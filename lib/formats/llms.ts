import type { Page, PostSummary } from '../posts/published'
import { blogFeeds, encodePath, sitemapAddress } from '../site/address'
import { sections } from '../site/sections.mjs'
import { type Entry, heading, listed, postEntries, written } from './markdown-lists'

/** The newest posts that are named. */
const NEWEST = 20

/**
 * `/llms.txt` (llmstxt.org): what the site is, its newest posts as markdown, and where the rest is.
 *
 * @param site its address has no slash at the end.
 * @param posts newest first.
 */
export function llmsText(
  site: { title: string; description: string; address: string },
  posts: Pick<PostSummary, 'title' | 'slug' | 'excerpt'>[],
  pages: Pick<Page, 'title' | 'slug' | 'summary'>[],
): string {
  const at = (address: string) => site.address + address
  const rest: Entry[] = [
    { words: 'All posts', address: at(sections.blog), note: 'newest first, by pages' },
    { words: 'Search', address: at(`${sections.search}?q=`), note: 'the words follow the last sign' },
    { words: 'RSS', address: at(blogFeeds.rss), note: 'the newest posts' },
    { words: 'Atom', address: at(blogFeeds.atom) },
    { words: 'JSON Feed', address: at(blogFeeds.json) },
    { words: 'Sitemap', address: at(sitemapAddress()), note: 'every page, with the day of its last change' },
  ]
  const aboutPages = pages.map(({ title, slug, summary }) => ({
    words: title,
    address: at(`/${encodePath(slug)}`),
    note: summary,
  }))
  return written([
    heading(1, site.title),
    {
      type: 'blockquote',
      children: [{ type: 'paragraph', children: [{ type: 'text', value: site.description }] }],
    },
    {
      type: 'paragraph',
      children: [
        { type: 'text', value: 'Each post is markdown too: at its address with ' },
        { type: 'inlineCode', value: '.md' },
        { type: 'text', value: ' at the end, or for a request with ' },
        { type: 'inlineCode', value: 'Accept: text/markdown' },
        { type: 'text', value: '.' },
      ],
    },
    ...section('Newest posts', postEntries(posts.slice(0, NEWEST), site.address)),
    ...section('Pages', aboutPages),
    ...section('Everything', rest),
  ])
}

const section = (name: string, entries: Entry[]) => (entries.length > 0 ? [heading(2, name), listed(entries)] : [])
