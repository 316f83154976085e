import { createHash } from 'node:crypto'
import { readdirSync, readFileSync } from 'node:fs'
import path from 'node:path'
import type { Nodes } from 'hast'
import { fromHtml } from 'hast-util-from-html'
import { site } from '@/site.config'
import { encodePath, safelyDecoded } from '../../lib/site/address'
import type { Answer } from './ask'
import type { Canary } from './canaries'
import { filesIn } from './copy'

/** Addresses that readers and programs often try, whether or not this site has them. */
const wellKnown = [
  ...[
    '/',
    '/feed.xml',
    '/atom.xml',
    '/feed.json',
    '/rss.xml',
    '/rss',
    '/index.xml',
    '/feed',
    '/sitemap.xml',
    '/sitemap-0.xml',
  ],
  ...[
    '/sitemap_index.xml',
    '/robots.txt',
    '/llms.txt',
    '/llms-full.txt',
    '/search',
    '/search.json',
    '/search?q=canary',
    '/pagefind/pagefind-entry.json',
  ],
  ...[
    '/healthz',
    '/readyz',
    '/manifest.webmanifest',
    '/opensearch.xml',
    '/favicon.ico',
    '/icon.svg',
    '/opengraph-image',
    '/nowhere',
    '/_not-found',
    '/404',
    '/500',
  ],
  ...[
    '/blog',
    '/blog.md',
    '/tags',
    '/authors',
    '/series',
    '/archive',
    '/drafts',
    '/sign-in',
    '/api',
    '/api/posts',
    '/api/search',
    '/api/drafts',
    '/api/auth/session',
  ],
  ...[
    '/api/auth/providers',
    '/og',
    '/og/blog',
    '/moved',
    '/moved/blog',
    '/content',
    '/.contentlayer/store/manifest.json',
    '/_next/data/build/index.json',
    '/%',
    '/blog/%E0%A4%A',
  ],
]

/** The addresses at which the crawl begins: well-known ones, and all pages and files of the build. */
export function startingPoints(copy: string): string[] {
  const next = path.join(copy, '.next')
  const files = (folder: string) =>
    filesIn(folder).map((file) => encodePath(path.relative(folder, file).split(path.sep).join('/')))
  const { routes } = JSON.parse(readFileSync(path.join(next, 'prerender-manifest.json'), 'utf8')) as {
    routes: Record<string, unknown>
  }
  const manifests = readdirSync(next).filter((name) => /\.(js|json)$/.test(name) || name === 'BUILD_ID')
  return [
    ...wellKnown,
    ...Object.keys(routes).map((route) =>
      route
        .split('/')
        .map((part) => encodeURIComponent(safelyDecoded(part)))
        .join('/'),
    ),
    ...files(path.join(next, 'static')).map((file) => `/_next/static/${file}`),
    ...files(path.join(copy, 'public')).map((file) => `/${file}`),
    ...manifests.flatMap((name) => [`/_next/${name}`, `/${name}`]),
  ]
}

/** The names of all segments of a build. A prefetch request may ask for one of them. */
export function segmentsOf(copy: string): string[] {
  const app = path.join(copy, '.next/server/app')
  const names = readdirSync(app, { recursive: true, encoding: 'utf8' })
    .map((file) => /\.segments[\\/](.*)\.segment\.rsc$/.exec(file)?.[1])
    .filter((name) => name !== undefined)
    .map((name) => `/${name.split(path.sep).join('/')}`)
  const ofDrafts = ['/drafts', '/drafts/__PAGE__', '/drafts/$c$slug', '/drafts/$c$slug/__PAGE__']
  return [...new Set(['/_tree', '/_full', '/_head', '/_index', '/__PAGE__', ...names, ...ofDrafts])]
}

/** Whether a segment can belong to an address. */
export const fits = (segment: string, address: string) => {
  const first = segment.split('/')[1] ?? ''
  return first.startsWith('_') || first.startsWith('$') || first === address.split(/[/?.]/)[1]
}

/** Addresses at which a leak could show the words of a canary. */
export function guesses({ slug, tag, author, alias, series, category, original, pictures, status }: Canary): string[] {
  if (status === 'page')
    return [
      `/${slug}`,
      `/${slug}.md`,
      `/pages/${slug}`,
      `/moved/${slug}`,
      `/drafts/${slug}`,
      `/og/${slug}`,
      `/og/${slug}.png`,
    ]
  const tags = [`/tags/${tag}`, `/tags/${tag}/feed.xml`, `/tags/${tag}/atom.xml`, `/tags/${tag}/page/2`]
  const [picture] = pictures
  const media = picture
    ? [
        `/media/${picture.hash}/${picture.name}`,
        `/api/draft-media/${picture.hash}/${picture.name}`,
        `/video/${picture.hash}/${picture.name}`,
        `/media/${picture.hash}/${original?.name}`,
      ]
    : []
  return [
    ...[
      `/blog/${slug}`,
      `/drafts/${slug}`,
      `/drafts/${slug}?view=sheet`,
      `/og/${slug}`,
      `/og/blog/${slug}`,
      `/og/blog/${slug}.png`,
      `/api/posts/${slug}`,
      `/${slug}`,
    ],
    ...[`blog/${category}`, `series/${series}`, `authors/${author}`, `tags/${tag}`].map((list) => `/og/${list}.png`),
    ...[`/blog/${category}`, `/series/${series}`, `/authors/${author}`, alias, `/moved${alias}`, `/moved/blog/${slug}`],
    ...[`/sign-in?to=/drafts/${slug}`, `/search?q=${tag}`, `/drafts?text=${tag}`, `/drafts?tag=${tag}`],
    ...tags,
    ...media,
    ...media.map((address) => `/_next/image?url=${encodeURIComponent(address)}&w=640&q=75`),
    ...(original ? [`/blog/${slug}/${original.name}`, `/content/posts/${slug}/${original.name}`] : []),
  ]
}

/** The texts and attribute values of an HTML or XML document, in which addresses may stand. */
function textsOf(node: Nodes): { texts: string[]; values: string[] } {
  const own = node.type === 'element' ? Object.values(node.properties).flat() : []
  const children = 'children' in node ? node.children : []
  const inside = [...children, ...('content' in node && node.content ? [node.content] : [])].map(textsOf)
  return {
    texts: [...('value' in node ? [node.value] : []), ...inside.flatMap(({ texts }) => texts)],
    values: [...own.filter((value) => typeof value === 'string'), ...inside.flatMap(({ values }) => values)],
  }
}

const known = new Map<string, string[]>()

/** All texts in the headers and the body of an answer that look like addresses. */
function namedIn({ headers, body }: Answer): string[] {
  const type = headers['content-type'] ?? ''
  const inLinks = (headers.link ?? '')
    .split(',')
    .map((link) => link.slice(link.indexOf('<') + 1, link.lastIndexOf('>')))
  const inHead = [headers.location ?? '', headers.refresh?.split('url=')[1] ?? '', ...inLinks]
  if (!/html|xml|json|text\/(plain|css|x-component|markdown)/.test(type)) return inHead
  const text = body.toString('utf8')
  // Most answers are the same 404 page.
  const key = createHash('sha1').update(text).digest('base64')
  const before = known.get(key)
  if (before) return [...inHead, ...before]
  const { texts, values } = /html|xml/.test(type) ? textsOf(fromHtml(text)) : { texts: [text], values: [] }
  const links = values.flatMap((value) => value.split(/,\s+|\s+/)).filter((part) => /^(\/|\.|https?:)/.test(part))
  const said = [...texts, ...values].flatMap((one) => [
    ...[...one.matchAll(/https?:\/\/[^\s"'<>\\)\]]+/g)].map(([url]) => url),
    ...[...one.matchAll(/["'(](\/[^"'\\()\s<>]*)/g)].map(([, url]) => url ?? ''),
    ...[...one.matchAll(/url\(\s*["']?([^"')]+)/g)].map(([, url]) => url ?? ''),
  ])
  const found = [...new Set([...links, ...said])]
  known.set(key, found)
  return [...inHead, ...found]
}

/** The addresses in an answer that belong to this site. */
export function addressesIn(from: string, answer: Answer, port: number): string[] {
  const ours = new Set([new URL(site.address).host, `127.0.0.1:${port}`, `localhost:${port}`])
  return namedIn(answer).flatMap((one) => {
    if (!one || !URL.canParse(one, `http://127.0.0.1:${port}${from}`)) return []
    const url = new URL(one, `http://127.0.0.1:${port}${from}`)
    return /^https?:$/.test(url.protocol) && ours.has(url.host) ? [`${url.pathname}${url.search}`] : []
  })
}
