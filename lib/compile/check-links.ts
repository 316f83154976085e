import { existsSync, readdirSync } from 'node:fs'
import path from 'node:path'
import { site } from '@/site.config'
import { METADATA, statOf } from '../markdown/media/media'
import {
  addressKey,
  authorAddress,
  categoryAddress,
  decode,
  draftAddress,
  listAddress,
  postAddress,
  safelyDecoded,
  seriesAddress,
  tagAddress,
  tagKey,
} from '../site/address'
import { yearOf } from '../site/dates'
import { type Dated, type Status, statusOf } from '../store/status'
import type { Changes, Link, Problem } from '../store/types'
import { distance } from './front-matter'

type Lists = { [name in 'tags' | 'authors' | 'aliases']: Iterable<string> }

/** A document with what its links need of it. `file` is relative to the content folder. */
export type LinkedDocument = {
  file: string
  type: string
  slug: string
  /** Of posts. Contentlayer's lists are no arrays before they are written. */
  post?: Dated & Lists & { series?: { name: string }; category?: string }
  /** Of pages. */
  draft?: boolean
  links: Link[]
  /** What an address can name after its `#`. */
  ids: string[]
}

/**
 * @property hrefs for every reader.
 * @property previewHrefs what an editor gets over it in a preview: links to other previews.
 */
export type CheckedLinks = { hrefs: Changes; previewHrefs: Changes }

/** Something an address leads to. `status` says why the public may not go there. */
type Target = { address: string; document?: LinkedDocument; status?: Status | 'empty' }

/** Routes of ours whose addresses depend on the content; every other route in `app/` is taken at its word. */
const OF_CONTENT = new Set([
  '[...path]',
  'blog/[...slug]',
  'blog/page/[page]',
  'tags/[tag]',
  'tags/[tag]/page/[page]',
  'authors/[name]',
  'authors/[name]/page/[page]',
  'series/[name]',
  'archive/[year]',
  'drafts/[...slug]',
  'api/[...path]',
  'api/draft-media/[hash]/[name]',
  'media/[hash]/[name]',
  'video/[hash]/[name]',
  'moved/[...path]',
])

/** Of a page whatever its text: the main part, and the top (HTML §7.4.6.4). */
const EVERYWHERE = new Set(['', 'top', 'main'])

/**
 * Resolves and checks the links of all documents.
 *
 * A link may name a file (`./other.md`), a slug (`guide/hello`) or an address; what it comes to is the address itself, so that no
 * redirect stands between the click and the page. What the public can see is looked for first in every form, so that a draft
 * changes nothing about where a link leads.
 *
 * @returns problems (a link to nothing is an error; to what is not published, or to an anchor that is not there, a
 * warning), and what changes, by file.
 */
export function checkLinks(
  documents: LinkedDocument[],
  now = new Date(),
): { problems: Problem[]; checked: Map<string, Partial<CheckedLinks>> } {
  const places = new Places(documents, now)
  const problems: Problem[] = []
  const checked = new Map<string, Partial<CheckedLinks>>()
  for (const document of documents) {
    const route = document.type === 'Page' && places.routeBefore(document.slug)
    if (route)
      problems.push({
        file: document.file,
        line: 1,
        severity: 'error',
        message: `the address /${document.slug} belongs to app/${route}, so this page is never shown. Give the file another name or folder.`,
      })
    if (document.links.length === 0) continue
    const changes: CheckedLinks = { hrefs: {}, previewHrefs: {} }
    for (const link of document.links) {
      const say = (severity: Problem['severity'], message: string) =>
        problems.push({ file: document.file, line: link.line, severity, message })
      checkLink(link, document, places, changes, say)
    }
    const { hrefs, previewHrefs } = changes
    if (Object.keys(hrefs).length === 0) continue
    // An unlisted post has a preview too.
    const hasPreview = document.post && statusOf(document.post, now) !== 'published'
    checked.set(document.file, hasPreview ? { hrefs, previewHrefs } : { hrefs })
  }
  return { problems, checked }
}

function checkLink(
  { href, bare }: Link,
  document: LinkedDocument,
  places: Places,
  changes: CheckedLinks,
  say: (severity: Problem['severity'], message: string) => void,
) {
  const [written, query, fragment] = cut(href)
  const asked = ownPath(written)
  if (asked === undefined) return
  const target = written === '' ? { address: '', document } : places.find(asked, document)
  if (!target) {
    const near = places.nearest(asked, document)
    const shown = inWords(written)
    return say(
      'error',
      `there is nothing at ${shown}. ${near ? `Write ${near}, or remove the link.` : 'Mend the address, or remove the link.'}`,
    )
  }
  if (target.status) {
    changes.hrefs[href] = null
    // The list that a draft will open itself.
    if (target.status === 'empty' && document.post && listsOf(document.post).includes(target.address)) {
      changes.previewHrefs[href] = target.address + query + fragment
      return
    }
    if (target.document?.post) changes.previewHrefs[href] = draftAddress(target.document.slug) + query + fragment
    if (target.document === document) return
    if (bare)
      return say(
        'error',
        `${inWords(href)} is not published, and these words tell of it. Write [other words](${href}).`,
      )
    const why =
      target.status === 'empty'
        ? `there is nothing published at ${inWords(written)} yet`
        : `${inWords(written)} is not published (${target.status === 'draft' ? 'a draft' : target.status})`
    const until = target.status === 'empty' ? 'there is' : 'it is'
    if (!places.isInTime(target, document)) say('warning', `${why}; until ${until}, the words are set without a link.`)
    return
  }
  const hash = anchor(fragment, target.document, say)
  const address = target.address + query + hash
  if (address !== href) changes.hrefs[href] = address
}

/** An address as a message has it: decoded, but for what nobody can see, and no longer than a line. */
const inWords = (address: string) => {
  const words = /\p{Cc}/u.test(decode(address)) ? address : decode(address)
  return words.replace(/^(.{160}).{20,}$/s, '$1…')
}

/** The parts of an address: its path, its `?` and its `#` with what follows each. */
function cut(href: string): [string, string, string] {
  const hash = href.indexOf('#')
  const before = hash < 0 ? href : href.slice(0, hash)
  const mark = before.indexOf('?')
  return [
    mark < 0 ? before : before.slice(0, mark),
    mark < 0 ? '' : before.slice(mark),
    hash < 0 ? '' : href.slice(hash),
  ]
}

/** Verifies what stands after the `#`, which browsers compare letter by letter; ids are in NFC. */
function anchor(
  fragment: string,
  target: LinkedDocument | undefined,
  say: (severity: 'warning', message: string) => void,
): string {
  if (!target || fragment === '') return fragment
  const [, name = '', directive = ''] = /^#?(.*?)(:~:.*)?$/s.exec(fragment) ?? []
  const id = decode(name)
  if (EVERYWHERE.has(id.toLowerCase()) || target.ids.includes(name)) return fragment
  if (target.ids.includes(id)) {
    const isExact = !/%/.test(name) ? name === id : safelyDecoded(name) === id
    return isExact ? fragment : `#${encodeURIComponent(id)}${directive}`
  }
  const near = closest(id.toLowerCase(), target.ids)
  const remedy = near
    ? `Write #${near}.`
    : target.ids.length > 0
      ? `It has ${listed(target.ids)}.`
      : 'It has no headings; remove the #.'
  say('warning', `there is no #${id} in ${target.file}. ${remedy}`)
  return fragment
}

const listed = (ids: string[]) =>
  ids
    .slice(0, 5)
    .map((id) => `#${id}`)
    .join(', ') + (ids.length > 5 ? ' …' : '')

const isOpen = (status: Status) => status === 'published' || status === 'unlisted'

const home = new URL(site.address)

/** The path of a link within the site; nothing when it leads elsewhere or is no address of a page (`mailto:`). */
function ownPath(written: string): string | undefined {
  if (!/^([a-z][a-z0-9+.-]*:|[\\/]{2})/i.test(written)) return written
  if (!URL.canParse(written, home)) return undefined
  const url = new URL(written, home)
  return /^https?:$/.test(url.protocol) && url.host === home.host ? url.pathname : undefined
}

/** The lists that a post is in, or will be. */
const listsOf = ({ tags, authors, series, category, date }: NonNullable<LinkedDocument['post']>) => [
  ...new Set([
    ...Array.from(tags, tagAddress),
    ...Array.from(authors, authorAddress),
    ...(series ? [seriesAddress(series.name)] : []),
    ...(category ? [categoryAddress(category)] : []),
    `/archive/${yearOf(date)}`,
    '/blog',
  ]),
]

/** Every place that a link can lead to. */
class Places {
  private readonly open = new Map<string, Target>()
  private readonly closed = new Map<string, Target>()
  private readonly files = new Map<string, LinkedDocument>()
  private readonly targets = new Map<LinkedDocument, Target>()
  private readonly allRoutes = routesOf('app')
  private readonly routes = this.allRoutes.filter((route) => !OF_CONTENT.has(route.join('/')))
  private readonly publicNames = new Set(existsSync('public') ? readdirSync('public') : [])
  private readonly inPublic = new Map<string, boolean>()
  private byLast: Map<string, string[]> | undefined
  private compared = 0

  constructor(
    documents: LinkedDocument[],
    private readonly now: Date,
  ) {
    const lists = new Map<string, number>()
    const count = (address: string) => lists.set(address, (lists.get(address) ?? 0) + 1)
    const aliases: [string, Target][] = []
    const authors = documents.filter((document) => document.type === 'Author')
    const byAddress = new Map(authors.map((author) => [authorAddress(author.slug), author]))
    this.open.set('/', { address: '/' })
    count('/blog')
    for (const document of documents) {
      const file = document.file.normalize('NFC')
      for (const name of [file, file.replace(/\.mdx?$/, ''), file.replace(/(\/index)?\.mdx?$/, '')])
        if (!this.files.has(name)) this.files.set(name, document)
      const { post, slug } = document
      if (!post) {
        if (document.type === 'Page') this.place(`/${slug}`, document, document.draft ? 'draft' : undefined)
        continue
      }
      const status = statusOf(post, now)
      const target = this.place(`/blog/${slug}`, document, isOpen(status) ? undefined : status, postAddress(slug))
      for (const alias of post.aliases) aliases.push([addressKey(alias), target])
      for (const address of listsOf(post)) {
        if (address.startsWith('/authors/') && !byAddress.has(address)) continue
        if (status === 'published') count(address)
        else if (!lists.has(address)) lists.set(address, 0)
      }
    }
    for (const address of byAddress.keys()) if (!lists.has(address)) lists.set(address, 0)
    for (const [address, posts] of lists) {
      const key = addressKey(address)
      const to = posts > 0 ? this.open : this.closed
      const author = byAddress.get(address)
      if (!to.has(key))
        to.set(key, { address, ...(author ? { document: author } : {}), ...(posts > 0 ? {} : { status: 'empty' }) })
      const pages = /^\/(archive|series)\//.test(address) ? 0 : Math.ceil(posts / site.postsPerPage)
      for (let page = 1; page <= pages; page++)
        this.open.set(`${key}/page/${page}`, { address: listAddress(address, page) })
    }
    for (const [key, target] of aliases) {
      const to = target.status ? this.closed : this.open
      if (!to.has(key)) to.set(key, target)
    }
  }

  private place(path: string, document: LinkedDocument, status: Status | undefined, address = encoded(path)): Target {
    const target = { address, document, ...(status ? { status } : {}) }
    const to = status ? this.closed : this.open
    const key = addressKey(address)
    if (!to.has(key)) to.set(key, target)
    this.targets.set(document, target)
    return target
  }

  /** @returns what is at a path as somebody has written it in a document; what is open before what is closed. */
  find(written: string, from: LinkedDocument): Target | undefined {
    const asked: Candidate[] = []
    for (const one of candidates(written, from)) {
      const address = this.open.get(one.key)
      if (one.isAddress && address) return address
      const file = this.atFile(one)
      if (file && !file.status) return file
      if (address) return address
      asked.push(one)
    }
    for (const { key } of asked) {
      const address = this.atRoute(key)
      if (address) return { address }
    }
    for (const one of asked) {
      // The address of a preview tells of a draft as its own would.
      const target = this.atFile(one) ?? this.closed.get(one.key.replace(/^\/drafts\//, '/blog/'))
      if (target) return target
    }
    return undefined
  }

  private atFile({ file }: Candidate): Target | undefined {
    const document = file === undefined ? undefined : this.files.get(file)
    return document && (this.targets.get(document) ?? this.atAuthor(document))
  }

  private atAuthor({ slug }: LinkedDocument): Target | undefined {
    const key = addressKey(authorAddress(slug))
    return this.open.get(key) ?? this.closed.get(key)
  }

  /** A file in `public/`, a page or a route of `app/`, or a tag or series in another spelling. */
  private atRoute(key: string): string | undefined {
    const [section = '', name, ...more] = key.split('/').slice(1)
    if ((section === 'tags' || section === 'series') && name && tagKey(name) !== name) {
      const spelled = this.open.get(`/${[section, tagKey(name), ...more].join('/')}`)
      if (spelled) return spelled.address
    }
    let isPublic = this.inPublic.get(key)
    if (isPublic === undefined) {
      isPublic = this.publicNames.has(section) && (statOf(path.join('public', key))?.isFile() ?? false)
      this.inPublic.set(key, isPublic)
    }
    return isPublic || this.isRoute(key.split('/').slice(1)) ? encoded(key) : undefined
  }

  private isRoute(segments: string[]): boolean {
    return this.routes.some((route) => {
      for (const [at, part] of route.entries()) {
        if (part.startsWith('[[...')) return true
        if (part.startsWith('[...')) return segments.length > at
        if (segments[at] === undefined || (!part.startsWith('[') && part !== segments[at])) return false
        // What is below a page of ours is there when that page is.
        if (
          OF_CONTENT.has(route.slice(0, at + 1).join('/')) &&
          !this.open.has(`/${segments.slice(0, at + 1).join('/')}`)
        )
          return false
      }
      return route.length === segments.length
    })
  }

  /** The route that answers the address of a page in its place. */
  routeBefore(slug: string): string | undefined {
    const segments = slug.split('/')
    const isSame = (part: string, at: number) => part.startsWith('[') || part === segments[at]
    return this.allRoutes
      .find((route) => {
        const [first = '[', last = ''] = [route[0], route.at(-1)]
        const isLong = last.includes('...') ? segments.length >= route.length : segments.length === route.length
        return !first.startsWith('[') && isLong && route.every(isSame)
      })
      ?.join('/')
  }

  /** Whether a post will be public by the time that a scheduled one which links to it is. */
  isInTime({ document }: Target, from: LinkedDocument): boolean {
    if (!document?.post || !from.post || statusOf(from.post, this.now) !== 'scheduled') return false
    return isOpen(statusOf(document.post, new Date(from.post.date)))
  }

  /**
   * The open address most like one that is not there: with the same last part, else with few letters otherwise. The latter
   * looks through all addresses, so it is done for only so many broken links of a large blog.
   */
  nearest(written: string, from: LinkedDocument): string | undefined {
    const keys = Array.from(candidates(written, from), ({ key }) => key.replace(/(\/index)?\.mdx?$/, ''))
    if (!this.byLast) {
      this.byLast = new Map()
      for (const key of this.open.keys()) {
        const last = key.slice(key.lastIndexOf('/') + 1)
        this.byLast.set(last, [...(this.byLast.get(last) ?? []), key])
      }
    }
    const wanted = keys[0] ?? ''
    const same = this.byLast.get(wanted.slice(wanted.lastIndexOf('/') + 1)) ?? []
    const near = same.length === 1 ? same[0] : this.alike(keys)
    return near === undefined ? undefined : decode(this.open.get(near)?.address ?? near)
  }

  private alike(keys: string[]): string | undefined {
    for (const key of keys) {
      if (this.compared > 150_000) return undefined
      this.compared += this.open.size
      const near = closest(key, this.open.keys())
      if (near) return near
    }
    return undefined
  }
}

/** A way to read what is written: as an address, and as a file of the content folder. */
type Candidate = { key: string; file?: string; isAddress?: true }

/**
 * The ways to read a link, the likeliest first: a path from the root is an address, else a file of the content folder;
 * any other is a file beside the document, else a slug in the folder, a slug from the root of the blog, and a path from the root.
 */
function* candidates(written: string, { file, slug, type }: LinkedDocument): Generator<Candidate> {
  const asked = safelyDecoded(written).normalize('NFC').replaceAll('\\', '/')
  const fromRoot = { key: plain(`/${asked}`) || '/', file: plain(asked.replace(/^\/?(content\/)?/, '')) }
  if (asked.startsWith('/')) return yield { ...fromRoot, isAddress: true }
  const folder = path.posix.dirname(file.normalize('NFC'))
  const beside = plain(`${folder}/${asked}`)
  if (type === 'Post') {
    yield { key: plain(`/blog/${folder.slice('posts/'.length)}/${asked}`), file: beside }
    yield { key: plain(`/blog/${path.posix.dirname(slug)}/${asked}`) }
    yield { key: plain(`/blog/${asked}`) }
  } else yield { key: plain(`/${type === 'Author' ? 'authors' : path.posix.dirname(slug)}/${asked}`), file: beside }
  yield fromRoot
}

/** A path without `.`, `..`, empty parts and a slash at its end. */
function plain(name: string): string {
  const whole = /(^|\/)\.{0,2}(\/|$)/.test(name) ? path.posix.normalize(name) : name
  return whole.endsWith('/') ? whole.slice(0, -1) : whole
}

/** The routes of the application (its pages, handlers and metadata files), as their segments. */
function routesOf(folder: string): string[][] {
  if (!existsSync(folder)) return []
  const routes: string[][] = []
  for (const file of readdirSync(folder, { recursive: true, encoding: 'utf8' })) {
    const segments = file.split(path.sep).filter((part) => !/^(\(.*\)|@.*)$/.test(part))
    const base = segments.pop() ?? ''
    const [, name = ''] = /^(page|route|sitemap|robots|manifest)\.(?:[jt]sx?|mdx?)$/.exec(base) ?? []
    const asItIs = METADATA.test(base) ? base : undefined
    if (!(name || asItIs) || segments.some((part) => part.startsWith('_'))) continue
    const made = asItIs ?? { sitemap: 'sitemap.xml', robots: 'robots.txt', manifest: 'manifest.webmanifest' }[name]
    const route = made ? [...segments, made] : segments
    routes.push(route)
  }
  return routes
}

const encoded = (key: string) => key.split('/').map(encodeURIComponent).join('/')

/** The candidate that differs least, in a third of its letters at most, and in four at most. */
function closest(wanted: string, among: Iterable<string>): string | undefined {
  let best: string | undefined
  let least = Math.min(4, Math.floor(wanted.length / 3)) + 1
  for (const one of among) {
    const far = distance(wanted, one.toLowerCase(), least)
    if (far >= least) continue
    least = far
    best = one
  }
  return best
}
