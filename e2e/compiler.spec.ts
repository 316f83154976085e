// This file is long because its tests share one compiler that watches files.
import { type ChildProcess, spawn, spawnSync } from 'node:child_process'
import { on } from 'node:events'
import {
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  utimesSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { expect, test } from '@playwright/test'
import type { Manifest } from '../lib/store/manifest'
import { compile, compileIn, writeBlog } from './compile'
import { randomFrom } from './random-from'
import { isLong } from './suites'

// Some tests share one compiler that watches files, so all of them run in one process.
test.describe.configure({ mode: 'default' })

const post = (body: string, fields = 'title: One\ndate: 2026-01-01') => `---\n${fields}\n---\n\n${body}\n`
const dot = (width: number) => `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="30"/>`

/** Each row: the mistake, the import in the document, the files with the mistake, and the files that mend it. */
const imports: [string, string, Record<string, string>, Record<string, string>][] = [
  ['a component that is not there', './p', {}, { 'p.tsx': 'export default () => <b>Mended</b>' }],
  ['a component with its ending', './p.tsx', {}, { 'p.tsx': 'export default () => <b>Mended</b>' }],
  ['a folder of a component', './parts/p', {}, { 'parts/p/index.tsx': 'export default () => <b>Mended</b>' }],
  ['data that is not there', './p.json', {}, { 'p.json': '"Mended"' }],
  [
    'a syntax error',
    './p.tsx',
    { 'p.tsx': 'export default () => <b>' },
    { 'p.tsx': 'export default () => <b>Mended</b>' },
  ],
  ['a wrong export', './p.tsx', { 'p.tsx': 'export const x = 1' }, { 'p.tsx': 'export default () => <b>Mended</b>' }],
  [
    'a file that a component imports',
    './p.tsx',
    { 'p.tsx': "import word from './word.json'\nexport default () => <b>{word}</b>" },
    { 'word.json': '"Mended"' },
  ],
]

const importing = (specifier: string) =>
  post(`import P from '${specifier}'\n\n${/json$/.test(specifier) ? '{P}' : '<P />'}`)

for (const [at, [what, specifier, before, after]] of imports.entries()) {
  // `npm test` runs only the first row here: one test of the watcher below runs all of them.
  const tag = at === 0 ? [] : ['@long']
  test(`${what}: an import that failed is tried again by the next build`, { tag }, async () => {
    const folder = mkdtempSync(path.join(tmpdir(), 'galley-'))
    const within = (files: Record<string, string>) =>
      Object.fromEntries(Object.entries(files).map(([name, text]) => [`posts/${name}`, text]))
    const one = await compile({ 'posts/one.mdx': importing(specifier), ...within(before) }, folder)
    expect(one.status, one.said.join('\n')).toBe(1)
    const two = await compile(within(after), folder)
    expect(two.said.join('\n')).not.toContain('error')
    expect(two.html['posts/one.mdx']).toContain('Mended')
    rmSync(folder, { recursive: true })
  })
}

test('a new title renders nothing anew, another language and another cover do', async () => {
  const folder = mkdtempSync(path.join(tmpdir(), 'galley-'))
  const bodyOf = async (fields: string) => {
    const { manifest, said } = await compile(
      { 'posts/one.md': post('Words.', fields), 'posts/dot.svg': dot(40) },
      folder,
    )
    expect(manifest, said.join('\n')).toBeDefined()
    return manifest.posts[0].body
  }
  const first = await bodyOf('title: One\ndate: 2026-01-01')
  expect(await bodyOf('title: Two\ndate: 2026-01-02')).toBe(first)
  const names = [
    first,
    await bodyOf('title: One\ndate: 2026-01-01\nlang: de'),
    await bodyOf('title: One\ndate: 2026-01-01\nimages: [dot.svg]'),
  ]
  expect(new Set(names).size).toBe(3)
  rmSync(folder, { recursive: true })
})

test('a picture whose name has loose accents, as files from a Mac have, is served at the address that is asked for', async () => {
  const name = 'été'.normalize('NFD')
  const { manifest, said } = await compile({
    'posts/one.md': post(`![A dot](./${name}.svg)`),
    [`posts/${name}.svg`]: dot(40),
  })
  expect(manifest, said.join('\n')).toBeDefined()
  expect(decodeURIComponent(manifest.posts[0].pictures[0].src)).toMatch(/\/été\.svg$/)
})

test('a document that is of no type is said with the others', async () => {
  const { status, said } = await compile({
    'authors/team/eve.md': '---\nname: Eve\n---\n',
    'posts/one.md': post('[x](/nowhere)'),
  })
  expect(status).toBe(1)
  expect(said.filter((line) => /:\d+: /.test(line)).map((line) => line.replace(/(:\d+):.*/, '$1'))).toEqual([
    'content/authors/team/eve.md:1',
    'content/posts/one.md:6',
  ])
})

type Blog = {
  folder: string
  write: (name: string, text: string) => void
  said: () => string
  /** How many times the compiler has compiled. */
  compilations: () => number
  /** Asks the compiler as `npm run dev` does before each answer, and waits until all saved files are compiled. */
  takenUp: () => Promise<void>
  end: () => Promise<void>
}

/** Runs the compiler beside a blog of one author. */
async function watched(): Promise<Blog> {
  const folder = mkdtempSync(path.join(tmpdir(), 'galley-'))
  const write = (name: string, text: string) => {
    mkdirSync(path.dirname(path.join(folder, name)), { recursive: true })
    writeFileSync(path.join(folder, name), text)
  }
  write('content/authors/default.md', '---\nname: Ada\n---\n')
  const compiler = spawn(process.execPath, ['scripts/run.mjs', 'scripts/content.ts', 'watch'], {
    env: { ...process.env, CONTENT_DIR: path.join(folder, 'content'), STORE_DIR: path.join(folder, 'store') },
    stdio: ['ignore', 'ignore', 'pipe', 'ipc'],
  })
  let said = ''
  compiler.stderr?.on('data', (data) => {
    said += data
  })
  let compilations = 0
  compiler.on('message', (message) => {
    if (message === 'compiled') compilations++
  })
  const end = async () => {
    const { exitCode } = compiler
    await ended(compiler)
    rmSync(folder, { recursive: true })
    expect(exitCode, said).toBe(null)
  }
  await new Promise((resolve) => compiler.once('message', resolve))
  let questions = 0
  const takenUp = async () => {
    const question = ++questions
    compiler.send(question)
    for await (const [{ asked, wrong }] of on(compiler, 'message')) {
      if (asked !== question) continue
      expect(wrong, said).toBe('')
      return
    }
  }
  return { folder, write, said: () => said, compilations: () => compilations, takenUp, end }
}

function ended(child: ChildProcess): Promise<unknown> {
  if (child.exitCode !== null) return Promise.resolve()
  const end = new Promise((resolve) => child.once('exit', resolve))
  child.kill('SIGINT')
  return end
}

/** The manifest without `compiledAt`, and the HTML of every document. */
function storeOf(folder: string) {
  const { compiledAt: _, ...manifest }: Manifest = JSON.parse(readFileSync(path.join(folder, 'manifest.json'), 'utf8'))
  const html = [...manifest.posts, ...manifest.authors, ...manifest.pages].map(({ file, body }) => {
    const stored = path.join(folder, 'bodies', `${body}.json`)
    return [file, existsSync(stored) ? JSON.parse(readFileSync(stored, 'utf8')).html : undefined]
  })
  return { manifest, html: Object.fromEntries(html) as Record<string, string> }
}

/** The same files compiled into an empty store, to compare with. */
async function freshStore(folder: string) {
  const store = path.join(folder, 'fresh')
  rmSync(store, { recursive: true, force: true })
  const { said } = await compileIn(path.join(folder, 'content'), store, { strict: false })
  expect(existsSync(path.join(store, 'manifest.json')), said.join('\n')).toBe(true)
  return storeOf(store)
}

test.describe('beside one blog', () => {
  let blog: Blog
  test.beforeAll(async () => {
    blog = await watched()
  })
  test.afterAll(() => blog.end())
  /** The HTML of the documents whose file names begin with `start`. */
  const html = (start: string) =>
    Object.entries(storeOf(path.join(blog.folder, 'store')).html).flatMap(([file, text]) =>
      file.startsWith(start) ? [text] : [],
    )

  test('imports that failed are tried again when their file changes', async () => {
    const name = (at: number) => `content/posts/imports/${at}`
    for (const [at, [, specifier, before]] of imports.entries()) {
      for (const [file, text] of Object.entries(before)) blog.write(`${name(at)}/${file}`, text)
      blog.write(`${name(at)}/one.mdx`, importing(specifier))
    }
    await expect.poll(() => html('posts/imports/').length).toBe(imports.length)
    for (const [at, [, , , after]] of imports.entries())
      for (const [file, text] of Object.entries(after)) blog.write(`${name(at)}/${file}`, text)
    await expect
      .poll(() => html('posts/imports/').filter((text) => text.includes('Mended')).length)
      .toBe(imports.length)
  })

  test('posts that are copied in with their pictures are all compiled', async () => {
    const { folder, write, said } = blog
    const before = said().length
    for (let turn = 0; turn < (isLong ? 5 : 2); turn++) {
      const from = path.join(folder, `copies${turn}`)
      for (let index = 0; index < 6; index++) {
        write(`copies${turn}/p${turn}-${index}/index.md`, post('![A dot](./dot.svg)'))
        write(`copies${turn}/p${turn}-${index}/dot.svg`, dot(10 * turn + index))
      }
      cpSync(from, path.join(folder, 'content/posts'), { recursive: true })
      await expect.poll(() => html('posts/p').filter((text) => text.includes('<img')).length).toBe(6 * (turn + 1))
    }
    expect(said().slice(before)).not.toContain('Error')
  })

  test('a post and its picture in public/ that change in the same moment are both taken up', async () => {
    const name = `moment-${process.pid}`
    mkdirSync(`public/${name}`)
    try {
      for (let turn = 0; turn < (isLong ? 16 : 4); turn++) {
        blog.write('content/posts/moment.md', post(`Turn ${turn}. ![A dot](/${name}/${turn >> 1}.svg)`))
        writeFileSync(`public/${name}/${turn >> 1}.svg`, dot(20 + turn))
        await expect
          .poll(() => html('posts/moment.md').join())
          .toMatch(new RegExp(`Turn ${turn}.*width="${20 + turn}"`))
      }
    } finally {
      rmSync(`public/${name}`, { recursive: true })
    }
  })
})

test('the command says what the compiler finds, and ends with 1 where something is wrong', () => {
  const folder = mkdtempSync(path.join(tmpdir(), 'galley-'))
  const files = { 'posts/one.md': post('[x](/nowhere) ![](https://far.example/x.png)') }
  writeBlog(path.join(folder, 'content'), files)
  const run = () => {
    const { status, stdout, stderr } = spawnSync(process.execPath, ['scripts/run.mjs', 'scripts/content.ts', 'build'], {
      env: { ...process.env, CONTENT_DIR: path.join(folder, 'content'), STORE_DIR: path.join(folder, 'store') },
      encoding: 'utf8',
    })
    const said = `${stderr}${stdout}`.replaceAll(path.relative('.', path.join(folder, 'content')), 'content')
    return { status, said: said.trim().split('\n') }
  }
  expect(run()).toEqual({
    status: 1,
    said: [
      'content/posts/one.md:6: the picture https://far.example/x.png has no description, and is counted as decoration. Write it between the brackets: ![what it shows](https://far.example/x.png). (warning)',
      'content/posts/one.md:6: there is nothing at /nowhere. Mend the address, or remove the link.',
      'Content: 1 error in 2 documents.',
    ],
  })
  expect(existsSync(path.join(folder, 'store/manifest.json'))).toBe(false)
  writeFileSync(path.join(folder, 'content/posts/one.md'), post('Words.'))
  expect(run()).toEqual({ status: 0, said: [expect.stringMatching(/^Content: 2 documents in [\d.]+ s\.$/)] })
  rmSync(folder, { recursive: true })
})

test('a start compiles once, and a save is compiled when the compiler says so, however soon it is asked', async () => {
  const { folder, write, compilations, takenUp, end } = await watched()
  try {
    await takenUp()
    expect(compilations()).toBe(1)
    for (let turn = 0; turn < 10; turn++) {
      write('content/posts/one.md', post(`Turn ${turn}. ![A dot](./${turn}.svg)`))
      if (turn % 2) await new Promise((resolve) => setTimeout(resolve, 12 * turn))
      write(`content/posts/${turn}.svg`, dot(20 + turn))
      await takenUp()
      expect(storeOf(path.join(folder, 'store')).html['posts/one.md']).toMatch(
        new RegExp(`Turn ${turn}.*width="${20 + turn}"`),
      )
    }
    rmSync(path.join(folder, 'content/posts/one.md'))
    await takenUp()
    expect(storeOf(path.join(folder, 'store')).html['posts/one.md']).toBe(undefined)
  } finally {
    await end()
  }
})

test('a commit of what was saved before is taken up: the desk no longer calls the draft uncommitted', async () => {
  const { folder, write, takenUp, end } = await watched()
  const git = (...args: string[]) =>
    spawnSync('git', ['-c', 'user.name=Ada', '-c', 'user.email=ada@example.com', ...args], { cwd: folder })
  try {
    write('content/posts/one.md', post('Words.', 'title: One\ndate: 2026-01-01\ndraft: true'))
    git('init', '-q')
    git('add', 'content')
    const changed = async () => {
      await takenUp()
      return storeOf(path.join(folder, 'store')).manifest.posts[0]?.changed
    }
    expect(await changed()).toMatchObject({ uncommitted: true })
    git('commit', '-qm', 'One')
    expect(await changed()).toEqual({ at: expect.any(String), by: 'Ada' })
  } finally {
    await end()
  }
})

test('a draft that is saved again without a change was edited then', async () => {
  const { folder, write, takenUp, end } = await watched()
  const file = path.join(folder, 'content/posts/one.md')
  try {
    write('content/posts/one.md', post('Words.', 'title: One\ndate: 2026-01-01\ndraft: true'))
    for (const seconds of [1_800_000_000, 1_800_000_007]) {
      utimesSync(file, seconds, seconds)
      await takenUp()
      expect(storeOf(path.join(folder, 'store')).manifest.posts[0]?.changed?.at).toBe(
        new Date(seconds * 1000).toISOString(),
      )
    }
  } finally {
    await end()
  }
})

/** `STORM_STEPS=500` makes a long storm. */
const steps = Number(process.env.STORM_STEPS ?? 25)

for (const seed of [1, 2, 3]) {
  test(`a storm of ${steps} saves, renames, deletes, copies and branch switches is compiled as it ends (seed ${seed})`, {
    tag: seed === 1 ? [] : ['@long'],
  }, async () => {
    test.setTimeout(240_000 + steps * 500)
    const { folder, write, takenUp, end } = await watched()
    try {
      const random = randomFrom(seed)
      const below = (number: number) => Math.floor(random() * number)
      const pick = <Item>(items: Item[]) => items[below(items.length)] as Item
      const content = path.join(folder, 'content')
      const git = (...args: string[]) =>
        spawnSync('git', ['-c', 'user.name=Ada', '-c', 'user.email=ada@example.com', ...args], { cwd: content })
      git('init', '-q', '-b', 'a')
      git('add', '-A')
      git('commit', '-qm', 'One')
      git('branch', 'b')

      const folders = ['posts', 'posts/x', 'posts/x/y', 'posts/z', 'pages']
      const place = (ending: string) => `content/${pick(folders)}/${pick(['a', 'b', 'c', 'd'])}${ending}`
      const all = () =>
        readdirSync(content, { recursive: true, encoding: 'utf8' })
          .filter((name) => !name.startsWith('.git') && !name.startsWith('authors'))
          .map((name) => path.join(content, name))
      const body = () =>
        pick([
          'Words.',
          '![A dot](./a.svg) and ![another](./b.svg)',
          '[Next](./b.md)',
          '[File](./a.json)',
          '## Heading\n\nMore words.',
        ])
      const save = () =>
        pick([
          () => write(place('.md'), post(body(), `title: T${below(9)}\ndate: 2026-01-0${1 + below(9)}`)),
          () => write(place('.md'), post(body(), `title: T${below(9)}\ndate: 2026-01-01\ndraft: true`)),
          () => write(place('.mdx'), post("import P from './b.tsx'\n\n<P />")),
          () => write(place('.mdx'), post("import P from './a.json'\n\n{P.n}")),
          () => write(place('.svg'), dot(10 + below(80))),
          () => write(place('.json'), pick(['{"n":1}', '{"n":22}', '{'])),
          () => write(place('.tsx'), pick(['export default () => <b>1</b>', 'export const x = 1', '<'])),
          () => write(`content/${pick(folders)}/_index.md`, '---\ntitle: X\ncascade: { draft: true }\n---\n'),
        ])()
      const other = () => {
        const [from, to] = [pick(all()), pick(all())]
        if (!from || !to) return
        pick([
          () => rmSync(from, { recursive: true }),
          () => renameSync(from, path.join(path.dirname(to), path.basename(from))),
          () => cpSync(from, path.join(folder, 'copy'), { recursive: true }),
          () =>
            existsSync(path.join(folder, 'copy')) && renameSync(path.join(folder, 'copy'), `${to}${path.extname(to)}`),
          () => {
            git('add', '-A')
            git('commit', '-qm', 'More')
            git('checkout', '-q', pick(['a', 'b']))
          },
        ])()
      }
      for (let step = 0; step < steps; step++) {
        try {
          if (below(3)) save()
          else other()
        } catch (error) {
          // Steps that the file system refuses, like moving a folder into itself, are skipped.
          if (!(error as NodeJS.ErrnoException).code) throw error
        }
        // Some changes come together, others while the ones before them are compiled.
        if (below(2)) await new Promise((resolve) => setTimeout(resolve, below(90)))
      }
      expect(statSync(content).isDirectory()).toBe(true)
      const fresh = await freshStore(folder)
      // First the watcher has to notice the changes by itself, as for an open page; then it is asked, as for a request.
      await expect.poll(() => storeOf(path.join(folder, 'store')), { timeout: 120_000 }).toEqual(fresh)
      await takenUp()
      expect(storeOf(path.join(folder, 'store'))).toEqual(fresh)
    } finally {
      await end()
    }
  })
}
