import { existsSync, readdirSync } from 'node:fs'
import path from 'node:path'
import { closestMatch } from 'leven'
import { site } from '@/site.config'
import { statOf } from '../markdown/media/media'
import {
  addressKey,
  authorAddress,
  categoryAddress,
  decode,
  encodePath,
  feedAddress,
  listAddress,
  postAddress,
  routesOfContent,
  safelyDecoded,
  seriesAddress,
  tagAddress,
  tagKey,
  yearAddress,
} from '../site/address'
import { yearOf } from '../site/dates'
import { sections } from '../site/sections.mjs'
import { type Dated, isOpen, type Status, statusOf } from '../store/status'
import type { Link } from '../store/types'
import { routesOf } from './routes'

/** The parts of a document that its links need. `file` is relative to the content folder. */
export type LinkedDocument = {
  file: string
  type: string
  slug: string
  /** Of posts only. */
  post?: Dated & { tags: string[]; authors: string[]; aliases: string[]; series?: { name: string }; category?: string }
  /** Of pages only. */
  draft?: boolean
  links: Link[]
  /** The ids that an address can name after its `#`. */
  ids: string[]
}

/** Where an address leads. `status` says why the public may not go there. */
type Target = { address: string; document?: LinkedDocument; status?: Status | 'empty' }

/** The lists that a post is in, or will be. */
export const listsOf = ({ tags, authors, series, category, date }: NonNullable<LinkedDocument['post']>) => [
  ...new Set([
    ...tags.map(tagAddress),
    ...authors.map(authorAddress),
    ...(series ? [seriesAddress(series.name)] : []),
    ...(category ? [categoryAddress(category)] : []),
    yearAddress(yearOf(date)),
    sections.blog,
  ]),
]

/** The address of a preview tells of a draft as its own would. */
const publicKey = (key: string) =>
  key.startsWith(`${sections.drafts}/`) ? sections.blog + key.slice(sections.drafts.length) : key

/** Every place that a link can lead to. */
export class Places {
  private readonly open = new Map<string, Target>()
  private readonly closed = new Map<string, Target>()
  private readonly files = new Map<string, LinkedDocument>()
  private readonly targets = new Map<LinkedDocument, Target>()
  private readonly allRoutes = routesOf('app')
  private readonly routes = this.allRoutes.filter((route) => !routesOfContent.has(route.join('/')))
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
    count(sections.blog)
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
        if (address.startsWith(`${sections.authors}/`) && !byAddress.has(address)) continue
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
      // The feed of the whole blog is a route without parameters.
      if (!/^\/(archive\/|blog$)/.test(address) && !to.has(feedAddress(key)))
        to.set(feedAddress(key), { address: feedAddress(address), ...(posts > 0 ? {} : { status: 'empty' }) })
      const pages = /^\/(archive|series)\//.test(address) ? 0 : Math.ceil(posts / site.postsPerPage)
      for (let page = 1; page <= pages; page++)
        this.open.set(`${key}/page/${page}`, { address: listAddress(address, page) })
    }
    for (const [key, target] of aliases) {
      const to = target.status ? this.closed : this.open
      if (!to.has(key)) to.set(key, target)
    }
  }

  private place(
    path: string,
    document: LinkedDocument,
    status: Status | undefined,
    address = encodePath(path),
  ): Target {
    const target = { address, document, ...(status ? { status } : {}) }
    const to = status ? this.closed : this.open
    const key = addressKey(address)
    if (!to.has(key)) to.set(key, target)
    this.targets.set(document, target)
    return target
  }

  /** @returns the place at a path as it is written in a document; a public place before any other. */
  find(written: string, from: LinkedDocument): Target | undefined {
    const asked: Candidate[] = []
    for (const one of candidates(written, from)) {
      const address = this.open.get(one.key) ?? this.asMarkdown(one, this.open)
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
      const target = this.atFile(one) ?? this.closed.get(publicKey(one.key)) ?? this.asMarkdown(one, this.closed)
      if (target) return target
    }
    return undefined
  }

  /** The markdown of a post or of a category, at the address of its page and `.md`. Beside a document such a name is that of a file. */
  private asMarkdown({ key, isAddress }: Candidate, among: Map<string, Target>): Target | undefined {
    const isBelow = key.startsWith(`${sections.blog}/`) && !key.startsWith(`${sections.blog}/page/`)
    const page = isAddress && isBelow && key.endsWith('.md') ? among.get(key.slice(0, -3)) : undefined
    // An old address has no markdown.
    if (!page || addressKey(page.address) !== key.slice(0, -3)) return undefined
    return page.status ? page : { address: `${page.address}.md` }
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
    return isPublic || this.isRoute(key.split('/').slice(1)) ? encodePath(key) : undefined
  }

  private isRoute(segments: string[]): boolean {
    return this.routes.some((route) => {
      for (const [at, part] of route.entries()) {
        if (part.startsWith('[[...')) return true
        if (part.startsWith('[...')) return segments.length > at
        if (segments[at] === undefined || (!part.startsWith('[') && part !== segments[at])) return false
        // A route below a page of ours answers when that page is there.
        if (
          routesOfContent.has(route.slice(0, at + 1).join('/')) &&
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

/** The candidate that differs least from a text in small letters: in a third of its letters at most, and in four at most. */
export function closest(wanted: string, among: Iterable<string>): string | undefined {
  const all = [...among]
  const plain = all.map((one) => one.toLowerCase())
  const found = closestMatch(wanted, plain, { maxDistance: Math.min(4, Math.floor(wanted.length / 3)) })
  return found === undefined ? undefined : all[plain.indexOf(found)]
}
