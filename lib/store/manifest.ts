import type { Author, Page, Post } from 'contentlayer/generated'
import type { Change, Changes, Cover, Kept, Need, Problem } from './types'

/** The fields of a document, computed ones too. */
export type Facts<Document> = Omit<Document, 'body' | '_raw' | '_id' | 'type'>

/** A document without its body. Files are relative to the content folder. */
type Entry<Document> = Facts<Document> & {
  file: string
  /** Names the compiled body. */
  body: string
  /** The first of its images, with its size. */
  cover?: Cover
  /** The files that it shows: the name of each in the store's `pictures`, and where it is served. */
  pictures: Kept[]
  /** Links of the body whose address differs from what is written. */
  hrefs?: Changes
  /** The same for its preview, where that differs. */
  previewHrefs?: Changes
  problems: Problem[]
}

/** `changed` is there for posts that are not (or not for ever) published. */
export type PostEntry = Entry<Post> & { changed?: Change }
export type AuthorEntry = Entry<Author>
export type PageEntry = Entry<Page>

/** The metadata of all documents, drafts too; posts newest first. Only `lib/posts` and `lib/compile` may read it. */
export type Manifest = {
  /** Decides what is public until the next build. ISO 8601, UTC. It is a field, since a host that unpacks an archive gives its files new dates. */
  compiledAt: string
  /** When the next scheduled post is due or the next one expires, so that a build is due; null for never. */
  nextChange: string | null
  /** The addresses of style sheets and scripts that some pages load. */
  assets: { [need in Need]?: string }
  /** The card of each public page that has one, by the page's address: its name in the store's `cards`, and the words on it. */
  cards: Record<string, { file: string; alt: string }>
  posts: PostEntry[]
  authors: AuthorEntry[]
  pages: PageEntry[]
}
