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
  /** What it shows: the name of each file in the store's `pictures`, and where it is served. */
  pictures: Kept[]
  /** Links of the body that are set otherwise than they are written. */
  hrefs?: Changes
  /** What a preview has instead. */
  previewHrefs?: Changes
  problems: Problem[]
}

/** `changed` is there for posts that are not (or not for ever) published. */
export type PostEntry = Entry<Post> & { changed?: Change }
export type AuthorEntry = Entry<Author>
export type PageEntry = Entry<Page>

/** The metadata of all documents, drafts too; posts newest first. Only `lib/posts` and `lib/compile` may read it. */
export type Manifest = {
  /** Decides what is public until the next build. ISO 8601, UTC. It stands in the file, since hosts that unpack an archive give their files a date of their own. */
  compiledAt: string
  /** When the next scheduled post is due or the next one expires, so that a build is due; null for never. */
  nextChange: string | null
  /** What pages load that need it: a style sheet, a script. */
  assets: { [need in Need]?: string }
  posts: PostEntry[]
  authors: AuthorEntry[]
  pages: PageEntry[]
}
