import { execFileSync } from 'node:child_process'
import {
  constants,
  cpSync,
  existsSync,
  mkdirSync,
  readdirSync,
  realpathSync,
  renameSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import path from 'node:path'
import { contentDir, storeDir } from '../../lib/store/paths'
import { findProgram } from '../steps.mjs'
import { send } from './http'
import { freePort, start, untilReady } from './processes'

/** The folder of the copies. It is in the project, because Turbopack reads no file outside of the folder that has the packages. */
const copies = path.resolve('.verify')

/**
 * Copies the project into a folder of its own: all files that git does not ignore, the whole content and `public`, and a link to the
 * installed packages. Secrets and builds are not copied.
 *
 * @param patches folders whose files are copied over the copy.
 * @returns the folder of the copy.
 */
export function makeCopy(patches: string[] = []): string {
  removeLeftovers()
  const copy = path.join(copies, String(process.pid))
  mkdirSync(copy, { recursive: true })
  for (const file of projectFiles()) cpSync(file, path.join(copy, file), { preserveTimestamps: true })
  const folders: [string, string][] = [
    [contentDir, 'content'],
    ['public', 'public'],
    [process.env.SITE_CONFIG || 'site.config.ts', 'site.config.ts'],
  ]
  for (const [from, to] of folders) {
    rmSync(path.join(copy, to), { recursive: true, force: true })
    if (existsSync(from)) cpSync(from, path.join(copy, to), { recursive: true, preserveTimestamps: true })
  }
  symlinkSync(realpathSync('node_modules'), path.join(copy, 'node_modules'), 'junction')
  copyCompiled(copy)
  for (const patch of patches) cpSync(patch, copy, { recursive: true })
  return copy
}

/**
 * Moves a built copy aside, so that the next copy is built in the same folder and paths in the two builds are equal. The cache of the
 * build goes to the next copy, which is then built much faster.
 *
 * @param make makes the next copy. @returns the folder where the first copy is now.
 */
export function moveAside(copy: string, make: () => void): string {
  const aside = `${copy}-with`
  const cache = path.join('.next', 'cache')
  renameSync(copy, aside)
  make()
  mkdirSync(path.join(copy, '.next'), { recursive: true })
  if (existsSync(path.join(aside, cache))) renameSync(path.join(aside, cache), path.join(copy, cache))
  return aside
}

/** The relative paths of all files of the project. */
function projectFiles(): string[] {
  const isOurs = (file: string) =>
    existsSync(file) &&
    !/(^|\/)node_modules(\/|$)|^(\.git|\.next[^/]*|\.contentlayer|\.verify)(\/|$)|(^|\/)\.env[^/]*\.local$/.test(file)
  try {
    const listed = execFileSync('git', ['ls-files', '-z', '--cached', '--others', '--exclude-standard'], {
      encoding: 'utf8',
      maxBuffer: 2 ** 28,
      stdio: ['ignore', 'pipe', 'ignore'],
    })
    const files = listed.split('\0').filter((file) => file && isOurs(file))
    if (files.includes('package.json')) return files
  } catch {
    // Without git or a repository, all files in this folder are the project.
  }
  const walk = (folder: string): string[] =>
    readdirSync(folder, { withFileTypes: true }).flatMap((entry) => {
      const file = path.posix.join(folder, entry.name)
      if (!isOurs(file)) return []
      return entry.isDirectory() ? walk(file) : [file]
    })
  return walk('.')
}

/** @returns every file in a folder and the folders in it; the path itself, if it is a file; nothing, if it does not exist. */
export function filesIn(place: string): string[] {
  if (!existsSync(place)) return []
  if (statSync(place).isFile()) return [place]
  return readdirSync(place, { withFileTypes: true }).flatMap((entry) => {
    const file = path.join(place, entry.name)
    return entry.isDirectory() ? filesIn(file) : entry.isFile() ? [file] : []
  })
}

/** Copies the compiled bodies and pictures, so that they need not be compiled again. */
function copyCompiled(copy: string) {
  for (const folder of ['pictures', 'bodies']) {
    const from = path.join(storeDir, folder)
    if (existsSync(from))
      cpSync(from, path.join(copy, '.contentlayer/store', folder), {
        recursive: true,
        mode: constants.COPYFILE_FICLONE,
      })
  }
}

/** Removes the copies of processes that have ended. */
function removeLeftovers() {
  for (const name of existsSync(copies) ? readdirSync(copies) : []) {
    if (/^\d+(-with)?$/.test(name) && !isRunning(Number.parseInt(name, 10))) removeCopy(path.join(copies, name))
  }
}

function isRunning(pid: number): boolean {
  try {
    return process.kill(pid, 0)
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM'
  }
}

/** Removes a copy and the copy that was moved aside, and then the folder of the copies if it is empty. */
export function removeCopy(copy: string) {
  // A server that is ending may still write.
  for (const folder of [copy, `${copy}-with`])
    rmSync(folder, { recursive: true, force: true, maxRetries: 10, retryDelay: 100 })
  if (existsSync(copies) && readdirSync(copies).length === 0) rmSync(copies, { recursive: true })
}

/** The copy uses its own folders and facts, and not those that the environment names. */
const ownFolders = { CONTENT_DIR: '', STORE_DIR: '', DIST_DIR: '', SITE_CONFIG: '' }

/** @throws with the output of the build, when it fails. */
export async function buildCopy(copy: string) {
  const env = { ...process.env, ...ownFolders, NODE_ENV: 'production' as const }
  const { ended, output } = start('npm', ['run', '--silent', 'build'], {
    cwd: copy,
    env,
    shell: process.platform === 'win32',
  })
  if ((await ended) !== 0) throw new Error(`The copy could not be built:\n${output()}`)
}

/** A server of the copy. It listens at `port`; `self` is the origin that it takes for its own. */
export type Server = { port: number; self: string; output: () => string; stop: () => Promise<void> }

/**
 * Starts a server of the built copy on a free port.
 *
 * @param settings EDITORS, EDITOR_PASSWORDS and NEXTAUTH_SECRET. Other ways to sign in are off, whatever the environment says.
 */
export async function serveCopy(copy: string, settings: Record<string, string>): Promise<Server> {
  const port = await freePort()
  const others = [
    'NEXTAUTH_URL',
    'GITHUB_ID',
    'GITHUB_SECRET',
    'GITHUB_URL',
    'OIDC_ISSUER',
    'OIDC_CLIENT_ID',
    'OIDC_CLIENT_SECRET',
    'OIDC_NAME',
    'REDIS_URL',
    'TRUSTED_PROXIES',
    'VERCEL',
  ]
  const env = {
    ...process.env,
    ...Object.fromEntries(others.map((name) => [name, ''])),
    ...ownFolders,
    ...settings,
    NODE_ENV: 'production' as const,
    PORT: String(port),
  }
  const next = path.join('node_modules', 'next', 'dist', 'bin', 'next')
  const args = [next, 'start', '--hostname', '127.0.0.1', '--port', String(port)]
  const server = start(process.execPath, args, { cwd: copy, env })
  await untilReady(async () => (await send(`http://127.0.0.1:${port}/sign-in`)).status > 0, server)
  return { port, self: `http://localhost:${port}`, output: server.output, stop: server.stop }
}

/** Starts nginx as a cache before a server, on a free port. @returns undefined when nginx is not installed. */
export async function serveCached(folder: string, upstream: number) {
  const nginx = findProgram('nginx')
  if (!nginx) return undefined
  const port = await freePort()
  const temporary = ['client_body', 'proxy', 'fastcgi', 'uwsgi', 'scgi']
  mkdirSync(folder, { recursive: true })
  writeFileSync(
    path.join(folder, 'nginx.conf'),
    `daemon off;
master_process off;
pid nginx.pid;
error_log error.log;
events {}
http {
  access_log off;
  ${temporary.map((name) => `${name}_temp_path ${name};`).join('\n  ')}
  proxy_cache_path cache keys_zone=pages:1m;
  server {
    listen 127.0.0.1:${port};
    location / {
      proxy_pass http://127.0.0.1:${upstream};
      proxy_set_header Host $host:$server_port;
      proxy_cache pages;
      proxy_cache_valid any 10m;
      add_header X-Cache $upstream_cache_status always;
    }
  }
}
`,
  )
  const server = start(nginx, ['-p', folder, '-e', 'error.log', '-c', 'nginx.conf'], { cwd: folder })
  await untilReady(async () => (await send(`http://127.0.0.1:${port}/sign-in`)).status > 0, server)
  return { port, stop: server.stop }
}
