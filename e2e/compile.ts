import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { reportOf } from '../lib/compile/report'
import { withLinks } from '../lib/posts/set-links'
import { inFolders } from '../lib/store/paths'

/** Writes the files of a blog, with an author. */
export function writeBlog(content: string, files: Record<string, string>) {
  const all = { 'authors/default.md': '---\nname: Ada\n---\n', ...files }
  for (const [name, text] of Object.entries(all)) {
    mkdirSync(path.dirname(path.join(content, name)), { recursive: true })
    writeFileSync(path.join(content, name), text)
  }
}

/**
 * Compiles a folder in this process as `npm run content` does. compiler.spec.ts also runs the command itself.
 *
 * @param strict true as in `npm run content`; false as in `npm run dev`.
 * @param cards true as in `npm run content`. Most tests need no cards, and each takes a while.
 * @returns the exit code of the command, and the lines that it prints.
 */
export async function compileIn(content: string, store: string, { strict = true, cards = false } = {}) {
  // Contentlayer is 1,600 modules, and Playwright reads every file of tests, in each process, before the first of them runs.
  const { compile: compileFolder } = await import('../lib/compile/compile')
  const folder = path.relative('.', content)
  let status = 1
  const said: string[] = []
  try {
    await inFolders(content, store, () =>
      compileFolder(
        (compiled) => {
          const { lines, last, errors } = reportOf(compiled, folder, 0)
          said.push(...lines, last)
          if (errors === 0) status = 0
        },
        { strict, cards },
      ),
    )
  } catch (error) {
    said.push(...String((error as Error).stack).split('\n'))
  }
  return { status, said: said.map((line) => line.replaceAll(folder, 'content')) }
}

/**
 * Compiles a few files.
 *
 * @param keep a folder to compile in, which is not removed and may hold the result of an earlier call.
 */
export async function compile(files: Record<string, string>, keep?: string, options: { cards?: boolean } = {}) {
  const folder = keep ?? mkdtempSync(path.join(tmpdir(), 'galley-'))
  const [content, store] = [path.join(folder, 'content'), path.join(folder, 'store')]
  writeBlog(content, files)
  const { status, said } = await compileIn(content, store, options)
  const readIn = (name: string) => {
    const file = path.join(store, name)
    return existsSync(file) ? JSON.parse(readFileSync(file, 'utf8')) : undefined
  }
  const manifest = readIn('manifest.json')
  const result = {
    status,
    asked: readIn('asked.json'),
    said,
    manifest,
    /** The HTML that readers get, by the file of the document. */
    html: Object.fromEntries(
      [manifest?.posts, manifest?.authors, manifest?.pages].flatMap((entries = []) =>
        entries.map((entry: { file: string; body: string; hrefs?: Record<string, string | null> }) => [
          entry.file,
          withLinks(readIn(`bodies/${entry.body}.json`).html, entry.hrefs),
        ]),
      ),
    ) as Record<string, string>,
    bodies: existsSync(path.join(store, 'bodies')) ? readdirSync(path.join(store, 'bodies')) : [],
  }
  if (!keep) rmSync(folder, { recursive: true })
  return result
}
