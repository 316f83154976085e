// Plain JavaScript, for the pages that are made light (lib/static).

/** Where each section of the site begins. Addresses below them are made by address.ts. */
export const sections = /** @type {const} */ ({
  blog: '/blog',
  tags: '/tags',
  authors: '/authors',
  series: '/series',
  archive: '/archive',
  search: '/search',
  /** The page that explains the feeds. */
  feeds: '/feeds',
  /** Cards: the pictures that other sites show beside a link. */
  cards: '/og',
  /** Where Next.js keeps the markdown of posts; readers ask for it at `/blog/a.md`. */
  markdown: '/markdown',
  /** Pictures of published documents, and files that their links offer. */
  media: '/media',
  /** Films and sounds, which are read at request time. */
  video: '/video',
  /** The desk, and below it a preview of each draft. */
  drafts: '/drafts',
  /** Pictures, films and other files of drafts, for editors. */
  draftMedia: '/api/draft-media',
  signIn: '/sign-in',
  /** The addresses that are most like one that is not there. */
  nearest: '/api/nearest',
})
