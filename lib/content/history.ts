import { execFile } from 'node:child_process'
import { statSync } from 'node:fs'
import path from 'node:path'

/** When a file was last changed (ISO 8601, UTC), and by whom as git knows; nobody for what is not committed yet. */
export type Change = { at: string; by?: string }

/**
 * The last change of each file, from git; from the file system for what git does not know or has changed since.
 *
 * @param files relative to `folder`.
 */
export async function lastChanges(folder: string, files: string[]): Promise<Map<string, Change>> {
  const changes = new Map<string, Change>()
  if (files.length === 0) return changes
  const wanted = new Set(files)
  const dirty = new Set(
    (await git(folder, 'status', '--porcelain', '-z', '--no-renames', '--untracked-files=all', '--', '.'))
      .split('\0')
      .map((line) => line.slice(3)),
  )
  const prefix = (await git(folder, 'rev-parse', '--show-prefix')).trim()
  // One commit a record: time, author, then its files, each ended by a NUL.
  const log = await git(
    folder,
    'log',
    '-z',
    '--format=%x01%aI%x02%aN%x02',
    '--name-only',
    '--no-renames',
    '--relative',
    '--',
    '.',
  )
  for (const record of log.split('\u0001').slice(1)) {
    const [at = '', by = '', names = ''] = record.split('\u0002')
    for (const name of names.split('\0')) {
      const file = name.replace(/^\n/, '')
      if (wanted.has(file) && !changes.has(file) && !dirty.has(prefix + file))
        changes.set(file, { at: new Date(at).toISOString(), by })
    }
  }
  for (const file of files) {
    if (!changes.has(file)) changes.set(file, { at: statSync(path.join(folder, file)).mtime.toISOString() })
  }
  return changes
}

/** @returns what git prints, or nothing where there is no git or no repository. */
function git(folder: string, ...args: string[]): Promise<string> {
  return new Promise((resolve) => {
    execFile(
      'git',
      ['-c', 'core.quotePath=false', ...args],
      { cwd: folder, maxBuffer: 256 * 2 ** 20 },
      (error, stdout) => resolve(error ? '' : stdout),
    )
  })
}
