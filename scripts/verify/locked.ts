import path from 'node:path'
import { type Answer, ask, asked, inParallel, makeVariants, plain, type Variant } from './ask'
import { type Canary, newWord } from './canaries'
import { type Server, serveCached } from './copy'
import { asEditor, chiefOf, type Hit, isCommon, leaks, named, type Point, pairs, type Site } from './site'

const isHidden = ({ headers, before }: Answer): boolean =>
  (!before || isHidden(before)) &&
  /\bprivate\b/.test(headers['cache-control'] ?? '') &&
  /\bno-store\b/.test(headers['cache-control'] ?? '') &&
  ['noindex', 'nofollow', 'noarchive'].every((word) => headers['x-robots-tag']?.includes(word)) &&
  headers['referrer-policy'] === 'no-referrer'

const secretHeaders = ({ headers }: Answer) =>
  ['cache-control', 'x-robots-tag', 'referrer-policy'].map((name) => `${name}: ${headers[name] ?? 'none'}`).join('; ')

/**
 * 4. Every answer below /drafts and /api/draft-media, and any other answer with words of a draft, has the headers that forbid to cache it,
 * to index it and to send its address as a referrer.
 */
export async function checkHeaders(site: Site, { port }: Server, cookie: string): Promise<Point> {
  const before = asked
  const hits: Hit[] = []
  const drafts = site.canaries.filter(({ status }) => status !== 'page')
  const below = [
    ...[
      '/drafts',
      '/drafts/',
      '/drafts/a//b/',
      '/drafts/%',
      '/drafts?text=a&author=b&tag=c',
      '/api/draft-media',
      `/drafts/${newWord()}`,
      `/api/draft-media/${newWord()}/${newWord()}.png`,
    ],
    ...drafts.flatMap(({ slug, pictures: [picture] }) => [
      ...['', '?view=sheet', '?view=paper', '?view=phone'].map((query) => `/drafts/${slug}${query}`),
      ...(picture ? [`/api/draft-media/${picture.hash}/${picture.name}`] : []),
    ]),
  ]
  const {
    slug,
    pictures: [picture],
  } = chiefOf(site)
  const media = `${picture?.hash}/${picture?.name}`
  const beside = [
    ...[
      `//drafts/${slug}`,
      `/Drafts/${slug}`,
      `/DRAFTS`,
      `/%64rafts/${slug}`,
      `/%64rafts`,
      `/drafts%2F${slug.replace('/', '%2F')}`,
      `/./drafts/${slug}`,
    ],
    ...[
      `/blog/../drafts/${slug}`,
      `/drafts;x/${slug}`,
      `/drafts.rsc`,
      `/drafts.txt`,
      '/index/drafts',
      `/en/drafts/${slug}`,
      `/blog/%2e%2e/drafts/${slug}`,
    ],
    ...[
      `/_next/data/build/drafts/${slug}.json`,
      `/moved/drafts/${slug}`,
      `/api/Draft-media/${media}`,
      `/%61pi/draft-media/${media}`,
      `/api//draft-media/${media}`,
    ],
    ...[
      `/_next/image?url=${encodeURIComponent(`/api/draft-media/${media}`)}&w=640&q=75`,
      `/_next/image?url=${encodeURIComponent(`/drafts/${slug}`)}&w=640&q=75`,
    ],
  ]
  const isChief = (address: string) => ['/drafts', `/drafts/${slug}`, `/api/draft-media/${media}`].includes(address)
  const variants = makeVariants(site.segments, slug, false)
  const methods: Variant[] = ['HEAD', 'OPTIONS', 'POST', 'PUT', 'PATCH', 'DELETE'].map((method) => ({
    name: method,
    of: (address) => ({ method, address, headers: {} }),
  }))
  const ways = [plain, ...methods]
  const work = [...below, ...beside].flatMap((address) => [
    ...pairs(address, isChief(address) ? variants : variants.filter(isCommon)),
    ...(isChief(address) ? ways : [plain]).map((way) => [address, way] as [string, Variant]),
  ])
  await inParallel(work, async ([address, variant]) => {
    const request = variant.of(address)
    // A variant may change the address: `/drafts.rsc` is not below /drafts.
    const isBelow = below.includes(address) && /^\/(drafts|api\/draft-media)([/?]|$)/.test(request.address)
    for (const who of ['a stranger', 'an editor']) {
      const answer = await ask(port, who === 'an editor' ? asEditor(request, cookie) : request)
      const needs = isBelow || leaks(site, request, answer).length > 0
      if (needs && !isHidden(answer))
        hits.push({
          place: `${request.address} (${variant.name}, ${who}, ${answer.status})`,
          what: secretHeaders(answer),
        })
    }
  })
  return {
    point: 4,
    name: 'headers of drafts',
    counts: { addresses: below.length + beside.length, requests: asked - before },
    hits,
  }
}

/** 4. A cache in front of the server stores public pages, and no draft. */
export async function askThroughCache(site: Site, server: Server, cookie: string): Promise<Point> {
  const point: Point = { point: 4, name: 'a cache in front', counts: {}, hits: [] }
  const cache = await serveCached(path.join(site.copy, '.nginx'), server.port)
  if (!cache) {
    point.note =
      'Not checked: there is no nginx here. Install one (Debian: apt-get install nginx-light) and run this again.'
    if (process.env.CI) point.hits.push({ place: 'nginx', what: 'is not installed' })
    return point
  }
  const before = asked
  for (const address of ['/', '/blog']) {
    await ask(cache.port, plain.of(address))
    const { headers } = await ask(cache.port, plain.of(address))
    if (headers['x-cache'] !== 'HIT')
      throw new Error(
        `nginx does not keep ${address} (${headers['x-cache']}), so that it keeps no draft means nothing.`,
      )
  }
  const drafts = site.canaries.filter(({ status }) => status !== 'published' && status !== 'page')
  const addresses = drafts.flatMap(({ slug, pictures: [picture] }) => [
    `/drafts/${slug}`,
    ...(picture ? [`/api/draft-media/${picture.hash}/${picture.name}`] : []),
  ])
  const variants = [
    plain,
    ...makeVariants(['/_tree', '/drafts/$c$slug/__PAGE__'], 'draft', false).filter(({ name }) =>
      /RSC|Prefetch|_rsc/.test(name),
    ),
  ]
  for (const address of ['/drafts', ...addresses]) {
    for (const variant of address === `/drafts/${chiefOf(site).slug}` ? variants : variants.filter(isCommon)) {
      const request = variant.of(address)
      // The refusal of a stranger must not be stored for the editor, nor the draft for the next stranger.
      const refused = await ask(cache.port, request)
      const shown = await ask(cache.port, asEditor(request, cookie))
      const again = await ask(cache.port, request)
      const place = `${request.address} (${variant.name}, behind nginx)`
      if (variant === plain && shown.status !== 200)
        point.hits.push({ place, what: `answers an editor with ${shown.status}: what a visitor got before was kept` })
      for (const answer of [refused, again])
        for (const word of leaks(site, request, answer)) point.hits.push({ place, what: named(word) })
      for (const answer of [refused, shown, again])
        if (answer.headers['x-cache'] === 'HIT') point.hits.push({ place, what: 'was kept by the cache' })
    }
  }
  await cache.stop()
  point.counts = { addresses: addresses.length + 1, requests: asked - before }
  return point
}

/** 5. A person taken off the editor list is refused at the next request, though the session goes on. */
export async function askAsFormerEditor(site: Site, { port }: Server, cookie: string): Promise<Point> {
  const before = asked
  const hits: Hit[] = []
  const drafts = site.canaries.filter(({ status }) => status !== 'published' && status !== 'page')
  const addresses = ['/drafts', ...drafts.map(({ slug }) => `/drafts/${slug}`)]
  const variants = makeVariants(site.segments, 'draft', false)
  const isChief = (address: string) => address === `/drafts/${chiefOf(site).slug}`
  await inParallel(
    addresses.flatMap((address) => pairs(address, isChief(address) ? variants : variants.filter(isCommon))),
    async ([address, variant]) => {
      const request = variant.of(address)
      const answer = await ask(port, asEditor(request, cookie))
      const place = `${request.address} (${variant.name}, once an editor)`
      for (const word of leaks(site, request, answer)) hits.push({ place, what: named(word) })
      if (variant === plain && answer.status !== 404) hits.push({ place, what: `answers ${answer.status}, not 404` })
      if (!isHidden(answer) && /^\/drafts([/?]|$)/.test(request.address))
        hits.push({ place, what: secretHeaders(answer) })
    },
  )
  return { point: 5, name: 'a former editor', counts: { addresses: addresses.length, requests: asked - before }, hits }
}

const lockedPictures = (site: Site) =>
  site.canaries.filter(({ status }) => !/published|unlisted/.test(status)).flatMap(({ pictures }) => pictures)

/** 6. An editor gets the pictures of a draft. Nobody else gets them, also after an editor has seen them. */
export async function askForPictures(site: Site, server: Server, cookie: string): Promise<Point> {
  const before = asked
  const pictures = lockedPictures(site)
  for (const { hash, name, bytes } of pictures) {
    for (const size of [16, 640])
      await ask(
        server.port,
        asEditor(
          plain.of(`/_next/image?url=${encodeURIComponent(`/api/draft-media/${hash}/${name}`)}&w=${size}&q=75`),
          cookie,
        ),
      )
    const { status, body } = await ask(server.port, asEditor(plain.of(`/api/draft-media/${hash}/${name}`), cookie))
    if (status !== 200 || !body.equals(bytes))
      throw new Error(`An editor gets ${status} for the picture ${name} beside a draft.`)
  }
  const { hits } = await refusePictures(site, server, '', 'a stranger')
  return { point: 6, name: 'pictures', counts: { pictures: pictures.length, requests: asked - before }, hits }
}

export async function refusePictures(site: Site, { port }: Server, cookie: string, who: string): Promise<Point> {
  const before = asked
  const hits: Hit[] = []
  const variants = makeVariants(site.segments, 'draft', site.extent === 'all')
  const addresses = lockedPictures(site).flatMap(({ hash, name }) => {
    const inside = [`/api/draft-media/${hash}/${name}`, `/media/${hash}/${name}`]
    return [...inside, ...inside.map((address) => `/_next/image?url=${encodeURIComponent(address)}&w=640&q=75`)]
  })
  const isChief = (address: string) => address.endsWith(`/${chiefOf(site).pictures[0]?.name}`)
  await inParallel(
    addresses.flatMap((address) => pairs(address, isChief(address) ? variants : variants.filter(isCommon))),
    async ([address, variant]) => {
      const request = variant.of(address)
      const answer = await ask(port, cookie ? asEditor(request, cookie) : request)
      const place = `${request.address} (${variant.name}, ${who})`
      if (answer.status < 300 || answer.headers['content-type']?.startsWith('image/'))
        hits.push({ place, what: `answers ${answer.status} ${answer.headers['content-type']}` })
      for (const word of leaks(site, request, answer)) hits.push({ place, what: named(word) })
    },
  )
  return { point: 6, name: 'pictures', counts: { requests: asked - before }, hits }
}

/** 7. An editor and a stranger send a thousand requests each at the same time. */
export async function askTogether(site: Site, { port }: Server, cookie: string): Promise<Point> {
  const hits: Hit[] = []
  const drafts = site.canaries.filter(
    ({ status }) => status === 'draft' || status === 'scheduled' || status === 'expired',
  )
  const turns = Array.from({ length: 1000 }, (_, turn) => drafts[turn % drafts.length] as Canary)
  const strangers = [plain, ...makeVariants(['/_tree'], 'draft', false).slice(0, 3)]
  await Promise.all([
    inParallel(
      turns,
      async ({ slug, words }) => {
        const { status, body } = await ask(port, asEditor(plain.of(`/drafts/${slug}`), cookie))
        const text = words.find(({ field }) => field === 'body')
        if (status !== 200 || !text || !body.includes(text.bytes))
          throw new Error(`Among many an editor gets ${status} for /drafts/${slug}, without its text.`)
      },
      4,
    ),
    inParallel(
      turns.entries(),
      async ([turn, { slug }]) => {
        const address = ['/drafts/', '/blog/', '/drafts/', '/'][turn % 4] + (turn % 4 < 3 ? slug : '')
        const variant = strangers[Math.floor(turn / 4) % strangers.length] ?? plain
        const request = variant.of(address)
        for (const word of leaks(site, request, await ask(port, request)))
          hits.push({ place: `${address} (${variant.name}, while an editor reads)`, what: named(word) })
      },
      4,
    ),
  ])
  return { point: 7, name: 'an editor and a visitor at once', counts: { 'answers each': turns.length }, hits }
}
