import { spawnSync } from 'node:child_process'
import { cpSync, existsSync, mkdtempSync, readFileSync, rmSync, symlinkSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { expect, test } from '@playwright/test'
import { parseDocument } from 'yaml'

test('the command of Contentlayer takes our configuration, and finds the same documents with the same plain fields', () => {
  test.setTimeout(180_000)
  const folder = mkdtempSync(path.join(tmpdir(), 'galley-contentlayer-'))
  for (const name of ['contentlayer.config.ts', 'site.config.ts', 'lib', 'package.json', 'tsconfig.json'])
    cpSync(name, path.join(folder, name), { recursive: true })
  symlinkSync(path.resolve('node_modules'), path.join(folder, 'node_modules'))
  cpSync('e2e/content', path.join(folder, 'content'), { recursive: true })
  const { CONTENT_DIR: _content, STORE_DIR: _store, ...env } = process.env
  const bin = path.resolve('node_modules/contentlayer2/bin/cli.cjs')
  // Contentlayer works in the folder that PWD names, even when it was started in another folder.
  const inFolder = { ...env, PWD: folder, INIT_CWD: folder }
  const { stdout, stderr } = spawnSync(process.execPath, [bin, 'build'], {
    cwd: folder,
    env: inFolder,
    encoding: 'utf8',
  })

  expect(existsSync(path.join(folder, '.contentlayer/generated/Post/_index.json')), stdout + stderr).toBe(true)

  const ours = spawnSync(process.execPath, ['scripts/run.mjs', 'scripts/content.ts', 'build'], {
    env: { ...env, CONTENT_DIR: path.join(folder, 'content'), STORE_DIR: path.join(folder, 'store') },
    encoding: 'utf8',
  })
  expect(ours.status, ours.stderr).toBe(0)
  const manifest = JSON.parse(readFileSync(path.join(folder, 'store/manifest.json'), 'utf8'))
  const read = (type: string) =>
    JSON.parse(readFileSync(path.join(folder, `.contentlayer/generated/${type}/_index.json`), 'utf8'))
  for (const [type, entries] of [
    ['Post', manifest.posts],
    ['Author', manifest.authors],
    ['Page', manifest.pages],
  ]) {
    const theirs: Record<string, unknown>[] = read(type)
    expect(theirs.length, stdout + stderr).toBe(entries.length)
    for (const one of theirs) {
      const entry = entries.find(({ file }: { file: string }) => file === one._id)
      expect(entry, String(one._id)).toBeDefined()
      const text = readFileSync(path.join(folder, 'content', String(one._id)), 'utf8')
      const [, matter = ''] = /^---\n([\s\S]*?)\n---/.exec(text) ?? []
      for (const name of Object.keys(parseDocument(matter).toJS())) {
        const isDate = ['date', 'lastmod', 'expires'].includes(name)
        // A date without a time is in the time zone of the site, which Contentlayer does not know.
        const plain = (value: unknown) => (isDate ? new Date(String(value)).getTime() / 86_400_000 : value)
        if (isDate) expect(Math.abs(Number(plain(one[name])) - Number(plain(entry[name])))).toBeLessThan(1)
        else if (name !== 'slug') expect(one[name], `${one._id}: ${name}`).toEqual(entry[name])
      }
    }
  }
  rmSync(folder, { recursive: true })
})
