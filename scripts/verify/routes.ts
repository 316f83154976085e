import { existsSync, readFileSync } from 'node:fs'
import path from 'node:path'
import { build } from 'esbuild'
import { readsOf } from './reads'
import { type Kind, nothing, type Reads } from './request'

/** A route of the build, and what its source reads. A `fixed` route is rendered at build time, so parameters change nothing. */
export type Route = { page: string; source: string | undefined; methods: string[]; fixed: boolean; reads: Reads }

const METHODS = ['POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS']
const ENDINGS = ['tsx', 'ts', 'jsx', 'js', 'mjs', 'cjs']
/** The files around a page, which may read the request too. */
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

/** The routes in the build's own manifests; `unread` names the sources that could not be read. */
export type Routes = {
  routes: Route[]
  /** What proxy.ts (or middleware) reads, if there is one. */
  proxy: Reads | undefined
  /** The id of each server function, and a page that uses it. */
  actions: [string, string][]
  unread: string[]
}

/** Finds every route in the build's manifests, and what its source and our modules that it uses read of a request. */
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
    // A page rendered at build time reads no request. A route rendered at build time may still have other methods.
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

/** The source file of an entry of a manifest, such as `/tags/[tag]/feed.xml/route`; for `/icon/route` it may be `icon.tsx`. */
function sourceIn(copy: string, folder: string, name: string): string | undefined {
  // Next.js adds a hash to the name of a picture or a sitemap in a dynamic folder, and a segment if there are several.
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

/** Bundles each source with our modules that it uses, and reads the result. Packages, styles and data are left out. */
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
