/**
 * Cards for what lives on other sites. A card is plain HTML with a link; the reader's module adds a button, and nothing is
 * asked of the other site before it is pressed. Which hosts may have a card is said in `site.embeds`.
 */
import type { Element, ElementContent, Root } from 'hast'
import { toString as textOf } from 'hast-util-to-string'
import type { VFile } from 'vfile'
import { site } from '@/site.config'
import { classes, element, elements, foundIn, lineOf, type Parent, text } from '../tree'

type Kind = 'video' | 'tall' | 'post' | 'code' | 'page'
/** What a card is made of. `frame` is the address of the frame, `address` that of the page for people. */
export type Embed = { provider: string; kind: Kind; title: string; frame: string; address: string }

/** Each part of an address that goes into a frame's address has matched a pattern first. */
type Provider = {
  name: string
  /** Other names of the host, besides `www.`. */
  also: string[]
  /** Where its frames come from. */
  origin: string
  read: (url: URL) => Omit<Embed, 'provider'> | undefined
}

const PROVIDERS: Record<string, Provider> = {
  'youtube.com': {
    name: 'YouTube',
    also: ['m.youtube.com', 'music.youtube.com', 'youtu.be', 'youtube-nocookie.com'],
    origin: 'https://www.youtube-nocookie.com',
    read({ hostname, pathname, searchParams }) {
      const list = /^[\w-]{10,50}$/.exec(searchParams.get('list') ?? '')?.[0]
      const path = hostname === 'youtu.be' ? `/embed${pathname}` : pathname
      if (list && /^\/(playlist|embed\/videoseries)\/?$/.test(path))
        return {
          kind: 'video',
          title: 'A list of videos on YouTube',
          frame: `${this.origin}/embed/videoseries?list=${list}&autoplay=1`,
          address: `https://www.youtube.com/playlist?list=${list}`,
        }
      const [, form, inPath] = /^\/(embed|shorts|live|v)\/([\w-]{11})\/?$/.exec(path) ?? []
      const id = inPath ?? (path === '/watch' ? /^[\w-]{11}$/.exec(searchParams.get('v') ?? '')?.[0] : undefined)
      if (!id) return undefined
      const start = seconds(searchParams.get('t') ?? searchParams.get('start') ?? '')
      return {
        kind: form === 'shorts' ? 'tall' : 'video',
        title: 'A video on YouTube',
        frame: `${this.origin}/embed/${id}?autoplay=1${start ? `&start=${start}` : ''}`,
        address: `https://www.youtube.com/watch?v=${id}${start ? `&t=${start}s` : ''}`,
      }
    },
  },
  'vimeo.com': {
    name: 'Vimeo',
    also: ['player.vimeo.com'],
    origin: 'https://player.vimeo.com',
    read({ pathname, searchParams }) {
      const [, id, inPath] =
        /^\/(?:video\/|channels\/[\w-]+\/)?(\d{1,12})(?:\/([0-9a-f]{6,20}))?\/?$/.exec(pathname) ?? []
      if (!id) return undefined
      const hash = inPath ?? /^[0-9a-f]{6,20}$/.exec(searchParams.get('h') ?? '')?.[0]
      return {
        kind: 'video',
        title: 'A video on Vimeo',
        frame: `${this.origin}/video/${id}?${hash ? `h=${hash}&` : ''}dnt=1&autoplay=1`,
        address: `https://vimeo.com/${id}${hash ? `/${hash}` : ''}`,
      }
    },
  },
  'x.com': {
    name: 'X',
    also: ['twitter.com', 'mobile.twitter.com', 'platform.twitter.com'],
    origin: 'https://platform.twitter.com',
    read({ pathname }) {
      const [, name, id] = /^\/(\w{1,15})\/status(?:es)?\/(\d{1,20})(?:\/(?:photo|video)\/\d)?\/?$/.exec(pathname) ?? []
      return id
        ? {
            kind: 'post',
            title: `A post by @${name} on X`,
            frame: `${this.origin}/embed/Tweet.html?id=${id}&dnt=true`,
            address: `https://x.com/${name}/status/${id}`,
          }
        : undefined
    },
  },
  'bsky.app': {
    name: 'Bluesky',
    also: ['embed.bsky.app'],
    origin: 'https://embed.bsky.app',
    read({ pathname }) {
      const [, name, id] =
        /^\/(?:profile|embed)\/(did:plc:[a-z2-7]{24}|[a-z0-9-]+(?:\.[a-z0-9-]+)+)\/(?:post|app\.bsky\.feed\.post)\/([a-z0-9]{1,20})\/?$/i.exec(
          pathname,
        ) ?? []
      return id
        ? {
            kind: 'post',
            title: name?.startsWith('did:') ? 'A post on Bluesky' : `A post by @${name} on Bluesky`,
            frame: `${this.origin}/embed/${name}/app.bsky.feed.post/${id}`,
            address: `https://bsky.app/profile/${name}/post/${id}`,
          }
        : undefined
    },
  },
  'codepen.io': {
    name: 'CodePen',
    also: [],
    origin: 'https://codepen.io',
    read({ pathname }) {
      const [, name, id] =
        /^\/([\w-]{1,40})\/(?:pen|full|details|embed)\/(?:preview\/)?([A-Za-z0-9]{5,40})\/?$/.exec(pathname) ?? []
      return id
        ? {
            kind: 'code',
            title: `A pen by ${name} on CodePen`,
            frame: `${this.origin}/${name}/embed/${id}?default-tab=result`,
            address: `https://codepen.io/${name}/pen/${id}`,
          }
        : undefined
    },
  },
  'gist.github.com': {
    name: 'GitHub Gist',
    also: [],
    origin: 'https://gist.github.com',
    read({ pathname }) {
      // Without its owner it is told from an owner by its length.
      const [path, name, id] =
        /^\/(?:([A-Za-z0-9-]{1,39})\/|(?=\w{20}))([0-9a-f]{5,40})(?=(?:\.js|\.pibb)?\/?$)/.exec(pathname) ?? []
      return id
        ? {
            kind: 'code',
            title: name ? `A gist by ${name}` : 'A gist',
            frame: `${this.origin}${path}.pibb`,
            address: `https://gist.github.com${path}`,
          }
        : undefined
    },
  },
}

/** A host that is nobody else's, where an address looks like that of a post: Mastodon. */
function readMastodon({ host, pathname }: URL): Embed | undefined {
  const [, name, id] = /^\/(?:@|users\/)(\w{1,60})\/(?:statuses\/)?(\d{1,20})(?:\/embed)?\/?$/.exec(pathname) ?? []
  return id
    ? {
        provider: 'Mastodon',
        kind: 'post',
        title: `A post by @${name}@${host}`,
        frame: `https://${host}/@${name}/${id}/embed`,
        address: `https://${host}/@${name}/${id}`,
      }
    : undefined
}

/** `90`, `90s`, `1m30s` or `1h2m3s`, in seconds; 0 for anything else. */
function seconds(time: string): number {
  const [, h = 0, m = 0, s = 0] = /^(?:(\d{1,2})h)?(?:(\d{1,4})m)?(?:(\d{1,6})s?)?$/.exec(time) ?? []
  return Number(h) * 3600 + Number(m) * 60 + Number(s)
}

/** @returns the name that `site.embeds` has for a host. */
function listName(hostname: string): string {
  const host = hostname.replace(/^www\./, '')
  return Object.entries(PROVIDERS).find(([, { also }]) => also.includes(host))?.[0] ?? host
}

const isListed = (url: URL) => site.embeds.includes(listName(url.hostname))

function webAddress(address: unknown): URL | undefined {
  const full = String(address).replace(/^\/\//, 'https://')
  if (!URL.canParse(full)) return undefined
  const url = new URL(full)
  return /^https?:$/.test(url.protocol) && !url.username && !url.password && !url.port ? url : undefined
}

/**
 * What an address has a card for.
 *
 * @param anyPage makes a card also of a page that is no video, post or pen, as long as it is https and its host is listed.
 * @returns nothing when the host is not in `site.embeds`, or when there is nothing to embed at the address.
 */
export function readEmbed(address: unknown, anyPage = false): Embed | undefined {
  const url = webAddress(address)
  if (!url || !isListed(url)) return undefined
  const provider = PROVIDERS[listName(url.hostname)]
  if (provider) {
    const embed = provider.read(new URL(url.href.replace('://www.', '://')))
    return embed && { provider: provider.name, ...embed }
  }
  const host = listName(url.hostname)
  const page = { provider: host, kind: 'page' as const, title: `A page of ${host}`, frame: url.href, address: url.href }
  return readMastodon(url) ?? (anyPage && url.protocol === 'https:' ? page : undefined)
}

/** The origins that frames of `site.embeds` come from: what a content security policy lists as `frame-src`. */
export const frameOrigins = (hosts: string[] = site.embeds): string[] => [
  ...new Set(hosts.map((host) => PROVIDERS[host]?.origin ?? `https://${host}`)),
]

const isEmbedLink = (node: Element) => node.tagName === 'a' && classes(node).includes('embed')

/** `::embed`, `<Embed>`, a bare address alone in its paragraph, and what `embedCodes` has found become cards. */
export function embeds() {
  const takeCodes = embedCodes()
  return (tree: Root, file: VFile) => {
    takeCodes(tree, file)
    const places: { node: Element; parent: Parent; index: number }[] = []
    const inParagraphs = new Set<unknown>()
    elements(tree, (node, parent, index) => {
      const only = node.tagName === 'p' ? onlyChild(node) : undefined
      if (only?.tagName === 'a' && (isEmbedLink(only) || isBare(only))) {
        places.push({ node: only, parent, index })
        inParagraphs.add(only)
      } else if (isEmbedLink(node) && !inParagraphs.has(node)) places.push({ node, parent, index })
    })
    for (const { node, parent, index } of places) {
      const isAsked = isEmbedLink(node)
      const { href } = node.properties
      const quote = node.children.find(
        (child): child is Element => child.type === 'element' && child.tagName === 'blockquote',
      )
      const embed = readEmbed(href, isAsked)
      const isInLine = (parent as Partial<Element>).tagName === 'p' && !inParagraphs.has(node)
      if (embed && !isInLine) {
        const said = String(node.properties.title ?? (quote || isBare(node) ? '' : textOf(node))).trim()
        parent.children[index] = card(embed, said || embed.title, quote, node)
      } else if (isAsked) {
        warn(file, node, isInLine ? 'stands in a line with other words' : reasonAgainst(href))
        delete node.properties.className
        if (node.children.length === 0) node.children.push(text(String(href)))
        if (!isInLine) parent.children[index] = element('p', {}, [node])
      }
    }
  }
}

function warn(file: VFile, node: Element, reason: string) {
  foundIn(file).problems.push({
    line: lineOf(node),
    severity: 'warning',
    message: `what is to be embedded stays a link: ${String(node.properties.href)} ${reason}.`,
  })
}

function reasonAgainst(address: unknown): string {
  const url = webAddress(address)
  if (!url) return 'is not an address. Write one that begins with https://'
  if (isListed(url)) return 'has nothing that we know how to show. Take the address of one video, post, pen or gist'
  return `is at a host that is not allowed. Write '${listName(url.hostname)}' into "embeds" in site.config.ts to allow it`
}

const onlyChild = (node: Element) => {
  const rest = node.children.filter((child) => child.type !== 'text' || child.value.trim())
  return rest.length === 1 && rest[0]?.type === 'element' ? rest[0] : undefined
}

/** @returns whether a link shows nothing but its own address. */
function isBare(link: Element): boolean {
  const { href, title } = link.properties
  const shown = textOf(link)
  return !title && /^https?:\/\//.test(shown) && (shown === href || webAddress(shown)?.href === webAddress(href)?.href)
}

const VERB: Record<Kind, string> = {
  video: 'Watch it on',
  tall: 'Watch it on',
  post: 'Read it on',
  code: 'See it on',
  page: 'Open it at',
}

function card({ provider, kind, frame, address }: Embed, title: string, quote: Element | undefined, from: Element) {
  const link = element('a', { href: address }, [text(`${VERB[kind]} ${provider}`)])
  if (from.position) link.position = from.position
  const className = ['embed', `embed-${kind}`]
  const figure = element(
    'figure',
    { className, dataFrame: frame, dataHost: new URL(frame).host.replace(/^www\./, '') },
    [
      element('div', { className: ['embed-body'] }, [
        element('p', { className: ['embed-provider'] }, [text(provider)]),
        element('p', { className: ['embed-title'] }, [text(title)]),
        ...(quote ? [quote] : []),
      ]),
      element('figcaption', {}, [link]),
    ],
  )
  return from.position ? { ...figure, position: from.position } : figure
}

/** Scripts that come with embed codes: the cards do without them. */
const WIDGETS =
  /^(?:https?:)?\/\/(?:platform\.(?:twitter|x)\.com\/widgets\.js|player\.vimeo\.com\/api\/player\.js|embed\.bsky\.app\/static\/embed\.js|[\w.-]+\.codepen\.io\/assets\/embed\/\w+\.js|[\w.-]+\/embed\.js)/

/**
 * Pasted embed codes (frames, scripts of gists, quotations of posts, pens) become links that `embeds` makes cards of; it
 * comes before sanitising, which knows nothing of them. A frame of a host that is not listed goes, with a warning.
 */
export function embedCodes() {
  return (tree: Root, file: VFile) => {
    const walk = (parent: Root | Element) => {
      const children = parent.children as ElementContent[]
      for (let index = 0; index < children.length; index++) {
        const child = children[index]
        if (child?.type !== 'element') continue
        const link = fromFrame(child, file, parent) ?? fromScript(child) ?? fromQuotation(child)
        if (!link) walk(child)
        else if (link === 'gone') children.splice(index--, 1)
        else children[index] = link.position || !child.position ? link : { ...link, position: child.position }
      }
    }
    walk(tree)
  }
}

const embedLink = (href: string, title: string, children: ElementContent[] = []) =>
  element('a', { className: ['embed'], href, ...(title ? { title } : {}) }, children)

function fromFrame(node: Element, file: VFile, parent: Root | Element): Element | 'gone' | undefined {
  // Vimeo puts its frame into a box for its shape.
  if (node.tagName === 'div' && onlyChild(node)?.tagName === 'iframe' && node.properties.style)
    return fromFrame(onlyChild(node) as Element, file, parent)
  if (node.tagName !== 'iframe') return undefined
  const { src, title = '' } = node.properties
  const embed = readEmbed(src, true)
  if (embed) return embedLink(embed.address, /^YouTube video player$/i.test(String(title)) ? '' : String(title))
  const url = webAddress(src)
  const reason = !url
    ? 'It has no address on the web.'
    : isListed(url)
      ? `There is nothing at ${url.href} that we know how to show. Take the address of one video, post, pen or gist.`
      : `To allow ${listName(url.hostname)}, write '${listName(url.hostname)}' into "embeds" in site.config.ts.`
  foundIn(file).problems.push({
    line: lineOf(node),
    severity: 'warning',
    message: `an <iframe>${url ? ` of ${listName(url.hostname)} becomes a link` : ' is left out'}. ${reason}`,
  })
  if (!url) return 'gone'
  const link = element('a', { href: url.href }, [text(String(title) || url.href)])
  return parent.type === 'root' || /^(div|figure|section|center|details)$/.test(parent.tagName)
    ? element('p', {}, [link])
    : link
}

function fromScript({ tagName, properties: { src } }: Element): Element | 'gone' | undefined {
  if (tagName !== 'script' || typeof src !== 'string') return undefined
  const url = webAddress(src)
  const gist = url?.hostname === 'gist.github.com' ? readEmbed(src) : undefined
  if (gist) return embedLink(gist.address, '')
  return WIDGETS.test(src) ? 'gone' : undefined
}

function fromQuotation(node: Element): Element | undefined {
  const kind = classes(node).find((name) =>
    /^(twitter-tweet|twitter-video|mastodon-embed|bluesky-embed|codepen)$/.test(name),
  )
  if (!kind) return undefined
  const links: Element[] = []
  elements(node, (one) => {
    if (one.tagName === 'a') links.push(one)
  })
  // The words of a post may link to another one; its own address comes last.
  const own = links.findLast((link) => readEmbed(link.properties.href))
  const embed = readEmbed(own?.properties.href)
  if (!embed) return undefined
  if (kind === 'codepen') return embedLink(embed.address, own ? textOf(own).trim() : '')
  const hasWords = node.children.some((child) => child.type === 'element' && child.tagName === 'p')
  return embedLink(embed.address, '', hasWords ? [element('blockquote', {}, node.children)] : [])
}
