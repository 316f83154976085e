import { existsSync, readFileSync } from 'node:fs'
import path from 'node:path'
import type { Manifest } from '../../lib/store/manifest'
import { type Answer, type Asked, ask, packing } from './ask'
import { filesIn } from './copy'
import { type Build, differenceOf, firstDifference, settled, withoutBuild, withoutNonce } from './settle'
import { type Hit, leftOut, type Point, type Site } from './site'

const relative = (copy: string, file: string) => path.relative(copy, file).split(path.sep).join('/')

/**
 * Reads from two builds the ids and file names that differ between them.
 *
 * @param linking the slug of the published canary. Its source, and so the name of its body, differs between the two.
 */
export function readBuilds(copies: [string, string], linking: string, since: number): [Build, Build] {
  const bodies = copies.map((copy) => {
    const { posts }: Manifest = JSON.parse(readFileSync(path.join(copy, '.contentlayer/store/manifest.json'), 'utf8'))
    return posts.find(({ slug }) => slug === linking)?.body ?? linking
  })
  const [one, other] = copies.map((copy) => ({
    id: readFileSync(path.join(copy, '.next/BUILD_ID'), 'utf8'),
    names: filesIn(path.join(copy, '.next/static')).map((file) => path.basename(file)),
  })) as [Build, Build]
  const own = (all: Build, others: Build, body = '') => ({
    ...all,
    since,
    names: [...all.names.filter((name) => !others.names.includes(name)), body],
  })
  return [own(one, other, bodies[0]), own(other, one, bodies[1])]
}

/** The public files of a build: stored pages and payloads, chunks, `public`, and the lists of addresses, redirects and headers. */
function publicFiles(copy: string, { id }: Build): Map<string, string> {
  const next = path.join(copy, '.next')
  const files = [
    ...['app', 'pages']
      .flatMap((folder) => filesIn(path.join(next, 'server', folder)))
      .filter((file) => /\.(html|rsc|meta|body|json)$/.test(file) && !/[.-](nft|manifest)\.json$/.test(file)),
    ...filesIn(path.join(next, 'static')),
    ...filesIn(path.join(copy, 'public')),
    ...['routes-manifest.json', 'prerender-manifest.json', 'images-manifest.json'].map((name) => path.join(next, name)),
  ]
  return new Map(
    files.filter((file) => existsSync(file)).map((file) => [relative(copy, file).replaceAll(id, '(build)'), file]),
  )
}

/** Whether a place belongs to an unlisted canary: only one build has it, and everybody who knows the address may see it. */
const isOwnPlace = ({ canaries }: Site, place: string) =>
  canaries.some(({ status, words }) => status === 'unlisted' && words.some((word) => word.isAllowed?.(place)))

/** 1. Every public file is the same with and without the canaries. */
export async function compareFiles(site: Site): Promise<Point> {
  const [withDrafts, without] = [publicFiles(site.copy, site.builds[0]), publicFiles(site.without, site.builds[1])]
  const hits: Hit[] = []
  const say = (place: string, what: string) => hits.push({ place, what })
  let compared = 0
  const compare = async (place: string, one: string, other: string) => {
    compared++
    const bytes = [one, other].map((file) => shown(site, file)) as [Buffer, Buffer]
    const isPage = place.endsWith('.html')
    const difference = await differenceOf(bytes, site.builds, { hint: path.extname(place).slice(1), isPage })
    if (difference) say(place, `is otherwise when there are drafts: ${difference}`)
  }
  const lonely = [...without.keys()].filter((place) => !withDrafts.has(place))
  for (const [place, file] of withDrafts) {
    const other = without.get(place)
    if (other) {
      await compare(place, file, other)
      continue
    }
    if (isOwnPlace(site, place)) continue
    // The name of a chunk depends on its content, so compare it with the most similar chunk of the other build.
    const size = readFileSync(file).length
    const isKin = (name: string) =>
      path.dirname(name) === path.dirname(place) && path.extname(name) === path.extname(place)
    const distance = (name: string) => Math.abs(readFileSync(without.get(name) ?? '').length - size)
    const [kin] = place.startsWith('.next/static/')
      ? lonely.filter(isKin).sort((a, b) => distance(a) - distance(b))
      : []
    if (kin) {
      lonely.splice(lonely.indexOf(kin), 1)
      await compare(place, file, without.get(kin) ?? '')
    } else say(place, 'is there only when there are drafts')
  }
  for (const place of lonely) say(place, 'is not there when there are drafts')
  return { point: 1, name: 'built files with and without drafts', counts: { files: compared }, hits }
}

/** The bytes of a file. From the lists of a build its keys and the addresses of unlisted canaries are taken out. */
function shown(site: Site, file: string): Buffer {
  const bytes = readFileSync(file)
  if (!/-manifest\.json$/.test(file)) return bytes
  const { preview: _keys, ...list } = JSON.parse(bytes.toString('utf8'))
  if (list.routes)
    list.routes = Object.fromEntries(Object.entries(list.routes).filter(([address]) => !isOwnPlace(site, address)))
  return Buffer.from(JSON.stringify(list))
}

/** Headers that depend on the time of the answer, or on its body, which is compared by itself. */
const PASSING = new Set(['date', 'x-request-id', 'server-timing', 'content-length', 'retry-after', 'age'])
const TIMES = 3

/** Two servers of the same site, one with drafts and one without. Both have to give the same answers. */
export class Twin {
  readonly hits = new Map<string, Hit>()
  compared = 0
  private nothing: Promise<Answer> | undefined

  constructor(
    private readonly site: Site,
    private readonly ports: [number, number],
  ) {}

  /** Compares an answer of the first server with the answer of the second. @param way the variant of the request, for the report. */
  async check(request: Asked, answer: Answer, way: string) {
    if (isOwnPlace(this.site, request.address) || (await this.isNothing(answer))) return
    this.compared++
    const other = await this.askOther(request)
    if (!(await this.difference(answer, other))) return
    // Differences between two answers of one server are chance. The remaining differences come from drafts.
    const answers = [answer]
    const others = [other]
    for (let time = 1; time < TIMES; time++) {
      answers.push(await ask(this.ports[0], request))
      others.push(await this.askOther(request))
    }
    for (const one of answers) for (const two of others) if (!(await this.difference(one, two))) return
    const status = answers.some((one) => others.some((two) => one.status === two.status))
      ? undefined
      : `${answer.status}, not ${other.status}`
    const difference = status ?? (await this.pictured(answers, others)) ?? this.steadyDifference(answers, others)
    const place = `${request.method} ${request.address} (${way})`
    if (difference) this.hits.set(place, { place, what: `is answered otherwise when there are drafts: ${difference}` })
  }

  /** Whether an answer is the common 404 page. compare.ts checks that drafts get it too. */
  private async isNothing({ status, body }: Answer): Promise<boolean> {
    if (status !== 404) return false
    this.nothing ??= ask(this.ports[0], { method: 'GET', address: '/nowhere-at-all', headers: {} })
    return body.equals((await this.nothing).body)
  }

  private askOther(request: Asked): Promise<Answer> {
    const [one, other] = this.site.builds
    // The origin of the second server has another port.
    const there = (text: string) =>
      text.replaceAll(one.id, other.id).replaceAll(`:${this.ports[0]}`, `:${this.ports[1]}`)
    const headers = Object.entries(request.headers).map(([name, value]) => [name, there(value)])
    return ask(this.ports[1], { ...request, address: there(request.address), headers: Object.fromEntries(headers) })
  }

  private async difference(one: Answer, other: Answer): Promise<string | undefined> {
    if (one.before && other.before) {
      const difference = await this.difference(one.before, other.before)
      if (difference) return difference
    }
    if (one.status !== other.status) return `${one.status}, not ${other.status}`
    const body = one.body.equals(other.body)
      ? undefined
      : await differenceOf(
          [Buffer.from(this.body(one, 0), 'latin1'), Buffer.from(this.body(other, 1), 'latin1')],
          this.site.builds,
          { hint: packing(one) },
        )
    if (body) return body
    // If the bodies differ, their ETags do too.
    return this.headers(one, 0, one.body.equals(other.body)) === this.headers(other, 1, one.body.equals(other.body))
      ? undefined
      : firstDifference(this.headers(one, 0, true), this.headers(other, 1, true))
  }

  private headers(answer: Answer, build: 0 | 1, all: boolean): string {
    const named = Object.keys(answer.headers).filter((name) => !PASSING.has(name) && (all || name !== 'etag'))
    const text = named.sort().map((name) => `${name}: ${answer.headers[name]}`)
    return this.portless(withoutBuild(withoutNonce(text.join('\n'), answer), this.site.builds[build]), build)
  }

  private body = (answer: Answer, build: 0 | 1) => this.portless(settled(answer), build)

  private portless = (text: string, build: 0 | 1) => text.replaceAll(`:${this.ports[build]}`, ':(port)')

  private text(answer: Answer, build: 0 | 1): string {
    const body = withoutBuild(this.body(answer, build), this.site.builds[build])
    const before = answer.before ? `${this.text(answer.before, build)}\n` : ''
    return `${before}${answer.status}\n${this.headers(answer, build, false)}\n\n${body}`
  }

  /** What all answers of one server have and no answer of the other: word by word if all have the same number of words, else as sets. */
  private steadyDifference(answers: Answer[], others: Answer[]): string | undefined {
    const words = (all: Answer[], build: 0 | 1) => all.map((answer) => this.text(answer, build).split(/(\W+)/))
    const [ones, twos] = [words(answers, 0), words(others, 1)]
    const first = ones[0] ?? []
    if ([...ones, ...twos].every(({ length }) => length === first.length)) {
      const steady = (all: string[][]) =>
        first.map((_, at) => (all.every((one) => one[at] === all[0]?.[at]) ? (all[0]?.[at] ?? '') : '…'))
      const [one, two] = [steady(ones), steady(twos)]
      const isChance = one.map((word, at) => word === '…' || two[at] === '…')
      return firstDifference(
        one.map((word, at) => (isChance[at] ? '…' : word)).join(''),
        two.map((word, at) => (isChance[at] ? '…' : word)).join(''),
      )
    }
    const always = (all: string[][]) => new Set(all[0]?.filter((word) => all.every((one) => one.includes(word))))
    const ever = (all: string[][]) => new Set(all.flat())
    const only = (one: Set<string>, other: Set<string>) =>
      [...one].filter((word) => /\w/.test(word) && !other.has(word))
    const [here, there] = [only(always(ones), ever(twos)), only(always(twos), ever(ones))]
    if (here.length + there.length > 0)
      return firstDifference(this.text(answers[0] as Answer, 0), this.text(others[0] as Answer, 1))
    leftOut(this.site, 'answers that differ each time, of which only the words were compared')
    return undefined
  }

  private pictured = async (answers: Answer[], others: Answer[]) =>
    answers[0]?.headers['content-type']?.startsWith('image/') && others[0]
      ? this.difference(answers[0], others[0])
      : undefined
}
