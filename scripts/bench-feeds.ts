/**
 * node scripts/bench.mjs feeds NUMBER: makes every feed of the posts that were compiled before, and one of all posts in each form. It
 * says how long that takes and how long they are, reads each with another program's parser, and with FEED_SCHEMAS validates them
 * (e2e/feed-schemas.spec.ts says how to get the schemas).
 */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { gzipSync } from 'node:zlib'
import { parseAtomFeed, parseJsonFeed, parseRssFeed } from 'feedsmith'
import { site } from '@/site.config'
import { atomProblems, jsonProblems, schemas, xmlProblems } from '../e2e/feed-validators'
import { feedAnswer, inFeed, type List } from '../lib/formats/feed-items'
import { ofAuthor, ofCategory, ofSeries, ofTag, wholeBlog } from '../lib/formats/feed-lists'
import { getAllSeries, getAuthors, getCategories, getPosts, getTags } from '../lib/posts/published'
import { stop } from './steps.mjs'

const folder = mkdtempSync(path.join(tmpdir(), 'galley-feeds-'))
process.on('exit', () => rmSync(folder, { recursive: true, force: true }))

const FORMS = ['rss', 'atom', 'json'] as const
const countIn = {
  rss: (text: string) => parseRssFeed(text).items?.length ?? 0,
  atom: (text: string) => parseAtomFeed(text).entries?.length ?? 0,
  json: (text: string) => parseJsonFeed(text).items?.length ?? 0,
}

const files: Record<(typeof FORMS)[number], string[]> = { rss: [], atom: [], json: [] }
type Made = { list: List; form: (typeof FORMS)[number]; text: string }
async function make(list: List, form: Made['form']): Promise<Made> {
  const text = await (await feedAnswer(list, form)).text()
  return { list, form, text }
}

/** Reads a feed with a parser that is not ours, and keeps it to be validated. */
function check({ list, form, text }: Made) {
  const [asked, found] = [Math.min(site.feeds.limit, inFeed(list.posts).length), countIn[form](text)]
  if (asked !== found) stop(`The ${form} feed of ${list.page} has ${found} posts, not ${asked}.`)
  const file = path.join(folder, `${files.rss.length + files.atom.length + files.json.length}.${form}`)
  writeFileSync(file, text)
  files[form].push(file)
}

/** Makes feeds twice: the first time their texts are made too. */
async function measure(name: string, work: () => Promise<Made[]>) {
  for (const turn of ['texts made', 'texts known']) {
    const [started, cpu] = [performance.now(), process.cpuUsage()]
    const made = await work()
    const { user, system } = process.cpuUsage(cpu)
    const wall = Math.round(performance.now() - started)
    const texts = made.map(({ text }) => text)
    const bytes = texts.map((text) => Buffer.byteLength(text))
    const longest = texts.reduce((a, b) => (a.length > b.length ? a : b), '')
    const size = (number: number) => `${(number / 1000).toFixed(0)} kB`
    const sizes = `longest ${size(Math.max(...bytes))}, ${size(gzipSync(longest).length)} in gzip`
    console.log(
      `${name}, ${turn}: ${texts.length} feeds in ${wall} ms (${Math.round((user + system) / 1000)} ms CPU), ${sizes}`,
    )
    if (turn === 'texts made') made.forEach(check)
  }
}

const lists = [
  ...[...getTags().map(ofTag), ...getCategories().map(ofCategory), ...getAllSeries().map(ofSeries)],
  ...getAuthors().map(ofAuthor),
]
const posts = getPosts().length
await measure(`${posts} posts, all feeds`, async () => [
  ...(await Promise.all(FORMS.map((form) => make(wholeBlog(), form)))),
  ...(await Promise.all(lists.map((list) => make(list, 'rss')))),
])
site.feeds.limit = Number.POSITIVE_INFINITY
for (const form of FORMS)
  await measure(`${posts} posts in one feed, ${form}`, async () => [await make(wholeBlog(), form)])

const problems = [
  ...xmlProblems([...files.rss, ...files.atom]),
  ...(schemas ? [...atomProblems(files.atom), ...jsonProblems(files.json)] : []),
]
const by = schemas ? 'Expat, RELAX NG and JSON Schema' : 'Expat; FEED_SCHEMAS names no schemas'
console.log(
  problems.length > 0
    ? problems.slice(0, 20).join('\n')
    : `${Object.values(files).flat().length} feeds are valid (${by}).`,
)
if (problems.length > 0) process.exit(1)
