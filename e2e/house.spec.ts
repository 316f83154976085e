import { spawnSync } from 'node:child_process'
import { cpSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { expect, test } from '@playwright/test'
import { build } from 'esbuild'
import { floors } from '../scripts/map.mjs'
import { longFiles } from './suites'

const biome = path.resolve('node_modules/@biomejs/biome/bin/biome')

/** The paths among `files` (with their text) in which Biome, with the rules of this project, finds a forbidden import. */
function refused(files: Map<string, string>): string[] {
  const folder = mkdtempSync(path.join(tmpdir(), 'galley-house-'))
  try {
    cpSync('biome.json', path.join(folder, 'biome.json'))
    for (const [file, text] of files) {
      mkdirSync(path.dirname(path.join(folder, file)), { recursive: true })
      writeFileSync(path.join(folder, file), text)
    }
    const only = [
      'lint',
      '--vcs-enabled=false',
      '--only=style/noRestrictedImports',
      '--reporter=json',
      '--max-diagnostics=none',
      '.',
    ]
    const { stdout } = spawnSync(process.execPath, [biome, ...only], { cwd: folder, encoding: 'utf8' })
    const { diagnostics } = JSON.parse(stdout) as { diagnostics: { category: string; location: { path: string } }[] }
    return diagnostics
      .filter(({ category }) => category === 'lint/style/noRestrictedImports')
      .map(({ location }) => path.relative(folder, path.resolve(folder, location.path)))
  } finally {
    rmSync(folder, { recursive: true })
  }
}

/** Rooms above lib/store that may not import it all the same, because they must not read documents. */
const keptFromStore = ['auth', 'static', 'formats', 'start.ts']
const above = ['app/page', 'components/post-list', 'scripts/steps.mjs', 'e2e/server', 'proxy', 'instrumentation']

test('an import that goes up or across in lib/ is an error of npm run check', () => {
  const files = new Map<string, string>()
  const wrong: string[] = []
  const add = (file: string, target: string, isWrong: boolean) => {
    files.set(file, `import '${target}'\n`)
    if (isWrong) wrong.push(file)
  }
  for (const [floor, rooms] of floors.entries())
    for (const room of rooms.filter((one) => one !== 'start.ts')) {
      for (const [other, targets] of floors.entries())
        for (const target of targets.filter((one) => one !== room)) {
          const isWrong = other <= floor || (target === 'store' && keptFromStore.includes(room))
          const name = target === 'start.ts' ? 'start' : `${target}/types`
          add(`lib/${room}/from-${target}.ts`, `../${name}`, isWrong)
          add(`lib/${room}/deep/from-${target}.ts`, `../../${name}`, isWrong)
          add(`lib/${room}/at-${target}.ts`, `@/lib/${name}`, isWrong)
        }
      for (const one of above) {
        add(`lib/${room}/above-${path.basename(one)}.ts`, `../../${one}`, true)
        add(`lib/${room}/at-above-${path.basename(one)}.ts`, `@/${one}`, true)
      }
      add(`lib/${room}/next-auth.ts`, 'next-auth/jwt', true)
    }
  add('lib/auth/providers.ts', 'next-auth', false)
  add('lib/markdown/read.ts', '../store/read', true)
  for (const folder of ['app', 'components']) {
    add(`${folder}/store.ts`, '@/lib/store/read', true)
    add(`${folder}/next-auth.ts`, 'next-auth', true)
    add(`${folder}/generated.ts`, 'contentlayer/generated', true)
  }
  add('proxy.ts', 'next-auth/jwt', true)
  add('scripts/next-auth.ts', 'next-auth', true)
  add('scripts/store.ts', '../lib/store/read', false)
  expect(refused(files).sort()).toEqual(wrong.sort())
})

test('no quick test reads the words, the facts or the files of the blog that it stands in', () => {
  // These two files read the files that an owner may change, so that no test has to name them.
  const known = ['own-files.ts', 'colours.ts']
  const long = longFiles.map((pattern) => path.basename(pattern))
  const quick = readdirSync('e2e').filter(
    (file) => file.endsWith('.ts') && ![...known, ...long, 'dev.spec.ts'].includes(file),
  )
  expect(quick.length).toBeGreaterThan(40)
  const reads =
    /from '(?:\.\.|@)\/site\.config'|(?:readFileSync|readdirSync|cpSync|copyFileSync|statSync|mkdtempSync)\('(?:content['/]|public\/(?!assets)|site\.config|app\/(?:theme|article|globals|layout)\.)/
  const names = /galley\.example|github\.com\/galley-blog|'\/authors\/(?:ines|tomas)|'\/icon\.svg'/
  const found = quick.flatMap((file) =>
    readFileSync(`e2e/${file}`, 'utf8')
      .split('\n')
      .flatMap((line, at) =>
        reads.test(line) || (names.test(line) && file !== 'house.spec.ts')
          ? [`e2e/${file}:${at + 1}: ${line.trim()}`]
          : [],
      ),
  )
  expect(found, 'write to e2e/site.config.ts, e2e/own-files.ts or e2e/colours.ts').toEqual([])
})

test('a file of more than 300 lines says at its head why it is long', () => {
  const files = ['lib', 'scripts', 'e2e'].flatMap((folder) =>
    readdirSync(folder, { recursive: true, encoding: 'utf8' }).map((name) => path.join(folder, name)),
  )
  const code = files.filter((file) => /\.(ts|tsx|mjs)$/.test(file) && !/node_modules|e2e.content/.test(file))
  expect(code.length).toBeGreaterThan(200)
  const unsaid = code.filter((file) => {
    const lines = readFileSync(file, 'utf8').split('\n')
    return lines.length > 301 && !/^\W*This file is long because /m.test(lines.slice(0, 12).join('\n'))
  })
  expect(unsaid).toEqual([])
})

test('proxy.ts loads no next-auth', async () => {
  const { metafile } = await build({
    entryPoints: ['proxy.ts'],
    bundle: true,
    platform: 'node',
    format: 'esm',
    outdir: 'out',
    write: false,
    metafile: true,
  })
  const packages = Object.keys(metafile.inputs).filter((file) => file.includes('node_modules/'))
  expect(packages.filter((file) => /node_modules\/(next-auth|openid-client)\//.test(file))).toEqual([])
  // The bundle does contain packages: jose, which reads the session.
  expect(packages.some((file) => file.includes('node_modules/jose/'))).toBe(true)
})
