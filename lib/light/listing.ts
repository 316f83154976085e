import { existsSync, readdirSync, readFileSync, realpathSync, statSync } from 'node:fs'
import path from 'node:path'
import { typeOf } from '../file-types'
import { pageCaching } from '../requests'

/** What one address answers with. `file` is read when it is first asked for. */
export type Stored = {
  kind: 'page' | 'route' | 'file'
  file: string
  type: string
  headers: Record<string, string>
  modified?: Date
}

/** What Next.js has written down about a build, as far as it decides who answers for an address. */
type Build = {
  prerendered: {
    routes: Record<
      string,
      { initialRevalidateSeconds: number | false; dataRoute: string | null; initialStatus?: number }
    >
    dynamicRoutes: Record<string, { fallback: string | false | null }>
  }
  routes: {
    headers: { regex: string; has?: unknown; missing?: unknown; headers: { key: string; value: string }[] }[]
    redirects: Rule[]
    rewrites: { beforeFiles: Rule[]; afterFiles: Rule[]; fallback: Rule[] }
    staticRoutes: { page: string }[]
    dynamicRoutes: { page: string; regex: string }[]
  }
  config: { images?: { unoptimized?: boolean } }
}
type Rule = { regex: string; internal?: boolean; destination: string }

/** @param dist where the build is: `.next`. */
export function readBuild(dist: string): Build {
  const read = (name: string) => JSON.parse(readFileSync(path.join(/*turbopackIgnore: true*/ dist, name), 'utf8'))
  return {
    prerendered: read('prerender-manifest.json'),
    routes: read('routes-manifest.json'),
    config: read('required-server-files.json').config,
  }
}

/** Where next.config.js sends addresses that nothing has; our own server has looked there already (lib/light/not-found.ts). */
const lastResort = '/moved/'

/**
 * Whether a route of the build makes the answer for an address anew: one that is stored, or that no route has, Next.js need not be
 * asked for. It would be at a loss for some of these (16.4.6, 2026-11): it answers 500 to the patterns of its own routes.
 *
 * @returns a question: an address as it is written, without a query.
 */
export function routesOf({ prerendered, routes, config }: Build): (address: string) => boolean {
  const isOurs = ({ internal, destination }: Rule) => internal || destination.startsWith(lastResort)
  const { redirects, rewrites } = routes
  const patterns = new Set(routes.dynamicRoutes.map(({ page }) => page))
  const single = new Set(routes.staticRoutes.map(({ page }) => page).filter((page) => !page.startsWith('/_')))
  const made = new Set(Object.keys(prerendered.routes).filter((address) => !address.startsWith('/_')))
  if (!config.images?.unoptimized) single.add('/_next/image')
  const regexes = [
    ...[...redirects, ...rewrites.beforeFiles, ...rewrites.afterFiles, ...rewrites.fallback].filter(
      (rule) => !isOurs(rule),
    ),
    ...routes.dynamicRoutes.filter(
      ({ page }) => !page.startsWith(lastResort) && prerendered.dynamicRoutes[page]?.fallback !== false,
    ),
  ].map(({ regex }) => new RegExp(regex))
  return (address) => {
    const name = decoded(address)
    // It would take a route's name for that, but not know what to do with it when it is encoded.
    if (name === undefined || patterns.has(name) || (name !== address && single.has(name))) return false
    return single.has(address) || made.has(name) || regexes.some((regex) => regex.test(address))
  }
}

/** An address without what is encoded in it, or nothing when that is no text. */
export function decoded(address: string): string | undefined {
  if (!address.includes('%')) return address
  try {
    return decodeURIComponent(address)
  } catch {
    return undefined
  }
}

/**
 * Every address that has a finished answer, decoded: pages, answers of routes, files of the build and of public/. What Next.js is to
 * make again by itself is left to it.
 */
export function listStored(dist: string, { prerendered, routes }: Build): Map<string, Stored> {
  const stored = new Map<string, Stored>()
  const rules = routes.headers
    .filter(({ has, missing }) => !has && !missing)
    .map(({ regex, headers }) => ({ regex: new RegExp(regex), headers }))
  const add = (address: string, { headers, ...rest }: Stored) => {
    const configured = rules
      .filter(({ regex }) => regex.test(address))
      .flatMap(({ headers }) => headers.map(({ key, value }) => [key, value]))
    stored.set(address, { ...rest, headers: { ...Object.fromEntries(configured), ...headers } })
  }
  for (const [address, { initialRevalidateSeconds, dataRoute, initialStatus }] of Object.entries(prerendered.routes)) {
    if (initialRevalidateSeconds !== false || (initialStatus ?? 200) !== 200 || address.startsWith('/_')) continue
    const file = path.join(/*turbopackIgnore: true*/ dist, 'server', 'app', address === '/' ? 'index' : address)
    add(
      address,
      dataRoute
        ? {
            kind: 'page',
            file: `${file}.html`,
            type: 'text/html; charset=utf-8',
            headers: { 'Cache-Control': pageCaching },
          }
        : { kind: 'route', file: `${file}.body`, type: '', headers: {} },
    )
  }
  const shared = path.join(/*turbopackIgnore: true*/ process.cwd(), 'public')
  for (const [folder, base, caching] of [
    [shared, '', pageCaching],
    [path.join(/*turbopackIgnore: true*/ shared, 'assets'), '/assets', forGood],
    [path.join(/*turbopackIgnore: true*/ dist, 'static'), '/_next/static', forGood],
  ] as const) {
    for (const { name, file, modified } of filesIn(folder)) {
      const type = typeOf(name) ?? 'application/octet-stream'
      // When a build wrote its own files, says nothing of them.
      const date = caching === forGood ? {} : { modified }
      add(`${base}/${name}`, { kind: 'file', file, type, headers: { 'Cache-Control': caching }, ...date })
    }
  }
  return stored
}

/** The names of what has it change with its bytes. */
const forGood = 'public, max-age=31536000, immutable'

/** The files of a folder, without those that are hidden (but for .well-known, RFC 8615) or really elsewhere. */
function filesIn(folder: string) {
  if (!existsSync(/*turbopackIgnore: true*/ folder)) return []
  const root = realpathSync(/*turbopackIgnore: true*/ folder)
  return readdirSync(/*turbopackIgnore: true*/ root, { recursive: true, encoding: 'utf8' }).flatMap((entry) => {
    const name = entry.split(path.sep).join('/')
    if (name.split('/').some((part, at) => part.startsWith('.') && !(at === 0 && part === '.well-known'))) return []
    const file = path.join(/*turbopackIgnore: true*/ root, entry)
    const stat = statSync(/*turbopackIgnore: true*/ file, { throwIfNoEntry: false })
    if (!stat?.isFile() || !realpathSync(/*turbopackIgnore: true*/ file).startsWith(root + path.sep)) return []
    // HTTP has dates in whole seconds.
    return [{ name, file, modified: new Date(Math.floor(stat.mtimeMs / 1000) * 1000) }]
  })
}
