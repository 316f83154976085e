import type { Author, Page, Post } from 'contentlayer/generated'
import type { Changes } from '../compile/check-links'
import type { Problem } from '../compile/front-matter'
import type { Change } from '../compile/git-history'
import type { Cover } from '../markdown/media/pictures'
import type { Need } from '../markdown/tree'

/** A document without its body. Files are relative to the content folder. */
type Entry<Document> = Omit<Document, 'body' | '_raw' | '_id' | 'type'> & {
  file: string
  /** Names the compiled body. */
  body: string
  /** The first of its images, with its size. */
  cover?: Cover
  /** What it shows: the name of each file in the store's `pictures`, and where it is served. */
  pictures: { file: string; src: string }[]
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

/** The metadata of all documents, drafts too; posts newest first. Only `lib/content` may read it. */
export type Manifest = {
  /** ISO 8601, UTC. It stands in the file, since hosts that unpack an archive give their files a date of their own. */
  compiledAt: string
  /** What pages load that need it: a style sheet, a script. */
  assets: { [need in Need]?: string }
  posts: PostEntry[]
  authors: AuthorEntry[]
  pages: PageEntry[]
}
