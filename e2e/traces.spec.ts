/** The files that Vercel, or another host that copies traced files, would put into each function. */
import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs'
import path from 'node:path'
import { expect, test } from '@playwright/test'

const dist = '.next-e2e'
const store = '.contentlayer/e2e'

/** The files of each function, as paths from the project. */
const traces = new Map(
  readdirSync(path.join(dist, 'server'), { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.js.nft.json'))
    .map((name) => {
      const file = path.join(dist, 'server', name)
      const { files } = JSON.parse(readFileSync(file, 'utf8')) as { files: string[] }
      const traced = files.map((one) => path.relative('.', path.resolve(path.dirname(file), one)))
      return [
        name.split(path.sep).join('/').replace('.js.nft.json', ''),
        traced.map((one) => one.split(path.sep).join('/')),
      ]
    }),
)

const asked = JSON.parse(readFileSync(`${store}/asked.json`, 'utf8')) as Record<string, string[]>
const inStore = (...names: string[]) => names.map((name) => `${store}/${name}`).sort()

test('of the store a function gets what it reads, and no public route a draft', () => {
  const { bodies = [], pictures = [], films = [] } = asked
  expect(Math.min(bodies.length, pictures.length, films.length)).toBeGreaterThan(0)
  const expected = new Map([
    ['app/drafts/page', inStore('manifest.json')],
    ['app/drafts/[...slug]/page', inStore('manifest.json', ...bodies)],
    ['app/api/draft-media/[hash]/[name]/route', inStore('manifest.json', ...pictures)],
    ['app/video/[hash]/[name]/route', inStore('manifest.json', ...films)],
    ['app/moved/[...path]/route', inStore('manifest.json')],
    ['app/readyz/route', inStore('manifest.json')],
    ['app/api/nearest/route', inStore('manifest.json')],
    ...['app/search/route', 'app/search/frame/page', 'app/search/index.json/route'].map(
      // Next.js takes the name of a route for the beginning of others too. The second and the third are stored, and read nothing.
      (name) => [name, inStore('headings.json', 'manifest.json')] as const,
    ),
  ])
  for (const name of expected.keys()) expect([...traces.keys()]).toContain(name)
  for (const [name, files] of traces)
    expect(files.filter((file) => file.startsWith('.contentlayer/')).sort(), name).toEqual(expected.get(name) ?? [])
})

test('no function has what compiles, tests or writes a blog, and each is far below the 250 MB it may have', () => {
  const most = { name: '', bytes: 0 }
  expect(traces.size).toBeGreaterThan(15)
  for (const [name, files] of traces) {
    const strange = files.filter(
      (file) =>
        /node_modules\/(@img|@takumi-rs|@?contentlayer2?|@playwright|playwright|typescript|sharp|esbuild|shiki|mermaid|katex|harfbuzzjs|wawoff2|@?pagefind)\//.test(
          file,
        ) || /^(content|e2e|docs|public|scripts|app|components)\/|(^|\/)\.env/.test(file),
    )
    expect(strange, name).toEqual([])
    // A symlink leads to a package whose files are listed too, so its size does not count.
    const sizes = files.filter((file) => existsSync(file) && statSync(file).isFile()).map((file) => statSync(file).size)
    const bytes = sizes.reduce((sum, size) => sum + size, 0)
    if (bytes > most.bytes) Object.assign(most, { name, bytes })
    expect(
      files.filter((file) => !existsSync(file)),
      name,
    ).toEqual([])
  }
  console.log(`The largest function is ${most.name}: ${(most.bytes / 1e6).toFixed(1)} MB.`)
  expect(most.bytes).toBeGreaterThan(500_000)
  expect(most.bytes).toBeLessThan(10_000_000)
})
