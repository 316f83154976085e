import { encodePath } from '../../lib/site/address'
import { addressesIn, guesses, startingPoints } from './addresses'
import { type Answer, type Asked, ask, asked, inParallel, makeVariants, plain, type Variant } from './ask'
import type { Canary } from './canaries'
import type { Server } from './copy'
import { chiefOf, type Hit, isCommon, isMain, leaksDeep, named, type Point, pairs, type Site, spread } from './site'
import type { Twin } from './twin'

/** How many pages of each section (the first segment of an address) are asked for in every variant. */
const pagesOfASection = { all: Number.POSITIVE_INFINITY, usual: 3, quick: 1 }

/** 2. Signed out, asks for every address of the site and every address that a canary could have, in many variants. */
export async function crawl(site: Site, { port }: Server, twin: Twin): Promise<Point[]> {
  const before = asked
  const hits = new Map<string, Hit>()
  const judge = async (request: Asked, variant: Variant, answer: Answer) => {
    for (const { word, how } of leaksDeep(site, request, answer)) {
      const place = `${request.method} ${request.address} (${[variant.name, how].filter(Boolean).join(', in ')})`
      const hit = { place, what: named(word) }
      hits.set(`${hit.place} ${hit.what}`, hit)
    }
    if (variant === plain || variant.name === 'RSC') await twin.check(request, answer, variant.name)
  }
  const hidden = site.canaries.filter((canary) => canary.status !== 'published')
  const own = site.ownSlugs.flatMap((slug) => {
    const address = encodePath(slug)
    return [`/blog/${address}`, `/drafts/${address}`, `/blog/${address}.md`, `/og/${address}`]
  })
  const guessed = new Set(hidden.flatMap(guesses))
  const known = new Set([...startingPoints(site.copy), ...own, ...site.canaries.flatMap(guesses)])
  const pages: string[] = []
  // Addresses found in answers are added to the set and asked for in the next round.
  for (let from = 0; from < known.size; ) {
    const batch = [...known].slice(from)
    from = known.size
    await inParallel(batch, async (address) => {
      const request = plain.of(address)
      const answer = await ask(port, request)
      await judge(request, plain, answer)
      if (!guessed.has(address) && /html/.test(answer.headers['content-type'] ?? '') && answer.status === 200)
        pages.push(address)
      for (const found of addressesIn(address, answer, port)) known.add(found)
    })
  }
  const sections = new Map<string, string[]>()
  for (const page of pages.sort()) {
    const name = page.split(/[/?]/)[1] ?? ''
    sections.set(name, [...(sections.get(name) ?? []), page])
  }
  const looked = [...sections.values()].flatMap((section) => spread(section, pagesOfASection[site.extent]))
  const draft = hidden[0]?.slug ?? ''
  const every = makeVariants(site.segments, draft, true)
  const work = [
    ...hidden.flatMap((canary) => waysToAskFor(site, canary)),
    ...looked.flatMap((address) =>
      pairs(
        address,
        makeVariants(site.segments, draft, false).filter((way) => site.extent !== 'quick' || isCommon(way)),
      ),
    ),
  ]
  await inParallel(work, async ([address, variant]) => {
    const request = variant.of(address)
    await judge(request, variant, await ask(port, request))
  })
  const counts = {
    addresses: known.size,
    'ways to ask': every.length,
    requests: asked - before,
    words: site.words.length,
  }
  const note =
    looked.length < pages.length
      ? `${looked.length} of ${pages.length} pages were asked for in every way, ${pagesOfASection[site.extent]} of each section; all of them as they are.`
      : undefined
  const stranger = {
    point: 2,
    name: 'answers to a stranger',
    counts,
    hits: [...hits.values()],
    ...(note ? { note } : {}),
  }
  const both = {
    point: 2,
    name: 'answers with and without drafts',
    counts: { answers: twin.compared },
    hits: [...twin.hits.values()],
  }
  return [stranger, both]
}

/**
 * The addresses of a canary, each with the variants to ask in. The main addresses of the chief draft are asked in all variants, those of
 * other canaries with a picture in most, and all other addresses in the commonest.
 */
function waysToAskFor(site: Site, canary: Canary): [string, Variant][] {
  const chief = chiefOf(site)
  const every = makeVariants(site.segments, chief.slug, true)
  const most = makeVariants(site.segments, chief.slug, false)
  return guesses(canary).flatMap((address) => {
    if (site.extent === 'quick') return isMain(address) ? pairs(address, most.filter(isCommon)) : []
    if (site.extent === 'all' || (canary === chief && isMain(address))) return pairs(address, every)
    return pairs(address, canary.original && isMain(address) ? most : most.filter(isCommon))
  })
}
