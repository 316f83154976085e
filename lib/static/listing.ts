import { existsSync, readdirSync, readFileSync, realpathSync, statSync } from 'node:fs'
import path from 'node:path'
import { pageCaching } from '../server/caching'
import { typeOf } from '../server/file-types'
import { encodePath } from '../site/address'
import { sections } from '../site/sections.mjs'

/** The stored answer of one address. `file` is read at the first request. */
export type Stored = {
  kind: 'page' | 'route' | 'file'
  file: string
  type: string
  headers: Record<string, string>
  modified?: Date
  /** The same text for readers who prefer markdown. */
  markdown?: Stored
  /** Headers that hold over those of the route. */
  fixed?: Record<string, string>
}

/** The parts of Next.js's manifests that decide whether Next.js or our server answers an address. */
type Build = {
  prerendered: {
    routes: Record<
      string,
      { initialRevalidateSeconds: number | false; dataRoute: string | null; initialStatus?: number }
    >
    dynamicRoutes: Record<string, { fallback: string | false | null }>
  }
  routes: {
    caseSensitive?: boolean
    headers: { regex: string; has?: unknown; missing?: unknown; headers: { key: string; value: string }[] }[]
    redirects: Rule[]
    rewrites: { beforeFiles: Rule[]; afterFiles: Rule[]; fallback: Rule[] }
    staticRoutes: { page: string }[]
    dynamicRoutes: { page: string; regex: string }[]
  }
  /** The addresses that proxy.ts runs for. */
  matchers: { regexp: string }[]
  config: {
    images?: { unoptimized?: boolean }
    trailingSlash?: boolean
    basePath?: string
    assetPrefix?: string
    i18n?: unknown
  }
}
type Rule = { regex: string; internal?: boolean; destination: string }

/**
 * Reads the manifests of a build.
 *
 * @param dist the folder of the build: `.next`.
 */
export function readBuild(dist: string): Build {
  const read = (name: string) => JSON.parse(readFileSync(path.join(/*turbopackIgnore: true*/ dist, name), 'utf8'))
  const readIfThere = (name: string) => (existsSync(path.join(/*turbopackIgnore: true*/ dist, name)) ? read(name) : {})
  const onEdge = readIfThere('server/middleware-manifest.json').middleware?.['/']
  const onNode = readIfThere('server/functions-config-manifest.json').functions?.['/_middleware']
  return {
    prerendered: read('prerender-manifest.json'),
    routes: read('routes-manifest.json'),
    // A proxy.ts without a matcher runs for every address.
    matchers: onEdge?.matchers ?? onNode?.matchers ?? (onNode ? [{ regexp: '.*' }] : []),
    config: read('required-server-files.json').config,
  }
}

/** Whether the addresses of a site differ from ours: below a path, with a language, or with a slash at the end. */
export function writesOtherwise({ config: { trailingSlash, basePath, i18n, assetPrefix } }: Build): boolean {
  const isBelow = new URL(assetPrefix || '/', 'http://here.invalid').pathname !== '/'
  return Boolean(trailingSlash || basePath || i18n || isBelow)
}

/** next.config.js rewrites unknown addresses to here. Our own server has answered those before (lib/static/not-found.ts). */
const lastResort = '/moved/'

/** Rules of next.config.js ignore the case of letters unless `caseSensitive` is set. Routes never ignore it. */
const ruleOf = ({ caseSensitive }: Build['routes'], regex: string) => new RegExp(regex, caseSensitive ? '' : 'i')

/** Next.js keeps the markdown of `/blog/a` below here, since no route can have the address `/blog/a.md` itself. */
const inside = `${sections.markdown}/`
/** The address of what Next.js has stored, for readers. */
export const publicAddress = (address: string) =>
  address.startsWith(inside) ? `${sections.blog}/${address.slice(inside.length)}.md` : address

const isOurs = ({ internal, destination }: Rule) =>
  internal || destination.startsWith(lastResort) || destination.startsWith(inside)

/**
 * Finds the addresses for which Next.js applies a redirect, proxy.ts, a rewrite or a conditional header before it looks for a page or
 * a file. Our server leaves these to Next.js, because the outcome may depend on the whole request.
 *
 * @returns a function that takes an address as the browser sent it, without the query.
 */
export function comesFirst(build: Build): (address: string) => boolean {
  const isFirst = rulesBefore(build)
  // A page is found under any encoding of its address, so a rule must match them all: `/%62log` is `/blog`.
  return (address) => isFirst(address) || isFirst(decoded(address) ?? address)
}

function rulesBefore({ routes, matchers }: Build): (address: string) => boolean {
  const conditional = routes.headers.filter(({ has, missing }) => has || missing)
  const rules = [...routes.redirects, ...routes.rewrites.beforeFiles].filter((rule) => !isOurs(rule))
  const regexes = [
    ...[...conditional, ...rules].map(({ regex }) => ruleOf(routes, regex)),
    ...matchers.map(({ regexp }) => new RegExp(regexp)),
  ]
  return (address) => regexes.some((regex) => regex.test(address))
}

/** Addresses of pages as React's data. Matchers of proxy.ts match them too, but no page of ours asks for them. */
const asData = /^\/_next\/data\/|\.rsc$/

/**
 * Finds the addresses that a route of the build answers at request time. All other addresses are stored or unknown, and Next.js is not
 * asked about them. It would answer some of them wrongly (16.4.6, 2026-11): `/blog/[...slug]`, the pattern of a route, gets a 500.
 *
 * @returns a function that takes an address as the browser sent it, without the query.
 */
export function routesOf(build: Build): (address: string) => boolean {
  const { prerendered, routes, config } = build
  const { afterFiles, fallback } = routes.rewrites
  const isFirst = rulesBefore(build)
  const patterns = new Set(routes.dynamicRoutes.map(({ page }) => page))
  const single = new Set(routes.staticRoutes.map(({ page }) => page).filter((page) => !page.startsWith('/_')))
  const made = new Set(
    Object.keys(prerendered.routes)
      .filter((address) => !address.startsWith('/_'))
      .map(publicAddress),
  )
  if (!config.images?.unoptimized) single.add('/_next/image')
  const regexes = [
    ...[...afterFiles, ...fallback].filter((rule) => !isOurs(rule)).map(({ regex }) => ruleOf(routes, regex)),
    ...routes.dynamicRoutes
      .filter(({ page }) => !page.startsWith(lastResort) && prerendered.dynamicRoutes[page]?.fallback !== false)
      .map(({ regex }) => new RegExp(regex)),
  ]
  return (address) => {
    const name = decoded(address)
    if (name === undefined || patterns.has(name)) return false
    // Next.js 16.4.6 finds a route by its encoded name, and then answers 500.
    const isEncoded = name !== address && encodeURI(name) !== address
    if (isEncoded && single.has(name)) return false
    if (single.has(name) || made.has(name) || regexes.some((regex) => regex.test(address))) return true
    return !asData.test(address) && (isFirst(address) || (!isEncoded && isFirst(name)))
  }
}

/** @returns an address with its percent signs decoded; nothing when they are not UTF-8. */
export function decoded(address: string): string | undefined {
  if (!address.includes('%')) return address
  try {
    return decodeURIComponent(address)
  } catch {
    return undefined
  }
}

/**
 * Lists every decoded address that has a stored answer: pages, answers of routes, files of the build and of public/. A page that Next.js
 * makes again after some time (`revalidate`) is not in the list.
 */
export function listStored(dist: string, { prerendered, routes }: Build): Map<string, Stored> {
  const stored = new Map<string, Stored>()
  const rules = routes.headers
    .filter(({ has, missing }) => !has && !missing)
    .map(({ regex, headers }) => ({ regex: ruleOf(routes, regex), headers }))
  const add = (address: string, { headers, ...rest }: Stored) => {
    const configured = rules
      .filter(({ regex }) => regex.test(address))
      .flatMap(({ headers }) => headers.map(({ key, value }) => [key, value]))
    const isOwners = rest.kind === 'file' && headers['Cache-Control'] !== forGood
    const both = isOwners ? [...Object.entries(headers), ...configured] : [...configured, ...Object.entries(headers)]
    stored.set(address, { ...rest, headers: Object.fromEntries(both) })
  }
  for (const [address, { initialRevalidateSeconds, dataRoute, initialStatus }] of Object.entries(prerendered.routes)) {
    if (initialRevalidateSeconds !== false || (initialStatus ?? 200) !== 200 || address.startsWith('/_')) continue
    const file = path.join(/*turbopackIgnore: true*/ dist, 'server', 'app', address === '/' ? 'index' : address)
    add(
      publicAddress(address),
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
  for (const [address, markdown] of stored) addMarkdown(stored.get(address.replace(/\.md$/, '')), markdown, address)
  const shared = path.join(/*turbopackIgnore: true*/ process.cwd(), 'public')
  for (const [folder, base, caching] of [
    [shared, '', pageCaching],
    [path.join(/*turbopackIgnore: true*/ shared, 'assets'), '/assets', forGood],
    [path.join(/*turbopackIgnore: true*/ dist, 'static'), '/_next/static', forGood],
  ] as const) {
    for (const { name, file, modified } of filesIn(folder)) {
      const type = typeOf(name) ?? 'application/octet-stream'
      // A build gives its files new dates, also when their content is the same.
      const date = caching === forGood ? {} : { modified }
      add(`${base}/${name}`, { kind: 'file', file, type, headers: { 'Cache-Control': caching }, ...date })
    }
  }
  return stored
}

/**
 * Has a page answered in markdown too. A shared cache keeps only the HTML: one that does not look at Vary would give readers the markdown.
 */
function addMarkdown(page: Stored | undefined, markdown: Stored, address: string) {
  if (page?.kind !== 'page' || markdown.kind !== 'route' || !address.startsWith(`${sections.blog}/`)) return
  const Vary = 'Accept, Accept-Encoding'
  page.fixed = { Vary }
  page.markdown = {
    ...markdown,
    fixed: { Vary, 'Content-Location': encodePath(address), 'Cache-Control': privateCaching },
  }
}

const privateCaching = 'private, max-age=0, must-revalidate'

/** For files whose name changes with their bytes. */
const forGood = 'public, max-age=31536000, immutable'

/** The files of a folder, without hidden ones (except .well-known, RFC 8615) and without symlinks that lead out of it. */
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
