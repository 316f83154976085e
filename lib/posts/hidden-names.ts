import path from 'node:path'
import {
  addressKey,
  authorAddress,
  categoryAddress,
  encodePath,
  postAddress,
  readings,
  seriesAddress,
  tagAddress,
  tagKey,
} from '../site/address'
import { sections } from '../site/sections.mjs'
import type { Manifest } from '../store/manifest'
import { readManifest } from '../store/read'
import { getCards } from './cards'
import { getAllSeries, getAuthors, getCategories, getPageSlugs, getTags, isPublic } from './published'

/** The names found in a manifest. A newer manifest is another object, and is searched anew. */
let known: { manifest: Manifest; names: { long: string[]; short: string[] }; open: Set<string> } | undefined

/**
 * Whether an address contains the name of something that is not published: a post's slug, title, old address or picture, a page, or a
 * tag, series, category or author that nothing public has. Logs leave out such addresses, and addresses that cannot be fully decoded.
 * Nothing else depends on it. A public address is never hidden, even when it contains such a name.
 *
 * @param address a path, maybe with a query.
 */
export function namesHidden(address: string): boolean {
  try {
    const { names, open } = lookUp()
    const { texts, isWhole } = readings(address.replace(/\?.*$/s, ''))
    if (texts.some((text) => open.has(addressKey(text).replace(/(\/page\/\d+)?(\.md|\/feed\.xml)?$/, '')))) return false
    if (!isWhole) return true
    const read = texts.at(-1) ?? ''
    const [run, words] = [lettersOf(read), `/${wordsOf(read).join('/')}/`]
    return names.long.some((name) => run.includes(name)) || names.short.some((name) => words.includes(name))
  } catch {
    // Without the content the names are not known.
    return true
  }
}

const simple = (text: string) =>
  text
    .normalize('NFKC')
    .replace(/\p{Cf}/gu, '')
    .toLowerCase()
/** The letters and numbers of a text, joined. */
const lettersOf = (text: string) => simple(text).replace(/[^\p{L}\p{N}]+/gu, '')
/** The words between slashes, dots, hyphens and spaces. */
const wordsOf = (text: string) =>
  simple(text)
    .split(/[^\p{L}\p{N}\p{S}]+/u)
    .filter(Boolean)

function lookUp() {
  const manifest = readManifest()
  if (known?.manifest === manifest) return known
  const closed = manifest.posts.filter(({ slug }) => !isPublic(slug))
  const shown = manifest.posts.filter(({ slug }) => isPublic(slug))
  const pages = new Set(getPageSlugs())
  const closedPages = manifest.pages.filter(({ slug }) => !pages.has(slug))
  const authors = new Set(getAuthors().map(({ slug }) => slug))
  const closedAuthors = manifest.authors.filter(({ slug }) => !authors.has(slug))
  const pictureName = ({ src }: { src: string }) => path.posix.parse(src).name
  const names = new Set(
    [
      ...closed.flatMap(({ slug, title, aliases, tags, series, category, authors, pictures }) => [
        ...[slug, ...aliases].flatMap((one) => [one, path.posix.basename(one)]),
        ...[title, ...tags, ...authors, ...pictures.map(pictureName)],
        ...[series?.name ?? '', category ?? ''],
      ]),
      ...closedPages.flatMap(({ slug, title, pictures }) => [slug, title, ...pictures.map(pictureName)]),
      ...closedAuthors.flatMap(({ slug, name, pictures }) => [slug, name, ...pictures.map(pictureName)]),
    ].map((name) => readings(name).texts.at(-1) ?? ''),
  )
  const shownNames = [
    ...getTags().map(({ key }) => key),
    ...getAllSeries().map(({ key }) => key),
    ...getCategories().map(({ name }) => name),
    ...getAuthors().flatMap(({ slug, name }) => [slug, name]),
    ...shown.flatMap(({ tags }) => tags.map(tagKey)),
  ]
  const shownLetters = new Set(shownNames.map(lettersOf))
  const left = [...names].filter((name) => !shownLetters.has(lettersOf(name)))
  const open = new Set(
    [
      ...shown.flatMap(({ slug, aliases }) => [postAddress(slug), ...aliases]),
      ...getTags().map(({ key }) => tagAddress(key)),
      ...getCategories().map(({ name }) => categoryAddress(name)),
      ...getAllSeries().map(({ name }) => seriesAddress(name)),
      ...[...authors].map(authorAddress),
      ...[...pages].map((slug) => `/${slug}`),
      ...getCards().map((card) => `${sections.cards}/${encodePath(card.join('/'))}`),
      ...[...shown, ...getAuthors(), ...manifest.pages.filter(({ slug }) => pages.has(slug))].flatMap(({ pictures }) =>
        pictures.map(({ src }) => src),
      ),
    ].map(addressKey),
  )
  known = {
    manifest,
    open,
    // A short name is part of many words, so it must be whole words here: /to/do/ or /todo/.
    names: {
      long: left.map(lettersOf).filter((name) => name.length >= 5),
      short: left
        .filter((name) => lettersOf(name).length < 5)
        .map(wordsOf)
        .filter((words) => words.length > 0)
        .flatMap((words) => [`/${words.join('/')}/`, `/${words.join('')}/`]),
    },
  }
  return known
}
