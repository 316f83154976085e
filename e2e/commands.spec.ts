import { spawnSync } from 'node:child_process'
import { chmodSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { expect, test } from '@playwright/test'

const node = (args: string[], env: Record<string, string> = {}) => {
  const { status, stdout, stderr } = spawnSync(process.execPath, args, {
    env: { ...process.env, ...env },
    encoding: 'utf8',
  })
  return { status, said: (stdout + stderr).trim() }
}

test('a busy port is one clear sentence', async () => {
  const server = createServer().listen(0)
  const { port } = server.address() as { port: number }
  expect(node(['scripts/up.mjs'], { PORT: String(port) })).toEqual({
    status: 1,
    said: `Port ${port} is busy. Stop what uses it, or choose another: PORT=${port + 1} npm run up.`,
  })
  server.close()
})

test('a port that is none is one clear sentence', () => {
  expect(node(['scripts/up.mjs'], { PORT: '80a' })).toEqual({
    status: 1,
    said: 'PORT is "80a", which is no port. Set it to a number from 1 to 65535.',
  })
})

test('an old Node.js is one clear sentence', () => {
  const old = 'data:text/javascript,Object.defineProperty(process.versions,"node",{value:"20.8.1"})'
  expect(node(['--import', old, 'scripts/up.mjs'])).toEqual({
    status: 1,
    said: 'Galley needs Node.js 20.9 or newer, and this is 20.8.1. Install a newer one from https://nodejs.org.',
  })
})

test('a full disk is one clear sentence', () => {
  test.skip(process.platform === 'win32', 'needs a POSIX shell')
  const folder = mkdtempSync(path.join(tmpdir(), 'galley-'))
  writeFileSync(path.join(folder, 'npm'), '#!/bin/sh\necho "npm error code ENOSPC" >&2\nexit 1\n')
  chmodSync(path.join(folder, 'npm'), 0o755)
  const step = `import('${process.cwd()}/scripts/steps.mjs').then(({ step }) => step('npm', ['ci'], { quiet: true }))`
  const { status, said } = node(['-e', step], { PATH: `${folder}:${process.env.PATH}` })
  expect([status, said]).toEqual([
    1,
    'The disk is full. Free some space (a build needs about 1 GB), then run this again.',
  ])
  rmSync(folder, { recursive: true })
})

test('an installed package that the lock has no strong checksum of is named, with its line and what to do', () => {
  const folder = mkdtempSync(path.join(tmpdir(), 'galley-'))
  const packages = {
    '': {},
    'node_modules/sure': { version: '1.0.0', integrity: 'sha512-x' },
    'node_modules/bare': { version: '2.0.0' },
    'node_modules/sure/node_modules/@old/sum': { version: '3.0.0', integrity: 'sha1-x' },
    'node_modules/alias': { version: '4.0.0', name: 'real' },
    'node_modules/linked': { link: true },
    'node_modules/other-system': { version: '5.0.0', optional: true },
  }
  const lock = JSON.stringify({ packages }, null, 2)
  for (const at of Object.keys(packages))
    if (!at.endsWith('other-system')) mkdirSync(path.join(folder, 'e2e/observatory', at), { recursive: true })
  writeFileSync(path.join(folder, 'e2e/observatory/package-lock.json'), lock)
  const { status, said } = node(['scripts/lock.mjs', folder])
  rmSync(folder, { recursive: true })
  const line = (at: string) => lock.split('\n').findIndex((one) => one.includes(`"${at}"`)) + 1
  const says = (at: string, name: string) =>
    expect.stringContaining(
      `observatory/package-lock.json:${line(at)}: ${name} is installed and has no strong "integrity"`,
    )
  expect(status).toBe(0)
  expect(said.split('\n')).toEqual([
    says('node_modules/bare', 'bare 2.0.0'),
    says('node_modules/sure/node_modules/@old/sum', '@old/sum 3.0.0'),
    says('node_modules/alias', 'real 4.0.0'),
  ])
  expect(said).toContain('Run npm view bare@2.0.0 dist.integrity and write what it prints')
})

for (const [file, tag] of [
  // Not in `npm test`, because an owner may install a package from a registry that npm then writes into this file.
  ['package-lock.json', '@long'],
  ['scripts/weigh/package-lock.json', []],
  ['e2e/observatory/package-lock.json', []],
] as [string, string | string[]][])
  test(`every package in ${file} has a strong checksum, and no registry is named there`, { tag }, () => {
    const { packages } = JSON.parse(readFileSync(file, 'utf8')) as { packages: Record<string, Locked> }
    expect(Object.keys(packages).length).toBeGreaterThan(1)
    for (const [at, { integrity, resolved }] of Object.entries(packages).slice(1)) {
      expect(integrity, at).toMatch(/^sha512-[\w+/]{86}==$/)
      expect(resolved, at).toBeUndefined()
    }
  })

type Locked = { integrity?: string; resolved?: string }

test('npm run new writes a draft with today’s date and a file name in any script, and never over another', () => {
  const folder = mkdtempSync(path.join(tmpdir(), 'galley-'))
  const env = { CONTENT_DIR: folder }
  expect(node(['scripts/new.mjs', 'It’s "C++" & 日本語!', 'backend'], env).status).toBe(0)
  const text = readFileSync(path.join(folder, 'posts/backend/its-c-日本語.md'), 'utf8')
  const today = new Intl.DateTimeFormat('sv').format(new Date())
  expect(text).toBe(
    `---\ntitle: "It’s \\"C++\\" & 日本語!"\nsummary: ""\ndate: ${today}\ntags: []\nauthors: [default]\ndraft: true\n---\n\n`,
  )
  expect(node(['scripts/new.mjs', 'Its c 日本語', 'backend'], env)).toMatchObject({
    status: 1,
    said: expect.stringContaining('is there already'),
  })
  expect(node(['scripts/new.mjs', '!!!'], env).said).toContain('has no letter or digit')
  expect(node(['scripts/new.mjs', 'A', '../up'], env).said).toContain('cannot be a category')
  expect(node(['scripts/new.mjs'], env).said).toContain('What is it called?')
  rmSync(folder, { recursive: true })
})
