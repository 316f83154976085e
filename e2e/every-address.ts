/** Every address of a built site, by kind. Each must give the same answer on every way of serving. */
import { readFileSync } from 'node:fs'
import path from 'node:path'
import { encodePath } from '../lib/site/address'
import { publicAddress } from '../lib/static/listing'
import type { Manifest } from '../lib/store/manifest'
import { filesIn } from '../scripts/verify/copy'

const byAccept = 'markdown at the address of a page'

/** The other headers of a request for an address of a kind. */
export const headersOf = (kind: string): Record<string, string> =>
  kind === byAccept ? { accept: 'text/markdown, text/html;q=0.9, */*;q=0.1' } : {}

/** @returns the encoded addresses of a build, by kind. */
export function requests(dist: string, manifest: Manifest): Record<string, string[]> {
  const { routes } = JSON.parse(readFileSync(path.join(dist, 'prerender-manifest.json'), 'utf8'))
  const stored = Object.keys(routes)
    .filter((address) => !address.startsWith('/_'))
    .map(publicAddress)
  const inFolder = (folder: string, at: string) =>
    filesIn(folder).map((file) => encodePath(`${at}/${path.relative(folder, file).split(path.sep).join('/')}`))
  const [published, unpublished] = [true, false].map((is) =>
    manifest.posts.filter(({ slug }) => `/blog/${slug}` in routes === is),
  ) as [Manifest['posts'], Manifest['posts']]
  const shown = (posts: Manifest['posts']) => posts.flatMap(({ pictures }) => pictures.map(({ src }) => src))
  return {
    pages: stored.filter((address) => !/^\/(media|og)\//.test(address)).map(encodePath),
    [byAccept]: stored.filter((address) => /^\/blog\/.*(?<!\.(md|xml))$/.test(address)).map(encodePath),
    pictures: stored.filter((address) => address.startsWith('/media/')).map(encodePath),
    cards: stored.filter((address) => address.startsWith('/og/')).map(encodePath),
    static: inFolder(path.join(dist, 'static'), '/_next/static'),
    public: inFolder('public', ''),
    previews: [
      '/drafts',
      ...[...unpublished, ...published.slice(0, 3)].map(({ slug }) => `/drafts/${encodePath(slug)}`),
    ],
    'pictures of drafts': shown(manifest.posts.filter(({ draft }) => draft)).map((src) =>
      src.replace(/^\/(media|video)/, '/api/draft-media'),
    ),
    films: shown(manifest.posts).filter((src) => src.startsWith('/video/')),
    aliases: manifest.posts.flatMap(({ aliases }) => aliases.slice(0, 5)).map(encodePath),
    'what is not there': [
      '/nope',
      '/blog/nope.md',
      '/.well-known/security.txt',
      '/blog/',
      '/blog/page/1',
      '/blog/page/99',
      '/%',
      '/%E0%A4%A',
      '/drafts/nope',
      '/api/auth/session',
      '/api/draft-media/x/y.png',
      '/og/nope.png',
      '/og/blog/backend/draft.png',
      '/video/x/y.mp4',
      '/_next/static/nope.js',
      '/_next/image?url=%2Ficon.svg&w=640&q=75',
      '/.env',
      '/server.js',
      '/package.json',
    ],
  }
}

export const fixture: Manifest = JSON.parse(readFileSync('.contentlayer/e2e/manifest.json', 'utf8'))

/** The same addresses without those that cannot be decoded, because a proxy refuses these itself. */
export const askedThroughProxies = () =>
  Object.entries(requests('.next-e2e', fixture)).map(
    ([kind, addresses]) => [kind, addresses.filter((address) => !/%(?![\da-f]{2})|%E0%A4%A$/i.test(address))] as const,
  )
