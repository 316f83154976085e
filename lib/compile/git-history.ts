import { execFile } from 'node:child_process'
import { statSync } from 'node:fs'
import path from 'node:path'
import type { Change } from '../store/types'

/**
 * The last change of each file: from git, or from the file system where git does not have the file or is not there. A file that
 * changed before the history of a shallow clone begins is left out.
 *
 * @param files relative to `folder`.
 */
export async function lastChanges(folder: string, files: string[]): Promise<Map<string, Change>> {
  const changes = new Map<string, Change>()
  if (files.length === 0) return changes
  const onDisk = (file: string) => ({ at: statSync(path.join(folder, file)).mtime.toISOString() })
  const [shallow = '', prefix = ''] = (
    await git(folder, 'rev-parse', '--is-shallow-repository', '--show-prefix')
  ).split('\n')
  if (!shallow) return new Map(files.map((file) => [file, onDisk(file)]))

  const status = await git(folder, 'status', '--porcelain', '-z', '--no-renames', '--untracked-files=all', '--', '.')
  const dirty = new Set(status.split('\0').map((line) => line.slice(3)))
  for (const file of files) if (dirty.has(prefix + file)) changes.set(file, { ...onDisk(file), uncommitted: true })

  const wanted = new Set(files.filter((file) => !changes.has(file)))
  if (wanted.size === 0) return changes

  // One commit a record: its parents, time and author, then its files, each ended by a NUL.
  const format = '--format=%x01%P%x02%aI%x02%aN%x02'
  const log = await git(folder, 'log', '-z', format, '--name-only', '--no-renames', '--relative', '--', '.')
  for (const record of log.split('\u0001').slice(1)) {
    const [parents, at = '', by = '', names = ''] = record.split('\u0002')
    // The oldest commit of a shallow clone claims every file.
    if (shallow === 'true' && !parents) continue
    for (const name of names.split('\0')) {
      const file = name.replace(/^\n/, '')
      if (wanted.has(file) && !changes.has(file)) changes.set(file, { at: new Date(at).toISOString(), by })
    }
  }
  return changes
}

/** @returns the commit that is checked out, which decides what `lastChanges` finds; an empty text where there is no repository. */
export const headOf = (folder: string): Promise<string> => git(folder, 'rev-parse', '--verify', '--quiet', 'HEAD')

/** @returns what git prints, or nothing where there is no git or no repository. */
function git(folder: string, ...args: string[]): Promise<string> {
  // A hook of git sets variables for another repository. Without optional locks, git status does not get in the way of a commit.
  const env: NodeJS.ProcessEnv = { ...process.env }
  for (const name of Object.keys(env)) if (name.startsWith('GIT_')) delete env[name]
  env.GIT_OPTIONAL_LOCKS = '0'
  const options = { cwd: folder, env, maxBuffer: 256 * 2 ** 20 }
  return new Promise((resolve) => {
    execFile('git', ['-c', 'core.quotePath=false', ...args], options, (error, stdout) => resolve(error ? '' : stdout))
  })
}
