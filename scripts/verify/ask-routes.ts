import { ask, asked, inParallel } from './ask'
import type { Server } from './copy'
import { actionProbes, moreProbesOf, type Probe, probesOf } from './probes'
import { routesOf } from './routes'
import { type Hit, leaksDeep, leftOut, named, type Point, type Site } from './site'
import { Twin } from './twin'
import { valuesOf } from './values'

/** How many further requests each route gets, besides those with the most telling values. */
const MORE = { quick: 50, usual: 160, all: 20_000 }

/** 2. Asks every route of the build with the parameters that its source reads, by every method that it has. */
export async function askRoutes(site: Site, server: Server, other: Server): Promise<Point> {
  const before = asked
  const twin = new Twin(site, [server.port, other.port])
  const { routes, proxy, actions, unread } = await routesOf(site.copy)
  for (const what of unread) leftOut(site, what)
  const values = valuesOf(site)
  const hits = new Map<string, Hit>()
  const work: Probe[] = []
  for (const route of routes) {
    work.push(...probesOf(route, values, server.self))
    const more = [...moreProbesOf(route, values, server.self)]
    const few = Math.min(more.length, MORE[site.extent])
    if (few < more.length)
      leftOut(site, `${route.page}: besides all else it was asked ${few} of ${more.length} things, evenly spread`)
    for (let at = 0; at < few; at++) work.push(more[Math.floor((at * more.length) / few)] as Probe)
  }
  for (const page of proxy ? ['/', '/blog', '/nowhere'] : [])
    work.push(
      ...probesOf({ page, source: undefined, methods: [], fixed: false, reads: proxy as never }, values, server.self),
    )
  work.push(...actionProbes(actions, values, server.self))
  await inParallel(work, async ({ request, way }) => {
    const place = request.address.split('?')[0] ?? ''
    let answer: Awaited<ReturnType<typeof ask>>
    try {
      answer = await ask(server.port, request)
      if (answer.cut) leftOut(site, `the end of what ${place} answers: it went on for 20 s`)
      await twin.check(request, answer, way)
    } catch (error) {
      return void leftOut(site, `an answer of ${place} (${(error as Error).message})`)
    }
    for (const { word, how } of leaksDeep(site, request, answer)) {
      const where = `${request.method} ${request.address} (${[way, how].filter(Boolean).join(', in ')})`
      hits.set(`${where} ${named(word)}`, { place: where, what: named(word) })
    }
  })
  const counts = { routes: routes.length, requests: asked - before, compared: twin.compared }
  return { point: 2, name: 'routes asked by what they read', counts, hits: [...hits.values(), ...twin.hits.values()] }
}
