import { existsSync, readdirSync, readFileSync, realpathSync, statSync } from 'node:fs'
import path from 'node:path'
import { pageCaching } from '../server/caching'
import { typeOf } from '../server/file-types'

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
    caseSensitive?: boolean
    headers: { regex: string; has?: unknown; missing?: unknown; headers: { key: string; value: string }[] }[]
    redirects: Rule[]
    rewrites: { beforeFiles: Rule[]; afterFiles: Rule[]; fallback: Rule[] }
    staticRoutes: { page: string }[]
    dynamicRoutes: { page: string; regex: string }[]
  }
  /** Of the addresses that proxy.ts is asked about. */
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

/** @param dist where the build is: `.next`. */
export function readBuild(dist: string): Build {
  const read = (name: string) => JSON.parse(readFileSync(path.join(/*turbopackIgnore: true*/ dist, name), 'utf8'))
  const readIfThere = (name: string) => (existsSync(path.join(/*turbopackIgnore: true*/ dist, name)) ? read(name) : {})
  const onEdge = readIfThere('server/middleware-manifest.json').middleware?.['/']
  const onNode = readIfThere('server/functions-config-manifest.json').functions?.['/_middleware']
  return {
    prerendered: read('prerender-manifest.json'),
    routes: read('routes-manifest.json'),
    // Without a matcher it is asked about everything.
    matchers: onEdge?.matchers ?? onNode?.matchers ?? (onNode ? [{ regexp: '.*' }] : []),
    config: read('required-server-files.json').config,
  }
}

/** Whether addresses of a site are written otherwise than here: below a path, by language, or with a slash at the end. */
export function writesOtherwise({ config: { trailingSlash, basePath, i18n, assetPrefix } }: Build): boolean {
  const isBelow = new URL(assetPrefix || '/', 'http://here.invalid').pathname !== '/'
  return Boolean(trailingSlash || basePath || i18n || isBelow)
}

/** Where next.config.js sends addresses that nothing has; our own server has looked there already (lib/static/not-found.ts). */
const lastResort = '/moved/'

/** Rules of next.config.js take small and capital letters for the same unless it says otherwise; routes do not. */
const ruleOf = ({ caseSensitive }: Build['routes'], regex: string) => new RegExp(regex, caseSensitive ? '' : 'i')

const isOurs = ({ internal, destination }: Rule) => internal || destination.startsWith(lastResort)

/**
 * Whether Next.js asks others about an address before it looks for a page or a file there: redirects, proxy.ts, and rewrites and headers
 * that may depend on more than the address. Only Next.js knows what comes of that.
 *
 * @returns a question: an address as it is written, without a query.
 */
export function comesFirst(build: Build): (address: string) => boolean {
  const isFirst = rulesBefore(build)
  // What is stored is found in any spelling, so nobody gets around a rule by another one.
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

/** Other names of pages, which matchers of proxy.ts have in them: nobody asks for a page as data here. */
const asData = /^\/_next\/data\/|\.rsc$/

/**
 * Whether a route of the build makes the answer for an address anew: one that is stored, or that no route has, Next.js need not be
 * asked for. It would be at a loss for some of these (16.4.6, 2026-11): it answers 500 to the patterns of its own routes.
 *
 * @returns a question: an address as it is written, without a query.
 */
export function routesOf(build: Build): (address: string) => boolean {
  const { prerendered, routes, config } = build
  const { afterFiles, fallback } = routes.rewrites
  const isFirst = rulesBefore(build)
  const patterns = new Set(routes.dynamicRoutes.map(({ page }) => page))
  const single = new Set(routes.staticRoutes.map(({ page }) => page).filter((page) => !page.startsWith('/_')))
  const made = new Set(Object.keys(prerendered.routes).filter((address) => !address.startsWith('/_')))
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
    // Next.js finds a route by an encoded name and then answers 500.
    const isEncoded = name !== address && encodeURI(name) !== address
    if (isEncoded && single.has(name)) return false
    if (single.has(name) || made.has(name) || regexes.some((regex) => regex.test(address))) return true
    return !asData.test(address) && (isFirst(address) || (!isEncoded && isFirst(name)))
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
      // The date of a file of the build says nothing about its content.
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
