import type { Heading, List, PhrasingContent, RootContent } from 'mdast'
import { toMarkdown } from 'mdast-util-to-markdown'
import type { PostSummary } from '../posts/published'
import { markdownAddress } from '../site/address'

/** A link in a list, and what stands after it. `address` is whole. */
export type Entry = { words: string; address: string; note?: string | undefined }

/** Posts as links to their markdown, with their summaries. */
export const postEntries = (posts: Pick<PostSummary, 'title' | 'slug' | 'excerpt'>[], address: string): Entry[] =>
  posts.map(({ title, slug, excerpt }) => ({ words: title, address: address + markdownAddress(slug), note: excerpt }))

/** A list of links in the form of llmstxt.org: `- [words](address): note`. */
export const listed = (entries: Entry[]): List => ({
  type: 'list',
  ordered: false,
  spread: false,
  children: entries.map(({ words, address, note }) => ({
    type: 'listItem',
    spread: false,
    children: [{ type: 'paragraph', children: [linkTo(words, address), ...(note?.trim() ? [text(`: ${note}`)] : [])] }],
  })),
})

/** Blocks as a markdown text. */
export const written = (children: RootContent[]): string =>
  toMarkdown({ type: 'root', children }, { bullet: '-', listItemIndent: 'one', resourceLink: true })

/** A heading of plain words. */
export const heading = (depth: 1 | 2, value: string): Heading => ({
  type: 'heading',
  depth,
  children: [{ type: 'text', value }],
})

// A line break in a title or a summary would end the link, or its line.
const text = (value: string): PhrasingContent => ({ type: 'text', value: value.replace(/\s+/g, ' ').trim() })
/** A link; line breaks in its words are spaces. */
export const linkTo = (words: string, url: string): PhrasingContent => ({ type: 'link', url, children: [text(words)] })
