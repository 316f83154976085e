import { existsSync, readFileSync } from 'node:fs'
import path from 'node:path'
import { build } from 'esbuild'
import { readsOf } from './reads'
import { type Kind, nothing, type Reads } from './request'

/** A route of the build, and what its source reads. `fixed` is made when the site is built: what is asked changes nothing. */
export type Route = { page: string; source: string | undefined; methods: string[]; fixed: boolean; reads: Reads }

const METHODS = ['POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS']
const ENDINGS = ['tsx', 'ts', 'jsx', 'js', 'mjs', 'cjs']
/** What stands around a page and may read the request too. */
const AROUND = [
  'layout',
  'template',
  'default',
  'loading',
  'error',
  'not-found',
  'global-error',
  'forbidden',
  'unauthorized',
]

/** What the build says of itself, and what could not be read of its sources. */
export type Routes = {
  routes: Route[]
  /** What the code in front of all routes reads, where there is some. */
  proxy: Reads | undefined
  /** The number of each function of the server, and a page that has it. */
  actions: [string, string][]
  unread: string[]
}

/** Every route that the build's own lists name, with what its source, and that of our modules which it uses, reads of a request. */
export async function routesOf(copy: string): Promise<Routes> {
  const json = (file: string) => {
    const whole = path.join(copy, '.next', file)
    return existsSync(whole) ? JSON.parse(readFileSync(whole, 'utf8')) : {}
  }
  const app: Record<string, string> = json('app-path-routes-manifest.json')
  const pages: Record<string, string> = json('server/pages-manifest.json')
  const { routes: made = {}, dynamicRoutes = {} } = json('prerender-manifest.json')
  const isClosed = ([, { fallback }]: [string, { fallback: unknown }]) => fallback === false
  const closed = Object.entries(dynamicRoutes as Record<string, { fallback: unknown }>).filter(isClosed)
  const stored = new Set([...Object.keys(made), ...closed.map(([page]) => page)])
  const found = [
    ...Object.entries(app).map(([name, page]) => ({ name, page, own: sourceIn(copy, 'app', name) })),
    ...Object.keys(pages).map((page) => ({ name: page, page, own: sourceIn(copy, 'pages', page) })),
  ].map((one) => {
    const isMade = stored.has(one.page) || (!one.own && !one.page.includes('['))
    // A page that is made with the build reads no request; a route may have other methods than the one that is made.
    const files =
      isMade && !one.own?.includes('/route.') ? [] : [...(one.own ? [one.own] : []), ...aroundOf(copy, one.name)]
    return { ...one, isMade, files }
  })
  const fronts = ['proxy', 'middleware', 'src/proxy', 'src/middleware'].map((name) => withEnding(copy, name))
  const front = fronts.filter((file) => file !== undefined)
  const called = new Set([...found.map(({ own }) => own), ...front])
  const files = new Set([...found.flatMap((one) => one.files), ...front])
  const { reads, unread } = await readSources(copy, [...files], (file) => called.has(file))
  const readIn = (all: string[]) => merged(all.map((file) => reads.get(file)).filter((one) => one !== undefined))
  const routes = found.map(({ page, own, isMade, files: its }): Route => {
    const exported = (own && reads.get(own)?.exports) || []
    const isUnknown = (!own && !isMade) || (pages[page] !== undefined && page.startsWith('/api/'))
    if (!own && !isMade) unread.push(`the source of ${page}`)
    return {
      page,
      source: own,
      methods: isUnknown ? METHODS : METHODS.filter((method) => exported.includes(method)),
      fixed: isMade,
      reads: readIn(its),
    }
  })
  const { node = {}, edge = {} } = json('server/server-reference-manifest.json')
  const actions = Object.entries({ ...node, ...edge } as Record<string, { workers?: Record<string, unknown> }>).flatMap(
    ([action, { workers = {} }]) =>
      Object.keys(workers)
        .slice(0, 2)
        .map((worker): [string, string] => [action, app[worker.slice('app'.length)] ?? '/']),
  )
  return { routes, proxy: front.length > 0 ? readIn(front) : undefined, actions, unread }
}

function merged(all: Reads[]): Reads {
  const sum = nothing()
  for (const { exports, asked, names, mentioned, literals, paired } of all) {
    sum.exports.push(...exports)
    for (const [name, kinds] of names) sum.names.set(name, new Set<Kind>([...(sum.names.get(name) ?? []), ...kinds]))
    for (const name of asked) sum.asked.add(name)
    for (const name of mentioned) sum.mentioned.add(name)
    for (const text of literals) sum.literals.add(text)
    for (const [name, texts] of paired) sum.paired.set(name, new Set([...(sum.paired.get(name) ?? []), ...texts]))
  }
  return sum
}

const withEnding = (copy: string, file: string) =>
  ENDINGS.map((ending) => `${file}.${ending}`).find((name) => existsSync(path.join(copy, name)))

/** The source of an entry of a manifest: `/tags/[tag]/feed.xml/route`, and for `/icon/route` also `icon.tsx`. */
function sourceIn(copy: string, folder: string, name: string): string | undefined {
  // A picture or a sitemap of a folder in brackets has a number after its name, and one of several a last segment.
  const special = name.replace(/(\/\[__metadata_id__\])?\/route$/, '').replace(/-[\da-z]{6}$/, '')
  const bare = special.replace(/\.(xml|txt|webmanifest|json)$/, '')
  const names = [name, `${name}/index`, ...(folder === 'app' ? [special, bare] : [])]
  return ['', 'src/'].flatMap((root) => names.map((one) => withEnding(copy, `${root}${folder}${one}`))).find(Boolean)
}

function aroundOf(copy: string, name: string): string[] {
  if (!name.endsWith('/page')) return []
  const parts = name.split('/').slice(1, -1)
  return parts
    .concat('')
    .flatMap((_, depth) => AROUND.map((one) => ['', ...parts.slice(0, depth), one].join('/')))
    .flatMap((one) => ['', 'src/'].map((root) => withEnding(copy, `${root}app${one}`)))
    .filter((file) => file !== undefined)
}

/** Puts each source together with our modules that it uses, and reads it. Packages, styles and data stay outside. */
async function readSources(
  copy: string,
  files: string[],
  isCalled: (file: string) => boolean,
): Promise<{ reads: Map<string, Reads>; unread: string[] }> {
  const reads = new Map<string, Reads>()
  const unread: string[] = []
  const data = ['css', 'json', 'svg', 'png', 'jpg', 'avif', 'webp', 'woff2', 'md', 'txt', 'wasm']
  const read = async (file: string) => {
    try {
      const { outputFiles } = await build({
        absWorkingDir: copy,
        entryPoints: [file],
        bundle: true,
        write: false,
        format: 'esm',
        platform: 'node',
        packages: 'external',
        alias: { '@': copy },
        jsx: 'automatic',
        loader: Object.fromEntries(data.map((ending) => [`.${ending}`, 'empty' as const])),
        logLevel: 'silent',
      })
      reads.set(file, readsOf(outputFiles[0]?.text ?? '', isCalled(file)))
    } catch (error) {
      unread.push(`${file}: ${(error as Error).message.split('\n')[0]}`)
    }
  }
  await Promise.all(files.map(read))
  return { reads, unread }
}
