import { spawnSync } from 'node:child_process'
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { withLinks } from '../lib/posts/set-links'

/**
 * Compiles a few files as `npm run content` does.
 *
 * @param keep a folder to compile in, which is not removed and may hold the result of an earlier call.
 */
export function compile(files: Record<string, string>, keep?: string) {
  const folder = keep ?? mkdtempSync(path.join(tmpdir(), 'galley-'))
  const content = path.join(folder, 'content')
  const all = { 'authors/default.md': '---\nname: Ada\n---\n', ...files }
  for (const [name, text] of Object.entries(all)) {
    mkdirSync(path.dirname(path.join(content, name)), { recursive: true })
    writeFileSync(path.join(content, name), text)
  }
  const { status, stdout, stderr } = spawnSync(process.execPath, ['scripts/run.mjs', 'scripts/content.ts', 'build'], {
    env: { ...process.env, CONTENT_DIR: content, STORE_DIR: path.join(folder, 'store') },
    encoding: 'utf8',
  })
  const manifest = path.join(folder, 'store/manifest.json')
  const bodyOf = (name: string) => JSON.parse(readFileSync(path.join(folder, 'store/bodies', `${name}.json`), 'utf8'))
  const read = existsSync(manifest) ? JSON.parse(readFileSync(manifest, 'utf8')) : undefined
  const asked = path.join(folder, 'store/asked.json')
  const result = {
    status,
    asked: existsSync(asked) ? JSON.parse(readFileSync(asked, 'utf8')) : undefined,
    said: `${stderr}${stdout}`.replaceAll(path.relative('.', content), 'content').split('\n').filter(Boolean),
    manifest: read,
    /** The HTML that readers get, by the file of the document. */
    html: Object.fromEntries(
      [read?.posts, read?.authors, read?.pages].flatMap((entries = []) =>
        entries.map((entry: { file: string; body: string; hrefs?: Record<string, string | null> }) => [
          entry.file,
          withLinks(bodyOf(entry.body).html, entry.hrefs),
        ]),
      ),
    ) as Record<string, string>,
    bodies: existsSync(path.join(folder, 'store/bodies')) ? readdirSync(path.join(folder, 'store/bodies')) : [],
  }
  if (!keep) rmSync(folder, { recursive: true })
  return result
}
