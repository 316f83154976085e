/** Reads addresses of videos, posts, pens and gists on other sites. `embeds` of site.config.ts lists the hosts that may have a card. */
import { site } from '@/site.config'

export type Kind = 'video' | 'tall' | 'post' | 'code' | 'page'
/** The content of a card. `frame` is the address for an iframe, `address` the page for people. */
export type Embed = { provider: string; kind: Kind; title: string; frame: string; address: string }

/** A site that we know. `read` copies only those parts of an address into a frame's address that match a strict pattern. */
type Provider = {
  name: string
  /** Other names of the host, without `www.`. */
  also: string[]
  /** The origin of its frames. */
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
      // An address without the owner has an id of 20 characters or more in the owner's place.
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

/** Any listed host that is not in `PROVIDERS` may be a Mastodon server: an address with the form of a post is read as one. */
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

/** @returns the name of a host as `site.embeds` lists it: `youtube.com` for `youtu.be`. */
export function listName(hostname: string): string {
  const host = hostname.replace(/^www\./, '')
  return Object.entries(PROVIDERS).find(([, { also }]) => also.includes(host))?.[0] ?? host
}

export const isListed = (url: URL) => site.embeds.includes(listName(url.hostname))

export function webAddress(address: unknown): URL | undefined {
  const full = String(address).replace(/^\/\//, 'https://')
  if (!URL.canParse(full)) return undefined
  const url = new URL(full)
  return /^https?:$/.test(url.protocol) && !url.username && !url.password && !url.port ? url : undefined
}

/**
 * Reads an address as something to embed.
 *
 * @param anyPage whether any https page of a listed host may be embedded, and not only a video, post, pen or gist.
 * @returns undefined when the host is not in `site.embeds`, or when the address has nothing to embed.
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
