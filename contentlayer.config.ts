import { relative, sep } from 'node:path'
import { defineDocumentType, defineNestedType, type FieldDefs, makeSource } from 'contentlayer2/source-files'
import { categoryOf } from './lib/site/address'
import { contentDir } from './lib/store/paths'
import { type RefusedLink, refusedInContent } from './lib/store/symlinks'

const series = defineNestedType(() => ({
  name: 'SeriesPart',
  fields: {
    name: { type: 'string', required: true, description: 'the series, spelled the same in every part' },
    part: { type: 'number', required: true, description: 'the place in the series, from 1' },
  },
}))

const postFields = {
  title: { type: 'string', required: true, description: 'the title of the post' },
  date: { type: 'date', required: true, description: 'when it is published, in the time zone of the site' },
  summary: { type: 'string', description: 'a sentence or two for lists; without it, the first paragraph' },
  tags: { type: 'list', of: { type: 'string' }, default: [] },
  authors: { type: 'list', of: { type: 'string' }, default: ['default'] },
  draft: { type: 'boolean', default: false },
  unlisted: { type: 'boolean', default: false },
  lastmod: { type: 'date', description: 'when it was last changed for its readers' },
  expires: { type: 'date', description: 'when it stops being published' },
  images: { type: 'list', of: { type: 'string' }, default: [] },
  canonicalUrl: { type: 'string', description: 'the address of the original, when this is a copy' },
  slug: { type: 'string', default: '', description: 'the address below /blog, instead of the path' },
  aliases: { type: 'list', of: { type: 'string' }, default: [] },
  series: { type: 'nested', of: series },
  toc: { type: 'boolean', default: true },
  comments: { type: 'boolean', default: true },
  feed: { type: 'boolean', default: true, description: 'false leaves it out of the feeds' },
  lang: { type: 'string', description: 'BCP 47, when it differs from the site' },
} satisfies FieldDefs

/** What the compiler hands to computed fields as the body. Contentlayer's own command has HTML there, and counts no words. */
const compiled = ({ body }: { body: object }): { firstParagraph: string; words: number } => ({
  firstParagraph: '',
  words: 0,
  ...body,
})

const Post = defineDocumentType(() => ({
  name: 'Post',
  filePathPattern: 'posts/**/*.{md,mdx}',
  contentType: 'markdown',
  fields: postFields satisfies FieldDefs,
  computedFields: {
    category: {
      type: 'string',
      description: 'the first folder, or nothing',
      resolve: (post) => categoryOf(post._raw.flattenedPath),
    },
    excerpt: {
      type: 'string',
      description: 'the summary, or the first paragraph as plain text',
      resolve: (post) => post.summary ?? compiled(post).firstParagraph,
    },
    words: { type: 'number', resolve: (post) => compiled(post).words },
    minutes: {
      type: 'number',
      description: 'reading time at 230 words a minute, at least 1',
      resolve: (post) => Math.max(1, Math.round(compiled(post).words / 230)),
    },
  },
}))

const Author = defineDocumentType(() => ({
  name: 'Author',
  filePathPattern: 'authors/*.{md,mdx}',
  contentType: 'markdown',
  fields: {
    name: { type: 'string', required: true },
    avatar: { type: 'string', description: 'an image in public/' },
    occupation: { type: 'string' },
    company: { type: 'string' },
    fediverse: { type: 'string', description: 'the account in the fediverse: "@ines@mastodon.social", with quotes' },
    links: { type: 'json', description: 'names and addresses: { github: https://… }' },
  },
  computedFields: {
    slug: { type: 'string', resolve: (author) => author._raw.flattenedPath.replace('authors/', '') },
  },
}))

const Page = defineDocumentType(() => ({
  name: 'Page',
  filePathPattern: 'pages/**/*.{md,mdx}',
  contentType: 'markdown',
  fields: {
    title: { type: 'string', required: true },
    summary: { type: 'string' },
    lastmod: { type: 'date' },
    draft: { type: 'boolean', default: false },
  },
  computedFields: {
    slug: { type: 'string', resolve: (page) => page._raw.flattenedPath.replace('pages/', '') },
  },
}))

/** A glob, relative to the content folder, for a symbolic link and everything below it. */
const asPattern = ({ link }: RefusedLink) =>
  `${relative(contentDir, link)
    .split(sep)
    .join('/')
    .replace(/[()*?[\]{}|!+@\\]/g, '\\$&')}{,/**}`

/**
 * What a post, an author and a page are: Contentlayer's types and computed fields, used by `lib/compile/compile.ts`. The file is a
 * whole configuration of Contentlayer, so its own command (`contentlayer2 build`) takes it too.
 */
export default makeSource({
  contentDirPath: contentDir,
  // Other files of the folder (a README, the data of a chart) are not documents.
  contentDirInclude: ['posts', 'authors', 'pages'],
  // A symbolic link to a folder that it is in would be followed again and again.
  contentDirExclude: ['**/*.json', '**/*.yaml', '**/*.yml', ...refusedInContent().map(asPattern)],
  documentTypes: [Post, Author, Page],
  onMissingOrIncompatibleData: 'fail',
  onUnknownDocuments: 'fail',
  onExtraFieldData: 'fail',
  disableImportAliasWarning: true,
})
