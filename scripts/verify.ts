/**
 * `npm run verify:drafts` shows that nothing of a draft is public. It builds the site in a copy, with canaries among the content
 * (documents each field of which has a word that stands nowhere else), and looks for their words in every byte of the build and
 * in every answer that a stranger gets. The project itself is left as it is.
 *
 * `--json FILE` writes the report as JSON, `--only 1,2` looks at some points, `--patch FOLDER` lays files over the copy,
 * `--all` asks for everything in every way, `--quick` in the commonest only, `--keep` leaves the copy. Exit code 1: something is public; 2: it could not be found out.
 */
import { randomBytes } from 'node:crypto'
import { readFileSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { parseArgs } from 'node:util'
import { safelyDecoded } from '../lib/content/address'
import type { Manifest } from '../lib/content/manifest'
import { statusOf } from '../lib/content/status'
import { hashPassword } from '../lib/password'
import { addressesIn, fits, guesses, segmentsOf, startingPoints } from './verify/addresses'
import { type Answer, type Asked, ask, asked, inParallel, makeVariants, plain, type Variant, wire } from './verify/ask'
import { type Canary, learnPictures, newWord, wordsOfOwnDrafts, writeCanaries } from './verify/canaries'
import { buildCopy, filesIn, makeCopy, removeCopy, type Server, serveCached, serveCopy, stopAll } from './verify/copy'
import { searchFor, type Word } from './verify/words'

/** Something that should not be: where it was met, and what it was. */
type Hit = { place: string; what: string }
/** What one point of the promise came to. `counts` say how much was looked at. */
type Point = { point: number; name: string; counts: Record<string, number>; hits: Hit[]; note?: string }
/** What `--json` writes: how many hits in all, how long it took, and where the copy was. */
export type Report = { hits: number; seconds: number; copy: string; points: Point[] }
/** All that the points need: the copy, what is hidden in it, and who asks. */
type Site = {
  copy: string
  canaries: Canary[]
  words: Word[]
  find: (bytes: Uint8Array) => Word[]
  ownSlugs: string[]
  segments: string[]
  settings: Record<string, string>
}

const { values: options } = parseArgs({
  options: {
    json: { type: 'string' },
    only: { type: 'string' },
    patch: { type: 'string' },
    all: { type: 'boolean' },
    quick: { type: 'boolean' },
    keep: { type: 'boolean' },
  },
})
const only = options.only?.split(',').map(Number)
const wants = (point: number) => !only || only.includes(point)
const editor = { name: 'editor@verify.invalid', password: newWord() }
const started = Date.now()
let copy: string | undefined

function cleanUp() {
  stopAll()
  if (copy && !options.keep) removeCopy(copy)
  else if (copy) console.log(`The copy is in ${copy}.`)
}

function print({ point, name, counts, hits, note }: Point) {
  const said = Object.entries(counts).map(([what, count]) => `${count.toLocaleString('en')} ${what}`)
  console.log(`${point} ${name}: ${[...said, hits.length === 1 ? '1 hit' : `${hits.length} hits`].join(', ')}`)
  if (note) console.log(`  ${note}`)
  for (const { place, what } of hits.slice(0, 50)) console.log(`  ${place}: ${what}`)
  if (hits.length > 50) console.log(`  … and ${hits.length - 50} more`)
}

/** Fills in the points one by one. */
async function verify(points: Point[]) {
  console.log('Copying the project, with canary drafts among the content …')
  copy = makeCopy(options.patch)
  const canaries = await writeCanaries(path.join(copy, 'content'))
  console.log('Building the copy …')
  await buildCopy(copy)
  learnPictures(path.join(copy, '.contentlayer/store'), canaries)
  const isCanary = (slug: string) => canaries.some((canary) => canary.slug === slug)
  const own = wordsOfOwnDrafts(path.join(copy, '.contentlayer/store'), isCanary, publicText(copy))
  const hidden = canaries.filter((canary) => canary.status !== 'published')
  const words = [...hidden.flatMap((canary) => canary.words), ...withoutFramework(own.words)]
  const secret = randomBytes(32).toString('base64')
  const site: Site = {
    copy,
    canaries,
    words,
    find: searchFor(words),
    ownSlugs: own.slugs,
    segments: segmentsOf(copy),
    settings: {
      NEXTAUTH_SECRET: secret,
      EDITORS: editor.name,
      EDITOR_PASSWORDS: `${editor.name}:${await hashPassword(editor.password)}`,
    },
  }
  console.log('Searching and asking …\n')
  if (wants(1)) points.push(searchFiles(site))
  if (!only || only.some((point) => point > 1)) await askServer(site, points)
}

/** The words that do not stand in the code of Next.js, which every build has: a draft called "Server components" is no leak. */
function withoutFramework(words: Word[]): Word[] {
  const find = searchFor(words)
  const code = words.length > 0 ? filesIn(path.join('node_modules', 'next', 'dist')) : []
  const known = new Set(code.filter((file) => file.endsWith('.js')).flatMap((file) => find(readFileSync(file))))
  return words.filter((word) => !known.has(word))
}

/** Everything in the copy that is public or code, as one text: all but the files of what is not published. */
function publicText(folder: string): string {
  const store = path.join(folder, '.contentlayer/store')
  const { posts, pages }: Manifest = JSON.parse(readFileSync(path.join(store, 'manifest.json'), 'utf8'))
  const now = new Date()
  const isPublic = (post: Manifest['posts'][number]) => /^(published|unlisted)$/.test(statusOf(post, now))
  const hidden = [...posts.filter((post) => !isPublic(post)), ...pages.filter((page) => page.draft)]
  const hiddenFiles = new Set(hidden.map(({ file }) => path.join(folder, 'content', file)))
  return ['app', 'components', 'lib', 'content', 'public', 'site.config.ts']
    .flatMap((name) => filesIn(path.join(folder, name)))
    .filter((file) => /\.(mdx?|tsx?|css|txt|html|xml|json)$/.test(file) && !hiddenFiles.has(file))
    .map((file) => readFileSync(file, 'utf8'))
    .join('\n')
    .toLowerCase()
}

/** 1. No word in what the build has made: pages, payloads, chunks, manifests, source maps, pictures; nor in `public`. */
function searchFiles({ copy, canaries, words, find }: Site): Point {
  const files = [...filesIn(path.join(copy, '.next')), ...filesIn(path.join(copy, 'public'))].filter(
    (file) => !file.startsWith(path.join(copy, '.next', 'cache') + path.sep),
  )
  const published = canaries.filter((canary) => canary.status === 'published').flatMap((canary) => canary.words)
  const unseen = new Set(published.filter(({ field }) => field !== 'alias'))
  const findPublished = searchFor(published)
  const hits: Hit[] = []
  let bytes = 0
  for (const file of files) {
    const content = readFileSync(file)
    const place = path.relative(copy, file).split(path.sep).join('/')
    bytes += content.length
    for (const word of findPublished(content)) unseen.delete(word)
    for (const word of [...find(content), ...find(Buffer.from(place))])
      if (!word.isAllowed?.(place)) hits.push({ place, what: named(word) })
  }
  if (unseen.size > 0)
    throw new Error(
      `The search does not find the ${[...unseen][0]?.field} of a published post, so that it finds no draft means nothing.`,
    )
  return { point: 1, name: 'built files', counts: { files: files.length, bytes, words: words.length }, hits }
}

const named = ({ field, of }: Word) => `${field} of ${of}`

/** Points 2 to 7: a server of the copy, asked by a stranger, by an editor, and by an editor who is none any more. */
async function askServer(site: Site, points: Point[]) {
  const server = await serveCopy(site.copy, site.settings)
  const cookie = await signIn(server)
  await checkEditor(site, server, cookie)
  if (wants(2)) points.push(await crawl(site, server))
  if (wants(3)) points.push(await compare(site, server, {}, 'a stranger'))
  if (wants(4)) points.push(await checkHeaders(site, server, cookie), await askThroughCache(site, server, cookie))
  if (wants(6)) points.push(await askForPictures(site, server, cookie))
  if (wants(7)) points.push(await askTogether(site, server, cookie))
  await server.stop()
  if (!wants(3) && !wants(5) && !wants(6)) return

  const settings = { ...site.settings, EDITORS: 'somebody-else@verify.invalid' }
  const later = await serveCopy(site.copy, settings)
  if (wants(5)) points.push(await askAsFormerEditor(site, later, cookie))
  const merge = (name: string, more: Point) => {
    const point = points.find((one) => one.name === name)
    for (const [what, count] of Object.entries(more.counts))
      if (point) point.counts[what] = (point.counts[what] ?? 0) + count
    point?.hits.push(...more.hits)
  }
  if (wants(3)) merge('real and invented addresses', await compare(site, later, { Cookie: cookie }, 'no editor'))
  if (wants(6)) merge('pictures', await refusePictures(site, later, cookie, 'no editor'))
  await later.stop()
}

async function signIn({ port, self }: Server): Promise<string> {
  const answer = await ask(port, {
    method: 'POST',
    address: '/api/auth/callback/password',
    headers: { Origin: self, 'Content-Type': 'application/x-www-form-urlencoded' },
    body: new URLSearchParams(editor).toString(),
  })
  const session = /[^;, ]*galley\.session=[^;]+/.exec(answer.headers['set-cookie'] ?? '')?.[0]
  if (!session)
    throw new Error(`The editor of the copy cannot sign in: ${answer.status} ${answer.headers.location ?? ''}.`)
  return session
}

/** The canaries are there: an editor reads each. Else that nobody else does would mean nothing. */
async function checkEditor({ canaries }: Site, { port }: Server, cookie: string) {
  for (const canary of canaries.filter(({ status }) => status !== 'published' && status !== 'page')) {
    const { status, body } = await ask(port, asEditor(plain.of(`/drafts/${canary.slug}`), cookie))
    const missing = canary.words.find(
      (word) => /^(title|summary|body)$/.test(word.field) && !searchFor([word])(body).length,
    )
    if (status !== 200 || missing)
      throw new Error(
        `An editor cannot read the canary "${canary.name}" (${missing?.field ?? status}), so that nobody else can means nothing.`,
      )
  }
}

const asEditor = (request: Asked, cookie: string): Asked => ({
  ...request,
  headers: { ...request.headers, Cookie: [request.headers.Cookie, cookie].filter(Boolean).join('; ') },
})

/** The words in an answer that were not in the request: an address that is said back is no leak. */
function leaks({ find }: Site, request: Asked, answer: Answer): Word[] {
  const found = find(wire(answer))
  if (found.length === 0) return found
  const sent = `${request.address}\n${safelyDecoded(request.address)}\n${JSON.stringify(request.headers)}`.toLowerCase()
  return found.filter(
    (word) => !word.isAllowed?.(request.address) && !sent.includes(word.bytes.toString('latin1').toLowerCase()),
  )
}

/** How many pages of each section (the first folder of an address) are asked for in every way. */
const PAGES_OF_A_SECTION = options.all ? Number.POSITIVE_INFINITY : options.quick ? 1 : 3

/** 2. Signed out, every address there is and every address a canary would have, in every way to ask. */
async function crawl(site: Site, { port }: Server): Promise<Point> {
  const before = asked
  const hits = new Map<string, Hit>()
  const judge = (request: Asked, variant: Variant, answer: Answer) => {
    for (const word of leaks(site, request, answer)) {
      const hit = { place: `${variant.of('').method} ${request.address} (${variant.name})`, what: named(word) }
      hits.set(`${hit.place} ${hit.what}`, hit)
    }
  }
  const hidden = site.canaries.filter((canary) => canary.status !== 'published')
  const own = site.ownSlugs.flatMap((slug) => {
    const address = slug.split('/').map(encodeURIComponent).join('/')
    return [`/blog/${address}`, `/drafts/${address}`, `/blog/${address}.md`, `/og/${address}`]
  })
  const guessed = new Set(hidden.flatMap(guesses))
  const known = new Set([...startingPoints(site.copy), ...own, ...site.canaries.flatMap(guesses)])
  const pages: string[] = []
  // A set grows while it is walked: what an answer names is asked for in turn.
  for (let from = 0; from < known.size; ) {
    const batch = [...known].slice(from)
    from = known.size
    await inParallel(batch, async (address) => {
      const request = plain.of(address)
      const answer = await ask(port, request)
      judge(request, plain, answer)
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
  const looked = [...sections.values()].flatMap((section) => spread(section, PAGES_OF_A_SECTION))
  const draft = hidden[0]?.slug ?? ''
  const every = makeVariants(site.segments, draft, true)
  const work = [
    ...hidden.flatMap((canary) => waysToAskFor(site, canary)),
    ...looked.flatMap((address) =>
      pairs(
        address,
        makeVariants(site.segments, draft, false).filter((way) => !options.quick || isCommon(way)),
      ),
    ),
  ]
  await inParallel(work, async ([address, variant]) => {
    const request = variant.of(address)
    judge(request, variant, await ask(port, request))
  })
  const counts = {
    addresses: known.size,
    'ways to ask': every.length,
    requests: asked - before,
    words: site.words.length,
  }
  const note =
    looked.length < pages.length
      ? `${looked.length} of ${pages.length} pages were asked for in every way, ${PAGES_OF_A_SECTION} of each section; all of them as they are.`
      : undefined
  return { point: 2, name: 'answers to a stranger', counts, hits: [...hits.values()], ...(note ? { note } : {}) }
}

/**
 * The addresses of a canary, each in several ways: where a post with a picture, or the picture, would be in most ways (a draft in
 * all of them); elsewhere, and for those that differ only in the shape of their file, in the commonest.
 */
function waysToAskFor(site: Site, canary: Canary): [string, Variant][] {
  const chief = chiefOf(site)
  const every = makeVariants(site.segments, chief.slug, true)
  const most = makeVariants(site.segments, chief.slug, false)
  return guesses(canary).flatMap((address) => {
    if (options.quick) return pairs(address, most.filter(isCommon))
    if (options.all || (canary === chief && isMain(address))) return pairs(address, every)
    return pairs(address, canary.original && isMain(address) ? most : most.filter(isCommon))
  })
}

/** The canary that is looked at most closely: a draft with a picture. */
function chiefOf({ canaries }: Site): Canary {
  const chief = canaries.find(({ status, original }) => status === 'draft' && original)
  if (!chief) throw new Error('There is no canary draft with a picture.')
  return chief
}

/** Where a post or a picture would be, not only be named. */
const isMain = (address: string) => /^\/(blog\/[^/]+|drafts\/[^/]+|media|api\/draft-media)\/[^?]*$/.test(address)

const isCommon = ({ name }: Variant) => /^(as it is|RSC|Next-Router-Prefetch|\.rsc|.*: proxy × 5)$/.test(name)

/** An address in each way that fits it. */
function pairs(address: string, variants: Variant[]): [string, Variant][] {
  const segment = /^Next-Router-Segment-Prefetch: (.*)/
  return variants
    .filter(({ name }) => fits(segment.exec(name)?.[1] ?? '/_', address))
    .map((variant) => [address, variant])
}

/** At most `count` of the items, evenly spread. */
const spread = <Item>(items: Item[], count: number) =>
  items.length <= count
    ? items
    : Array.from({ length: count }, (_, at) => items[Math.floor((at * items.length) / count)] as Item)

/** 3. A real address and an invented one of the same length get the same answer, but for the address itself. */
async function compare(site: Site, { port }: Server, headers: Record<string, string>, who: string): Promise<Point> {
  const hits: Hit[] = []
  let pairsAsked = 0
  const hidden = site.canaries.filter(({ status }) => status !== 'published' && status !== 'unlisted')
  for (const canary of hidden) {
    const secrets = canary.words
      .map((word) => word.bytes.toString('latin1'))
      .filter((word) => /^[\da-z]{12,14}$/.test(word))
    const invented = secrets.map((word) => (word.length === 12 ? randomBytes(6).toString('hex') : newWord()))
    const other = (text: string) => secrets.reduce((all, word, at) => all.replaceAll(word, invented[at] ?? ''), text)
    const back = (text: string) => invented.reduce((all, word, at) => all.replaceAll(word, secrets[at] ?? ''), text)
    // Two that all share are real either way.
    const shared = [`/blog/${canary.category}`, `/series/${canary.series}`]
    const addresses = guesses(canary).filter(
      (address) =>
        other(address) !== address &&
        !(canary.original && shared.includes(address)) &&
        !(headers.Cookie && !isMain(address)),
    )
    const most = makeVariants(site.segments, 'draft', false)
    const close = options.all || canary === chiefOf(site)
    const work = addresses.flatMap((address) =>
      pairs(
        address,
        isMain(address) ? (close ? most : most.filter(isCommon)) : close ? most.filter(isCommon) : [plain],
      ),
    )
    await inParallel(work, async ([address, variant]) => {
      const request = variant.of(address)
      const asWho = (one: Asked) => (headers.Cookie ? asEditor(one, headers.Cookie) : one)
      const compare = async () => {
        const real = await ask(port, asWho(request))
        const never = await ask(port, asWho(variant.of(other(address))))
        return differs(real, never, back)
      }
      pairsAsked++
      // React sends a page in one piece or in two, as the moment has it. What tells the addresses apart is there each time.
      let difference = await compare()
      for (let again = 0; difference && again < 3; again++) difference = await compare()
      if (difference)
        hits.push({
          place: `${address} (${variant.name}, ${who})`,
          what: `${difference}, compared with an invented address`,
        })
    })
  }
  return { point: 3, name: 'real and invented addresses', counts: { pairs: pairsAsked }, hits }
}

function differs(real: Answer, never: Answer, back: (text: string) => string): string | undefined {
  if (real.before && never.before) {
    const difference = differs(real.before, never.before, back)
    if (difference) return difference
  }
  if (real.status !== never.status) return `answers ${real.status}, not ${never.status}`
  for (const name of new Set([...Object.keys(real.headers), ...Object.keys(never.headers)])) {
    if (['date', 'x-request-id', 'server-timing'].includes(name)) continue
    const [one, other] = [real.headers[name], never.headers[name]].map((value) => value && withoutNonce(value))
    if (one !== (other && back(other))) return `its header ${name} is "${one}", not "${other}"`
  }
  const [one, other] = [settled(real), back(settled(never))]
  if (one === other) return undefined
  const at = [...one].findIndex((letter, index) => letter !== other[index])
  return `its body is "${one.slice(at - 40, at + 40)}", not "${other.slice(at - 40, at + 40)}"`
}

const withoutNonce = (text: string) => text.replace(/(nonce(?:-|\\?":?\\?"|="))[\w+/]{22}==/g, '$1(nonce)')

/**
 * A body without what differs from one request to the next for the same address: its nonce, the request's number, which
 * React is given as a key, and the order in which the lines of a payload were ready.
 */
function settled({ headers, body }: Answer): string {
  const text = withoutNonce(body.toString('latin1')).replace(/(\\?")[\w-]{21}([vm])(\\?")/g, '$1(number)$2$3')
  const lines = (payload: string) => payload.split('\n').sort().join('\n')
  if (headers['content-type']?.startsWith('text/x-component')) return lines(text)
  let payload = ''
  const page = text.replace(
    /<script>self\.__next_f\.push\(\[1,("(?:[^"\\]|\\.)*")\]\)<\/script>/g,
    (_script, part: string) => {
      payload += JSON.parse(part)
      return ''
    },
  )
  return `${page}\n${lines(payload)}`
}

const isHidden = ({ headers, before }: Answer): boolean =>
  (!before || isHidden(before)) &&
  /\bprivate\b/.test(headers['cache-control'] ?? '') &&
  /\bno-store\b/.test(headers['cache-control'] ?? '') &&
  ['noindex', 'nofollow', 'noarchive'].every((word) => headers['x-robots-tag']?.includes(word)) &&
  headers['referrer-policy'] === 'no-referrer'

const secretHeaders = ({ headers }: Answer) =>
  ['cache-control', 'x-robots-tag', 'referrer-policy'].map((name) => `${name}: ${headers[name] ?? 'none'}`).join('; ')

/**
 * 4. Every answer below /drafts and /api/draft-media asks not to be kept, indexed or referred to; so does any other
 * that holds a draft.
 */
async function checkHeaders(site: Site, { port }: Server, cookie: string): Promise<Point> {
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
    // `/drafts.rsc` is not below /drafts; nor is it any more, then, what was asked for.
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

/** 4. A cache in front of the server keeps public pages and no draft. */
async function askThroughCache(site: Site, server: Server, cookie: string): Promise<Point> {
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
      // A visitor first, whose refusal must not be kept for the editor; then twice the other way round.
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

/** 5. Somebody taken off the editor list is refused at the next request, with the session they have. */
async function askAsFormerEditor(site: Site, { port }: Server, cookie: string): Promise<Point> {
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

/** 6. Pictures beside a draft: all their bytes for an editor, none for anybody else, also after an editor has looked. */
async function askForPictures(site: Site, server: Server, cookie: string): Promise<Point> {
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

async function refusePictures(site: Site, { port }: Server, cookie: string, who: string): Promise<Point> {
  const before = asked
  const hits: Hit[] = []
  const variants = makeVariants(site.segments, 'draft', options.all ?? false)
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

/** 7. An editor and a visitor at the same time, a thousand times each. */
async function askTogether(site: Site, { port }: Server, cookie: string): Promise<Point> {
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

for (const [signal, code] of [
  ['SIGINT', 130],
  ['SIGTERM', 143],
] as const) {
  process.on(signal, () => {
    cleanUp()
    process.exit(code)
  })
}
const points: Point[] = []
let problem: Error | undefined
try {
  await verify(points)
} catch (error) {
  problem = error as Error
}
const hits = points.reduce((sum, point) => sum + point.hits.length, 0)
const seconds = Math.round((Date.now() - started) / 1000)
for (const point of points.sort((a, b) => a.point - b.point)) print(point)
if (problem) console.error(`\nDrafts could not be verified${hits > 0 ? ' any further' : ''}. ${problem.message}`)
else console.log('\nNot searched: the compiled content (.contentlayer), which only the server reads.')
console.log(`It took ${seconds} s.\n${hits === 1 ? '1 hit.' : `${hits} hits.`}`)
if (options.json)
  writeFileSync(options.json, JSON.stringify({ hits, seconds, copy: copy ?? '', points } satisfies Report, null, 2))
process.exitCode = hits > 0 ? 1 : problem ? 2 : 0
cleanUp()
process.exit()
