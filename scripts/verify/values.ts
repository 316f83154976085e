import { createHash } from 'node:crypto'
import { readFileSync } from 'node:fs'
import path from 'node:path'
import type { Manifest } from '../../lib/store/manifest'
import type { Canary } from './canaries'
import type { Site } from './site'

/**
 * The values that requests are made with. `short` are the most telling names of a draft; `all` are all names, with numbers and words that
 * many sites use; `slugs` are the slugs of hidden documents.
 */
export type Values = { short: string[]; all: string[]; slugs: string[]; pictures: Canary['pictures'] }

/** The same values without the short ones. */
export const lesser = (values: Values): Values => ({
  ...values,
  all: values.all.filter((text) => !values.short.includes(text)),
})

const words = (text: string) => text.split(' ')
const COMMON = ['', ...words('true all * a canary drafts scheduled 2024-02-03 2199 2199-01-01')]
const LESS = [
  'of a canary',
  ...words('false % . the says posts null 1000 draft expired unlisted private preview json'),
].concat(words('2024 1990 2024-02 ../drafts manifest.json .contentlayer/store/manifest.json'))

/** Takes the values from the canaries and from the compiled store. */
export function valuesOf({ copy, canaries, extent }: Site): Values {
  const store = path.join(copy, '.contentlayer/store/manifest.json')
  const { posts, pages, authors }: Manifest = JSON.parse(readFileSync(store, 'utf8'))
  const hidden = canaries.filter(({ status }) => status !== 'published')
  const base = (slug: string) => path.posix.basename(slug)
  const fields = (canary: Canary) => {
    const { slug, tag, author, alias, category, series, original, pictures } = canary
    const entry = [...posts, ...pages].find((one) => one.slug === slug)
    const own = ['title', 'summary', 'body', 'author name'].map(
      (name) => canary.words.find(({ field }) => field === name)?.bytes.toString() ?? '',
    )
    const [picture] = pictures
    const digests = ['sha256', 'sha1', 'md5'].map((name) => createHash(name).update(slug).digest('hex'))
    const spelled = [slug.toUpperCase(), Buffer.from(slug).toString('base64url'), Buffer.from(slug).toString('hex')]
    return [
      ...[slug, base(slug), entry?.title ?? '', tag, author, alias, category, series, entry?.body ?? '', ...own],
      ...[`/blog/${slug}`, `posts/${slug}.md`, `${slug}.md`, entry?.file ?? ''],
      ...(picture ? [picture.hash, picture.name, original?.name ?? ''] : []),
      ...[...spelled, ...digests, (entry?.title ?? '').toLowerCase().replaceAll(' ', '-')],
    ]
  }
  const find = (wanted: Canary['status'], hasPicture = false) =>
    hidden.find(({ status, original }) => status === wanted && (!hasPicture || original !== undefined)) as Canary
  const [chief, plain] = [find('draft', true), find('draft')]
  const isQuick = extent === 'quick'
  const close = isQuick ? [chief] : [chief, find('scheduled'), find('expired'), find('page')]
  const count = isQuick ? 10 : Math.min(posts.length + pages.length + authors.length, 100)
  const numbers = Array.from({ length: count + 2 }, (_, at) => String(at - 1))
  const looked = isQuick ? close.concat(plain, find('scheduled')) : hidden
  const texts = [...close.flatMap(fields), ...looked.flatMap(({ slug }) => [slug, base(slug)]), ...numbers]
  const title = posts.find(({ slug }) => slug === chief.slug)?.title ?? ''
  return {
    short: [chief.slug, base(plain.slug), chief.tag, title, '1'],
    all: [...new Set([...texts.filter(Boolean), ...COMMON, ...(isQuick ? [] : LESS)])],
    slugs: looked.flatMap(({ slug, tag }) => [slug, base(slug), tag]).filter(Boolean),
    pictures: chief.pictures.slice(0, 2),
  }
}
