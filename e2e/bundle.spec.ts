/** The bundle that `npm run bundle` makes answers like the server it was made from, and needs no file but its own. */
import { execFileSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import {
  chmodSync,
  cpSync,
  existsSync,
  lstatSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { expect, test } from '@playwright/test'
import { encodePath } from '../lib/site/address'
import { filesIn } from '../scripts/verify/copy'
import { send } from '../scripts/verify/http'
import { freePort, type Running, start, untilReady } from '../scripts/verify/processes'
import { stages, values } from './dockerfile'
import { fixture, requests } from './every-address'
import { environment, signIn } from './server'

/** A whole answer as text, without the date, the request's id and the nonce of a preview, which differ each time. */
async function answer(site: string, address: string, headers: Record<string, string> = {}, method = 'GET') {
  const reply = await send(site, { method, headers }, address)
  const {
    date: _date,
    'x-request-id': id,
    'server-timing': _timing,
    'set-cookie': cookies = [],
    ...rest
  } = reply.headers
  expect(id).toBeTruthy()
  const [nonce] = /(?<='nonce-)[^']+/.exec(String(rest['content-security-policy'])) ?? []
  const still = (text: string) => text.replaceAll(new URL(site).port, 'PORT').replaceAll(nonce ?? '\0', 'NONCE')
  const set = cookies.map((cookie) => cookie.replace(/=[^;]*/, '='))
  const text = nonce ? still(reply.body.toString()) : reply.body
  // Redirects with a nonce are compared without their body, which depends on how much Next.js had rendered.
  const body = nonce && reply.status > 299 ? '' : `${text.length} ${createHash('sha256').update(text).digest('hex')}`
  return `${reply.status} ${still(JSON.stringify({ ...rest, set }))} ${body}`
}

test('the bundle answers to the last byte as the server it was made from', async ({ baseURL: bundle = '' }) => {
  test.setTimeout(240_000)
  const site = bundle.replace(/\d+$/, (port) => String(Number(port) + 2))
  const cookies = new Map([
    [site, await signIn(site)],
    [bundle, await signIn(bundle)],
  ])
  const same = async (address: string, headers = {}, method = 'GET', isEditor = false) => {
    const ask = (at: string) =>
      answer(at, address, isEditor ? { ...headers, cookie: cookies.get(at) ?? '' } : headers, method)
    let [one, other] = await Promise.all([ask(site), ask(bundle)])
    // Next.js cuts the data of a preview into pieces that may differ between two requests, so try again.
    for (let tries = 0; tries < 5 && isEditor && one !== other; tries++)
      [one, other] = await Promise.all([ask(site), ask(bundle)])
    expect(other, `${method} ${address} ${JSON.stringify(headers)}${isEditor ? ' as an editor' : ''}`).toBe(one)
    return Number(other.slice(0, 3))
  }
  const kinds = requests('.next-e2e', fixture)
  for (const [kind, addresses] of Object.entries(kinds)) {
    expect(addresses.length, kind).toBeGreaterThan(0)
    const statuses = new Set<number>()
    for (const [at, address] of addresses.entries()) {
      statuses.add(await same(address, { 'accept-encoding': 'br' }))
      if (/draft|preview/.test(kind)) statuses.add(await same(address, {}, 'GET', true))
      if (kind === 'pages') {
        await same(address, { rsc: '1' })
        if (at % 10 > 0) continue
        await same(address)
        await same(address, {}, 'HEAD')
        await same(address, {}, 'POST')
      }
      if (kind === 'films') statuses.add(await same(address, { range: 'bytes=3-90' }))
    }
    // Two servers that answer 404 to every request would be equal too, so the statuses are checked as well.
    const expected = { previews: [200, 307], 'pictures of drafts': [200, 404], films: [200, 206], aliases: [308, 404] }
    const wanted = expected[kind as keyof typeof expected] ?? (kind === 'what is not there' ? [404] : [200])
    expect([...statuses], kind).toEqual(expect.arrayContaining(wanted))
  }
})

test('no server of ours encodes a picture for whoever asks', async ({ request }) => {
  for (const query of ['', '?url=%2Ficon.svg&w=640&q=75', '?url=https%3A%2F%2Fexample.com%2Fa.png&w=640&q=75'])
    expect((await request.get(`/_next/image${query}`)).status()).toBe(404)
})

test('the bundle has what a server reads and nothing else', () => {
  const files = filesIn('bundle-e2e').map((file) => path.relative('bundle-e2e', file).split(path.sep).join('/'))
  const unpublished = fixture.posts.filter(({ slug }) => !existsSync(`.next-e2e/server/app/blog/${slug}.html`))
  const bodies = files.filter((file) => file.includes('/bodies/')).map((file) => path.basename(file, '.json'))
  expect(bodies).toEqual(expect.arrayContaining(unpublished.map(({ body }) => body)))
  expect(bodies.length).toBeLessThan(fixture.posts.length)
  expect(new Set(files.map((file) => file.split('/')[0]))).toEqual(
    new Set(['.contentlayer', '.next-e2e', 'lib', 'node_modules', 'package.json', 'public', 'server.js']),
  )
  const packages = new Set(files.filter((file) => file.startsWith('node_modules/')).map((file) => file.split('/')[1]))
  for (const name of [
    'contentlayer2',
    '@contentlayer2',
    'typescript',
    'sharp',
    '@img',
    'esbuild',
    'shiki',
    'mermaid',
    '@takumi-rs',
  ])
    expect(packages).not.toContain(name)
  expect(packages).toContain('next')
  expect(files.filter((file) => /\.(map|nft\.json|d\.ts|tsx?|mdx?)$|\.env|e2e\/content/.test(file))).toEqual([])
  // The bundle must not contain the path of the project on the machine that built it.
  const text = files.filter((file) => /^(server\.js|\.next-e2e\/.*\.json)$/.test(file))
  for (const file of text) expect(readFileSync(`bundle-e2e/${file}`, 'utf8'), file).not.toContain(process.cwd())
})

test('what is no bundle is not replaced by one', () => {
  const folder = mkdtempSync(path.join(tmpdir(), 'galley-'))
  writeFileSync(path.join(folder, 'letter.txt'), 'Dear')
  const run = (place: string) => {
    try {
      execFileSync(process.execPath, ['scripts/bundle.mjs'], {
        env: { ...process.env, BUNDLE_DIR: place },
        stdio: 'pipe',
      })
    } catch (error) {
      return String((error as { stderr: Buffer }).stderr)
    }
  }
  expect(run(folder)).toContain('has something in it that is no bundle')
  expect(run('.')).toContain('has the project in it')
  expect(run('..')).toContain('has the project in it')
  expect(readFileSync(path.join(folder, 'letter.txt'), 'utf8')).toBe('Dear')
  rmSync(folder, { recursive: true })
})

test('from an empty folder to a server of nobody’s, in a tree that cannot be written', async () => {
  test.skip(process.platform === 'win32', 'has no such permissions')
  test.setTimeout(570_000)
  // The copy of the source is inside the project, so that it can link the packages. The bundle is outside the project,
  // so that it cannot use a file of the project by mistake.
  const source = path.resolve(`.verify/bundle-${process.pid}`)
  const place = mkdtempSync(path.join(tmpdir(), 'galley-'))
  const bundle = path.join(place, 'bundle')
  chmodSync(place, 0o755)
  let server: Running | undefined
  try {
    copyContext(source)
    const env: NodeJS.ProcessEnv = { PATH: process.env.PATH, HOME: place, NODE_ENV: 'production', BUNDLE_DIR: bundle }
    // Runs the last RUN of the Dockerfile, and its CMD. The RUN that installs packages is not needed here.
    const [build, final] = stages()
    const said = execFileSync('sh', ['-c', values(build, 'RUN').at(-1) ?? ''], { cwd: source, env, encoding: 'utf8' })
    expect(said).toMatch(/in all +\d+\.\d MB/)
    const manifest = JSON.parse(readFileSync(path.join(source, '.contentlayer/store/manifest.json'), 'utf8'))
    const kinds = requests(path.join(source, '.next'), manifest)
    rmSync(source, { recursive: true })

    execFileSync('chmod', ['-R', 'a-w,a+rX', bundle])
    const before = state(bundle)
    const port = await freePort()
    const nobody = process.getuid?.() === 0 ? { uid: 65534, gid: 65534 } : {}
    const settings = { ...environment, STORE_DIR: '', DIST_DIR: '', CONTENT_DIR: '' }
    const [command, ...args] = JSON.parse(values(final, 'CMD')[0] ?? '')
    server = start(command, args, {
      cwd: bundle,
      env: { PATH: process.env.PATH, ...settings, PORT: String(port) } as never,
      ...nobody,
    })
    const { child, output, ended } = server
    const site = `http://localhost:${port}`
    await untilReady(async () => (await send(`${site}/sign-in`)).status === 200, server)
    const cookie = await signIn(site)

    const status = async (address: string) =>
      (await fetch(site + address, { headers: { cookie }, redirect: 'manual' })).status
    for (const [kind, addresses] of Object.entries(kinds)) {
      const fine = { aliases: [308, 404], previews: [200, 307], 'what is not there': [307, 308, 404] }[kind] ?? [200]
      for (const address of addresses) expect(fine, `${address}\n${output()}`).toContain(await status(address))
    }
    const draft = manifest.posts.find((post: { draft: boolean }) => post.draft)
    expect(await status(`/drafts/${encodePath(draft.slug)}`)).toBe(200)
    const page = await fetch(`${site}/blog`)
    expect(page.headers.get('content-security-policy')).toContain("default-src 'none'")
    expect(await page.text()).not.toContain('/_next/static/chunks/')

    expect(output()).not.toMatch(/error|EACCES|EROFS/i)
    child.kill('SIGTERM')
    // Next.js closes its connections, and exits with 128 + 15 after SIGTERM.
    expect(await ended, output()).toBe(143)
    expect(state(bundle)).toEqual(before)
  } finally {
    await server?.stop('SIGTERM', 5000)
    rmSync(source, { recursive: true, force: true })
    execFileSync('chmod', ['-R', 'u+w', place])
    rmSync(place, { recursive: true })
  }
})

/** Copies the files that `docker build` sends: files that git has or would add, except those in .dockerignore. */
function copyContext(folder: string) {
  const ignored = readFileSync('.dockerignore', 'utf8')
    .split('\n')
    .filter((line) => line && !line.startsWith('#'))
  const isIgnored = (file: string) => ignored.some((name) => file === name || file.startsWith(`${name}/`))
  const listed = execFileSync('git', ['ls-files', '-z', '--cached', '--others', '--exclude-standard'], {
    encoding: 'utf8',
  })
  const files = listed.split('\0').filter((file) => file && existsSync(file) && !isIgnored(file))
  expect(files).toContain('scripts/bundle.mjs')
  mkdirSync(folder, { recursive: true })
  for (const file of files) cpSync(file, path.join(folder, file))
  execFileSync('cp', ['-al', 'node_modules', path.join(folder, 'node_modules')])
}

/** Names, sizes, permissions and times of everything in a folder. */
function state(folder: string): string[] {
  return readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .sort()
    .map((name) => {
      const { size, mode, mtimeMs } = lstatSync(path.join(folder, name))
      return `${name} ${size} ${mode} ${mtimeMs}`
    })
}
