/** The problems that `npm run dev` shows on a page must not be in any file of a build. */
import { readdirSync, readFileSync } from 'node:fs'
import path from 'node:path'
import { expect, test } from '@playwright/test'
import type { Manifest } from '../lib/store/manifest'
import { statusOf } from '../lib/store/status'

const dist = '.next-e2e'
const filesIn = (folder: string, ending: RegExp) =>
  readdirSync(path.join(dist, folder), { recursive: true, encoding: 'utf8' })
    .filter((name) => ending.test(name))
    .map((name) => path.join(dist, folder, name))

test('a stored page has no trace of what is wrong with a published post', () => {
  const { posts, authors, pages, compiledAt }: Manifest = JSON.parse(
    readFileSync('.contentlayer/e2e/manifest.json', 'utf8'),
  )
  const shown = posts.filter((post) => statusOf(post, new Date(compiledAt)) === 'published')
  const problems = [...shown, ...authors, ...pages].flatMap((entry) => entry.problems)
  expect(problems.length).toBeGreaterThan(0)
  // The longest part of each message that has no character which HTML or JSON escapes.
  const parts = problems.map(({ message }) => message.split(/["'<>&\\]/).sort((a, b) => b.length - a.length)[0] ?? '')
  const traces = ['To mend', 'class="mend', ...parts]
  const stored = filesIn('server/app', /\.(html|rsc|body|meta)$/)
  expect(stored.length).toBeGreaterThan(50)
  for (const file of stored) {
    const text = readFileSync(file, 'utf8')
    expect(
      traces.filter((trace) => text.includes(trace)),
      file,
    ).toEqual([])
  }
})

test('no bundle has a component of development', () => {
  type Sources = { sources?: string[]; sections?: { map: Sources }[] }
  const sourcesOf = ({ sources = [], sections = [] }: Sources): string[] => [
    ...sources,
    ...sections.flatMap(({ map }) => sourcesOf(map)),
  ]
  const maps = filesIn('server', /\.js\.map$/)
  const sources = maps.flatMap((file) => sourcesOf(JSON.parse(readFileSync(file, 'utf8'))))
  expect(sources.some((source) => source.endsWith('components/list-header.tsx'))).toBe(true)
  expect(sources.filter((source) => source.includes('components/dev/'))).toEqual([])
  // These files name every module that a browser may load.
  const references = filesIn('server/app', /_client-reference-manifest\.js$/)
  expect(references.length).toBeGreaterThan(10)
  for (const file of references) expect(readFileSync(file, 'utf8'), file).not.toContain('components/dev/')
})
