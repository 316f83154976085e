/**
 * `npm run verify:drafts` shows that nothing of a draft is public. It adds canaries to a copy of the site: documents in which every
 * field has a word that stands nowhere else. It builds this copy, and a second one without canaries. Then it searches every file of the
 * build and every answer to a stranger for the words of the canaries, and for any difference between the two copies. The project itself
 * is not changed.
 *
 * `--json FILE` writes the report as JSON. `--only 1,2` checks some points only. `--patch FOLDER`, once or several times, copies files
 * over both copies. `--all` makes every request in every variant, `--quick` in the commonest variants only. `--keep` leaves the copies.
 * Exit code 1: something is public. 2: the check could not be completed.
 */
import { randomBytes } from 'node:crypto'
import { readFileSync, rmSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { parseArgs } from 'node:util'
import { hashPassword } from '../lib/server/password'
import { segmentsOf } from './verify/addresses'
import { ask, plain } from './verify/ask'
import { askRoutes } from './verify/ask-routes'
import { type Canary, learnPictures, makeCanaries, newWord, writeCanaries } from './verify/canaries'
import { compare } from './verify/compare'
import { buildCopy, filesIn, makeCopy, moveAside, removeCopy, type Server, serveCopy } from './verify/copy'
import { crawl } from './verify/crawl'
import {
  askAsFormerEditor,
  askForPictures,
  askThroughCache,
  askTogether,
  checkHeaders,
  refusePictures,
} from './verify/locked'
import { listsOf, ownHidden, wordsOfOwnDrafts } from './verify/own'
import { stopAll } from './verify/processes'
import { asEditor, type Hit, leftOut, named, type Point, type Site, searchDeep } from './verify/site'
import { compareFiles, readBuilds, Twin } from './verify/twin'
import { searchFor } from './verify/words'

/** The report that `--json` writes. `copy` is the folder of the copy, `unseen` names everything that was not checked. */
export type Report = { hits: number; seconds: number; copy: string; points: Point[]; unseen: string[] }

const { values: options } = parseArgs({
  options: {
    json: { type: 'string' },
    only: { type: 'string' },
    patch: { type: 'string', multiple: true },
    all: { type: 'boolean' },
    quick: { type: 'boolean' },
    keep: { type: 'boolean' },
  },
})
const only = options.only?.split(',').map(Number)
const extent = options.all ? 'all' : options.quick ? 'quick' : 'usual'
const wants = (point: number) => !only || only.includes(point)
const editor = { name: 'editor@verify.invalid', password: newWord() }
const started = Date.now()
let copy: string | undefined

function cleanUp() {
  stopAll()
  if (!copy) return
  if (options.keep) console.log(`The copy without canaries is in ${copy}, that with them in ${copy}-with.`)
  else removeCopy(copy)
}

function print({ point, name, counts, hits, note }: Point) {
  const said = Object.entries(counts).map(([what, count]) => `${count.toLocaleString('en')} ${what}`)
  console.log(`${point} ${name}: ${[...said, hits.length === 1 ? '1 hit' : `${hits.length} hits`].join(', ')}`)
  if (note) console.log(`  ${note}`)
  const brief = (text: string) => (text.length > 240 ? `${text.slice(0, 180)} … ${text.slice(-50)}` : text)
  for (const { place, what } of hits.slice(0, 50)) console.log(`  ${brief(place)}: ${brief(what)}`)
  if (hits.length > 50) console.log(`  … and ${hits.length - 50} more`)
}

/** Checks the points one by one and adds their results to `points`. */
async function verify(points: Point[], unseen: Map<string, number>) {
  console.log('Copying the project, with canary drafts among the content …')
  const patches = options.patch ?? []
  const place = makeCopy(patches)
  copy = place
  const canaries = await makeCanaries(listsOf(path.join(place, 'content')))
  writeCanaries(path.join(place, 'content'), canaries, true)
  console.log('Building the copy …')
  await buildCopy(place)
  learnPictures(path.join(place, '.contentlayer/store'), canaries)
  const isCanary = (slug: string) => canaries.some((canary) => canary.slug === slug)
  const own = wordsOfOwnDrafts(place, isCanary)
  const { removable, linked } = ownHidden(place, isCanary)
  const withDrafts = moveAside(place, () => makeCopy(patches))
  const made: Pick<Site, 'copy' | 'without' | 'unseen'> = { copy: withDrafts, without: place, unseen }
  for (const file of linked) leftOut(made, `whether it tells that content/${file} exists: something public links to it`)
  console.log('Building another without them …')
  await buildWithout(made, canaries, removable)
  const hidden = canaries.filter((canary) => canary.status !== 'published')
  const words = [...hidden.flatMap((canary) => canary.words), ...own.words]
  const secret = randomBytes(32).toString('base64')
  const site: Site = {
    ...made,
    builds: readBuilds([withDrafts, place], canaries[0]?.slug ?? '', started),
    canaries,
    words,
    find: searchFor(words),
    ownSlugs: own.slugs,
    segments: segmentsOf(withDrafts),
    settings: {
      NEXTAUTH_SECRET: secret,
      EDITORS: editor.name,
      EDITOR_PASSWORDS: `${editor.name}:${await hashPassword(editor.password)}`,
    },
    extent,
  }
  console.log('Searching and asking …\n')
  if (wants(1)) points.push(searchFiles(site), await compareFiles(site))
  if (!only || only.some((point) => point > 1)) await askServer(site, points)
}

/** Builds the copy that has nothing to hide: without the canaries, and without the site's own drafts. */
async function buildWithout(made: Pick<Site, 'without' | 'unseen'>, canaries: Canary[], removable: string[]) {
  const content = path.join(made.without, 'content')
  writeCanaries(content, canaries, false)
  const kept = removable.map((file): [string, Buffer] => [
    path.join(content, file),
    readFileSync(path.join(content, file)),
  ])
  for (const [file] of kept) rmSync(file)
  try {
    await buildCopy(made.without)
  } catch (error) {
    if (kept.length === 0) throw error
    // A published document needs one of these drafts.
    for (const [file, bytes] of kept) writeFileSync(file, bytes)
    leftOut(made, 'whether anything tells that your own drafts exist: the site cannot be built without them')
    await buildCopy(made.without)
  }
}

/** 1. Searches the files of the build (pages, payloads, chunks, manifests, source maps, pictures) and of `public`. */
function searchFiles(site: Site): Point {
  const { copy, canaries, words, find } = site
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
    // The server's own JavaScript is not compressed, so it is searched as it is.
    const found =
      /^\.next\/.*\.(js|map|nft\.json)$/.test(place) && !place.startsWith('.next/static/')
        ? find(content).map((word) => ({ word, how: '' }))
        : searchDeep(site, content, path.extname(place).slice(1), place)
    for (const { word, how } of [...found, ...find(Buffer.from(place)).map((one) => ({ word: one, how: '' }))])
      if (!word.isAllowed?.(place)) hits.push({ place, what: `${named(word)}${how && ` (in ${how})`}` })
  }
  if (unseen.size > 0)
    throw new Error(
      `The search does not find the ${[...unseen][0]?.field} of a published post, so that it finds no draft means nothing.`,
    )
  return { point: 1, name: 'built files', counts: { files: files.length, bytes, words: words.length }, hits }
}

/** Points 2 to 7: requests to a server of the copy, from a stranger, an editor, and a former editor. */
async function askServer(site: Site, points: Point[]) {
  const server = await serveCopy(site.copy, site.settings)
  const cookie = await signIn(server)
  await checkEditor(site, server, cookie)
  if (wants(2)) {
    const other = await serveCopy(site.without, site.settings)
    points.push(...(await crawl(site, server, new Twin(site, [server.port, other.port]))))
    points.push(await askRoutes(site, server, other))
    await other.stop()
  }
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
  const cookies = (answer.headers['set-cookie'] ?? '').split('\n').map((one) => one.split(';')[0] ?? '')
  const session = cookies.find((one) => one.split('=')[0]?.endsWith('galley.session'))
  if (!session)
    throw new Error(`The editor of the copy cannot sign in: ${answer.status} ${answer.headers.location ?? ''}.`)
  return session
}

/** Checks that an editor can read every canary. Without that, it would mean nothing that nobody else can. */
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
const unseen = new Map<string, number>()
let problem: Error | undefined
try {
  await verify(points, unseen)
} catch (error) {
  problem = error as Error
}
const hits = points.reduce((sum, point) => sum + point.hits.length, 0)
const seconds = Math.round((Date.now() - started) / 1000)
for (const point of points.sort((a, b) => a.point - b.point)) print(point)
if (problem) console.error(`\nDrafts could not be verified${hits > 0 ? ' any further' : ''}. ${problem.message}`)
const notSeen = [
  'the compiled content (.contentlayer), which only the server reads',
  'what pictures, films and fonts show or say that are the same with and without drafts',
  'what only a secret of yours, another site, or a request that its source does not tell would bring',
  ...[...unseen].map(([what, times]) => (times > 1 ? `${what} (${times} times)` : what)),
]
if (!problem || points.length > 0) console.log(`\nNot looked at:\n${notSeen.map((what) => `  ${what}`).join('\n')}`)
console.log(`It took ${seconds} s.\n${hits === 1 ? '1 hit.' : `${hits} hits.`}`)
if (options.json)
  writeFileSync(
    options.json,
    JSON.stringify({ hits, seconds, copy: copy ?? '', points, unseen: notSeen } satisfies Report, null, 2),
  )
process.exitCode = hits > 0 ? 1 : problem ? 2 : 0
cleanUp()
process.exit()
