import { addressKey, categoryAddress, postAddress, tagKey, unfitAddress } from '../site/address'
import { originOf } from '../site/host.mjs'
import type { Problem } from '../store/types'
import type { Source } from './source'

type PostFields = {
  slug: string
  draft: boolean
  authors: string[]
  aliases: string[]
  tags: string[]
  series?: { name: string }
  canonicalUrl?: string
  lang?: string
}

/** The parts of a post that the checks read. */
type CheckedPost = { source: Source; fields: PostFields; category: string | undefined }

/** Addresses below /blog that are pages of lists. */
const RESERVED = /(^|\/)page(\/|$)/

/**
 * Checks what one file alone cannot show: authors that exist, addresses used once, aliases that hide nothing.
 *
 * A draft's problems are warnings, and it never makes a published post wrong.
 */
export function checkTogether(posts: CheckedPost[], authors: Set<string>): Problem[] {
  const problems: Problem[] = []
  const wrong = ({ source, fields }: CheckedPost, field: string, message: string) =>
    problems.push({
      file: source.file,
      line: source.lines[field] ?? 1,
      message,
      severity: fields.draft ? 'warning' : 'error',
    })

  const order = [...posts].sort(
    (a, b) => Number(a.fields.draft) - Number(b.fields.draft) || (a.source.file < b.source.file ? -1 : 1),
  )
  const categories = new Set(order.filter((post) => !post.fields.draft).map((post) => post.category))
  const taken = new Map<string, CheckedPost>()
  for (const post of order) {
    const { fields } = post
    for (const name of fields.authors) {
      if (authors.has(name)) continue
      const known = [...authors].sort().join(', ') || 'none yet'
      wrong(post, 'authors', `there is no author "${name}". Write content/authors/${name}.md, or one of: ${known}.`)
    }
    const slug = fields.slug
    if (RESERVED.test(slug))
      wrong(post, 'slug', `the address ${postAddress(slug)} belongs to a page of a list. Write another slug.`)
    // The markdown of /blog/a is at /blog/a.md.
    const belongs = 'belongs to the markdown of a post'
    if (slug.endsWith('.md'))
      wrong(post, 'slug', `the address ${postAddress(slug)} ${belongs}. Write a slug without ".md".`)
    const { category = '' } = post
    if (category.endsWith('.md'))
      wrong(post, 'category', `the address ${categoryAddress(category)} ${belongs}. Rename the folder "${category}".`)
    const unfit = unfitAddress(slug) ?? (/[\\?#]/.test(slug) ? 'cannot be an address' : undefined)
    if (unfit) wrong(post, 'slug', `"${inWords(slug)}" ${unfit}. Write slug: words-and-dashes.`)
    for (const tag of fields.tags) {
      const reason = unfitAddress(tagKey(tag))
      if (reason) wrong(post, 'tags', `the tag "${inWords(tag)}" ${reason}. Write a word or two.`)
    }
    const name = fields.series?.name
    const reason = name === undefined ? undefined : unfitAddress(tagKey(name))
    if (reason) wrong(post, 'series', `the series "${inWords(name ?? '')}" ${reason}. Give it a name of some words.`)
    if (categories.has(slug))
      wrong(
        post,
        'slug',
        `${categoryAddress(slug)} lists the category "${slug}". Write another slug, or rename the folder.`,
      )
    const first = taken.get(slug)
    if (first)
      wrong(post, 'slug', `the address ${postAddress(slug)} is taken by ${first.source.file}. Write another slug.`)
    else taken.set(slug, post)
    if (fields.canonicalUrl !== undefined && !/^https?:/.test(originOf(fields.canonicalUrl) ?? '')) {
      wrong(
        post,
        'canonicalUrl',
        `"canonicalUrl" is not a web address: "${fields.canonicalUrl}". Write it with https://.`,
      )
    }
    if (fields.lang !== undefined && !isLanguage(fields.lang))
      wrong(post, 'lang', `"lang" is not a language tag: "${fields.lang}". Write one like en or pt-BR.`)
  }

  const aliases = new Map<string, CheckedPost>()
  for (const post of order) {
    for (const alias of post.fields.aliases) {
      const address = addressKey(alias)
      const owner = aliases.get(address)
      const unfit = address === '/' ? undefined : unfitAddress(address.slice(1))
      const hidden = taken.get(address.replace(/^\/blog\//, ''))
      if (!alias.startsWith('/'))
        wrong(post, 'aliases', `the alias "${alias}" is no path. Write "/${alias.replace(/^https?:\/\/[^/]+\//, '')}".`)
      else if (unfit) wrong(post, 'aliases', `the alias "${inWords(alias)}" ${unfit}. Write another, or remove it.`)
      else if (owner)
        wrong(post, 'aliases', `the alias ${alias} is used by ${owner.source.file} too. Keep it in one of them.`)
      else if (address.startsWith('/blog/') && hidden && (post.fields.draft || !hidden.fields.draft))
        wrong(post, 'aliases', `the alias ${alias} is the address of ${hidden.source.file}. Remove it.`)
      else aliases.set(address, post)
    }
  }
  return problems
}

/** A name, cut to fit into a message. */
const inWords = (name: string) => name.replace(/^(.{60}).{20,}$/s, '$1…')

function isLanguage(tag: string): boolean {
  try {
    return Intl.getCanonicalLocales(tag).length === 1
  } catch {
    return false
  }
}
