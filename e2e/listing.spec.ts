import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { expect, test } from '@playwright/test'
import { comesFirst, listStored, readBuild, routesOf, writesOtherwise } from '../lib/static/listing'

// Which requests our server answers itself and which it leaves to Next.js, in builds with rules that this site lacks.

let root: string
test.beforeEach(() => {
  root = mkdtempSync(path.join(tmpdir(), 'galley-listing-'))
})
test.afterEach(() => rmSync(root, { recursive: true }))

const write = (name: string, content: unknown) => {
  mkdirSync(path.dirname(path.join(root, name)), { recursive: true })
  writeFileSync(path.join(root, name), JSON.stringify(content))
}

type Made = {
  routes?: object
  matchers?: object
  edge?: object
  config?: object
  pages?: string[]
  texts?: string[]
}
/** Writes the manifests of a build as Next.js does, and reads them. */
function build({ routes, matchers, edge, config, pages = [], texts = [] }: Made) {
  const page = { initialRevalidateSeconds: false, dataRoute: '/x.rsc' }
  write('.next/prerender-manifest.json', {
    routes: Object.fromEntries([
      ...pages.map((address) => [address, page]),
      ...texts.map((address) => [address, { ...page, dataRoute: null }]),
    ]),
    dynamicRoutes: {},
  })
  write('.next/routes-manifest.json', {
    caseSensitive: false,
    headers: [],
    redirects: [{ regex: '^(?:/(.+?))/$', destination: '/:path+', internal: true }],
    rewrites: { beforeFiles: [], afterFiles: [], fallback: [{ regex: '^/.*$', destination: '/moved/:path*' }] },
    staticRoutes: [],
    dynamicRoutes: [{ page: '/blog/[...slug]', regex: '^/blog/(.+?)(?:/)?$' }],
    ...routes,
  })
  if (matchers) write('.next/server/functions-config-manifest.json', { functions: { '/_middleware': matchers } })
  if (edge) write('.next/server/middleware-manifest.json', { middleware: { '/': edge } })
  write('.next/required-server-files.json', { config: { images: { unoptimized: true }, ...config } })
  return readBuild(path.join(root, '.next'))
}

/** The stored files of a build, in a project with some files in public/. */
function stored(made: ReturnType<typeof build>) {
  const here = process.cwd()
  try {
    process.chdir(root)
    return listStored('.next', made)
  } finally {
    process.chdir(here)
  }
}

const gate = { matchers: [{ regexp: '^/downloads(?:/(.+))?$' }] }
for (const [what, made] of [
  ['proxy.ts', { matchers: gate }],
  ['proxy.ts at the edge', { edge: gate }],
  ['a redirect', { routes: { redirects: [{ regex: '^/downloads/(.+)$', destination: '/shop' }] } }],
  ['a redirect in other letters', { routes: { redirects: [{ regex: '^/Downloads/(.+)$', destination: '/shop' }] } }],
  [
    'a rewrite before files',
    {
      routes: {
        rewrites: { beforeFiles: [{ regex: '^/downloads/(.+)$', destination: '/x' }], afterFiles: [], fallback: [] },
      },
    },
  ],
  ['headers for some', { routes: { headers: [{ regex: '^/downloads/(.+)$', has: [{ type: 'host' }], headers: [] }] } }],
] as [string, Made][]) {
  test(`${what} is asked before a file is sent, in any spelling, and about what is nowhere`, () => {
    const known = build(made)
    for (const address of ['/downloads/book.pdf', '/downloads/%C3%BC.pdf', '/downloads/a%2Fb', '/downloads/none'])
      expect([comesFirst(known)(address), routesOf(known)(address)], address).toEqual([true, true])
    // There is no file at these addresses for our server to send, and no route for Next.js.
    for (const address of ['/downloads%2Fbook.pdf', '/downloads/book.rsc'])
      expect([comesFirst(known)(address), routesOf(known)(address)], address).toEqual([true, false])
    expect([comesFirst(known)('/other.pdf'), routesOf(known)('/other.pdf')]).toEqual([false, false])
    expect(routesOf(known)('/blog/[...slug]'), 'Next.js would answer 500').toBe(false)
  })
}

test('proxy.ts without a matcher is asked about everything, and a build without one about nothing', () => {
  expect(comesFirst(build({ matchers: {} }))('/x')).toBe(true)
  rmSync(path.join(root, '.next/server'), { recursive: true })
  expect(comesFirst(build({}))('/x')).toBe(false)
})

test('a rule whose address has letters beyond ASCII is asked about it as browsers write it', () => {
  const known = build({ matchers: { matchers: [{ regexp: '^/über(?:/(.+))?$' }] } })
  expect([comesFirst(known)('/%C3%BCber/x'), routesOf(known)('/%C3%BCber/x')]).toEqual([true, true])
})

test('this site’s own proxy.ts is asked about pages, not about other spellings of them', () => {
  const regexp =
    '^(?:\\/(_next\\/data\\/[^/]{1,}))?\\/sign-in(\\.json|\\.rsc|\\.segments\\/.+\\.segment\\.rsc)?[\\/#\\?]?$'
  const hasRoute = routesOf(build({ matchers: { matchers: [{ regexp }] } }))
  for (const address of [
    '/sign-in.rsc',
    '/_next/data/x/sign-in.json',
    '/sign-in%2F',
    '/sign-in.segments/x.segment.rsc',
  ])
    expect(hasRoute(address), address).toBe(false)
  expect(hasRoute('/sign-in')).toBe(true)
})

test('what Next.js has of its own comes after what is stored', () => {
  const known = build({})
  expect([comesFirst(known)('/blog/'), comesFirst(known)('/blog')]).toEqual([false, false])
})

test('rules for headers take capital letters for small ones, unless the build tells them apart', () => {
  write('public/Drawing.SVG', '')
  const headers = [{ regex: '^/.*\\.svg$', headers: [{ key: 'Content-Security-Policy', value: 'sandbox' }] }]
  const policy = (caseSensitive: boolean) =>
    stored(build({ routes: { headers, caseSensitive } })).get('/Drawing.SVG')?.headers['Content-Security-Policy']
  expect([policy(false), policy(true)]).toEqual(['sandbox', undefined])
})

test('how long a file of public/ may be kept is what next.config.js says, and of the build’s own what we say', () => {
  for (const name of ['public/downloads/a.pdf', 'public/b.pdf', 'public/assets/c.js', '.next/static/d.js'])
    write(name, '')
  const value = 'private, no-store'
  const headers = [{ regex: '^/(?!b).*$', headers: [{ key: 'cache-control', value }] }]
  const files = stored(build({ routes: { headers } }))
  const caching = (address: string) =>
    new Headers(Object.entries(files.get(address)?.headers ?? {}).slice(-1)).get('cache-control')
  expect(caching('/downloads/a.pdf')).toBe(value)
  expect(caching('/b.pdf')).toContain('public, max-age=0')
  for (const address of ['/assets/c.js', '/_next/static/d.js']) expect(caching(address)).toContain('immutable')
})

test('the markdown of a page is at its address and .md, and never where Next.js keeps it', () => {
  const known = build({
    pages: ['/blog/a', '/tags/a'],
    texts: ['/markdown/a', '/markdown/ü/b', '/robots.txt', '/blog/a/feed.xml'],
  })
  const files = stored(known)
  expect([...files.keys()]).toEqual([
    '/blog/a',
    '/tags/a',
    '/blog/a.md',
    '/blog/ü/b.md',
    '/robots.txt',
    '/blog/a/feed.xml',
  ])
  expect(files.get('/blog/a.md')?.file).toBe('.next/server/app/markdown/a.body')
  expect(files.get('/blog/a')?.markdown).toMatchObject({
    file: '.next/server/app/markdown/a.body',
    fixed: { Vary: 'Accept, Accept-Encoding', 'Content-Location': '/blog/a.md' },
  })
  expect(files.get('/tags/a')?.markdown).toBeUndefined()
  expect(['/blog/a.md', '/markdown/a'].map(routesOf(known))).toEqual([true, false])
})

test('a file of public/ is answered before a text that we would make', () => {
  write('public/robots.txt', '')
  write('public/.well-known/security.txt', '')
  const files = stored(build({ texts: ['/robots.txt', '/.well-known/security.txt', '/llms.txt'] }))
  const kind = (address: string) => files.get(address)?.kind
  expect(['/robots.txt', '/.well-known/security.txt', '/llms.txt'].map(kind)).toEqual(['file', 'file', 'route'])
})

test('files of public/ have the type of their name', () => {
  const types = {
    'a.html': 'text/html; charset=utf-8',
    'a.HTM': 'text/html; charset=utf-8',
    'a.zip': 'application/zip',
    'a.ics': 'text/calendar; charset=utf-8',
    'a.epub': 'application/epub+zip',
    'a.js.map': 'application/json; charset=utf-8',
    'a.rss': 'application/rss+xml; charset=utf-8',
    'a.atom': 'application/atom+xml; charset=utf-8',
    'a.flac': 'audio/flac',
    'a.opus': 'audio/ogg',
    'a.aac': 'audio/aac',
    'a.bmp': 'image/bmp',
    'a.eot': 'application/vnd.ms-fontobject',
    'a.unknown': 'application/octet-stream',
  }
  for (const name of Object.keys(types)) write(`public/${name}`, '')
  const files = stored(build({}))
  expect(Object.fromEntries(Object.keys(types).map((name) => [name, files.get(`/${name}`)?.type]))).toEqual(types)
})

test('a site below a path, by language or with slashes at the end is left to Next.js', () => {
  for (const config of [
    { trailingSlash: true },
    { basePath: '/notes' },
    { i18n: { locales: ['en'] } },
    { assetPrefix: '/files' },
    { assetPrefix: 'https://cdn.example/files' },
  ])
    expect(writesOtherwise(build({ config })), JSON.stringify(config)).toBe(true)
  for (const config of [{}, { basePath: '', assetPrefix: 'https://cdn.example', i18n: null, trailingSlash: false }])
    expect(writesOtherwise(build({ config })), JSON.stringify(config)).toBe(false)
})

test('a route with letters of its own language is found as browsers write it', () => {
  const hasRoute = routesOf(build({ routes: { staticRoutes: [{ page: '/über' }, { page: '/sign-in' }] } }))
  for (const address of ['/über', '/%C3%BCber', '/sign-in']) expect(hasRoute(address), address).toBe(true)
  for (const address of ['/%2573ign-in', '/sign%2Din', '/%2Fsign-in'])
    expect(hasRoute(address), 'Next.js would answer 500').toBe(false)
})
