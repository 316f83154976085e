// This file is long because its tests share two servers.
import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { connect, createServer } from 'node:net'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { expect, test } from '@playwright/test'
import { loggedPath } from '../lib/server/log'
import { plainTarget } from '../lib/server/plain-target'
import { encodePath } from '../lib/site/address'
import { type Dated, statusOf } from '../lib/store/status'
import { freePort } from '../scripts/verify/processes'
import { kinds } from './pages'
import { ask, editorCookie, refusedStart, type Server, signIn, startServer } from './server'

// These tests are about one process: health, stopping, logs, figures, and its answers to hostile requests.

// One worker: tests share the servers whose settings allow it.
test.describe.configure({ mode: 'default' })

/** Runs a server with some settings of its own. */
async function serving(settings: Record<string, string>, run: (server: Server) => Promise<void>) {
  const server = await startServer(settings)
  try {
    await run(server)
  } finally {
    await server.stop()
  }
}

type Line = { time: string; level: string; message: string } & Record<string, unknown>

/** The lines of a server's log, without the banner that Next.js prints before it has read any setting. */
const lines = (server: Server): Line[] =>
  server
    .output()
    .split('\n')
    .filter((line) => line.startsWith('{'))
    .map((line) => JSON.parse(line))

const requests = (server: Server) => lines(server).filter(({ message }) => message === 'request')

let brokenServer: Server | undefined
let brokenStore = ''
/** A server with its own copy of the store, from which tests remove files and put them back. */
async function broken(): Promise<Server> {
  if (!brokenStore) {
    brokenStore = mkdtempSync(path.join(tmpdir(), 'galley-'))
    cpSync('.contentlayer/e2e', brokenStore, { recursive: true })
  }
  brokenServer ??= await startServer({ STORE_DIR: brokenStore, LOG: 'json' })
  return brokenServer
}

let loggingServer: Server | undefined
let figuresPort = 0
/** A server with a log of JSON, and figures on a port. */
async function logging(): Promise<Server> {
  figuresPort ||= await freePort()
  loggingServer ??= await startServer({ LOG: 'json', METRICS_PORT: String(figuresPort) })
  return loggingServer
}

test.afterAll(async () => {
  await Promise.all([brokenServer?.stop(), loggingServer?.stop()])
  if (brokenStore) rmSync(brokenStore, { recursive: true })
})

test.describe('health', () => {
  test('a server that works is healthy and ready, and no cache keeps either answer', async ({ baseURL }) => {
    for (const [address, text] of [
      ['/healthz', 'ok\n'],
      ['/readyz', 'ready\n'],
    ] as const) {
      const answer = await ask(String(baseURL), address)
      expect([answer.status, answer.body, answer.headers['cache-control']]).toEqual([200, text, 'no-store'])
      expect((await ask(String(baseURL), address, { method: 'HEAD' })).status).toBe(200)
    }
  })

  test('without its content a server is not ready, and is again once the content is back', async () => {
    const { url } = await broken()
    rmSync(path.join(brokenStore, 'manifest.json'))
    expect(await ask(url, '/readyz')).toMatchObject({ status: 503, body: 'the content cannot be read\n' })
    expect((await ask(url, '/healthz')).status).toBe(200)
    cpSync('.contentlayer/e2e/manifest.json', path.join(brokenStore, 'manifest.json'))
    expect((await ask(url, '/readyz')).status).toBe(200)
  })

  const name = 'without its Redis a server is not ready, turns editors away with 503, and still serves every page'
  test(name, { tag: '@long' }, async ({ baseURL }) => {
    const silent = createServer().listen(0, '127.0.0.1')
    await new Promise((resolve) => silent.once('listening', resolve))
    const { port } = silent.address() as { port: number }
    const cookie = await editorCookie(String(baseURL))
    await serving({ REDIS_URL: `redis://127.0.0.1:${port}` }, async (server) => {
      expect(await ask(server.url, '/readyz')).toMatchObject({ status: 503, body: 'Redis cannot be reached\n' })
      expect((await ask(server.url, '/healthz')).status).toBe(200)
      for (const address of ['/drafts', '/drafts/backend/draft', '/sign-in']) {
        const answer = await ask(server.url, address, { headers: { cookie } })
        expect(answer.status, address).toBe(503)
        expect(answer.body, address).toContain('read drafts at the moment')
        expect(answer.headers['cache-control'], address).toContain('no-store')
      }
      for (const address of Object.values(kinds)) expect((await ask(server.url, address)).status, address).toBe(200)
    })
    silent.close()
  })
})

test.describe('stopping', () => {
  test('a server that is asked to end answers on, says so to who shares out requests, and keeps no connection', async () => {
    await serving({ DRAIN_SECONDS: '100' }, async (server) => {
      expect(await keepAlive(server.port, '/')).toContain('\r\nConnection: keep-alive\r\n')
      server.signal('SIGTERM')
      await expect.poll(async () => (await ask(server.url, '/readyz')).status).toBe(503)
      expect((await ask(server.url, '/readyz')).body).toBe('the server is ending\n')
      expect((await ask(server.url, '/healthz')).status).toBe(200)
      for (const address of [...Object.values(kinds), '/sign-in', '/assets/none', '/nowhere'])
        expect((await keepAlive(server.port, address)).toLowerCase(), address).toContain('\r\nconnection: close\r\n')
      // After a second signal the server does not wait for the rest of DRAIN_SECONDS.
      server.signal('SIGTERM')
      await server.ended()
    })
  })

  test('what is under way is finished: a large answer that is read slowly arrives whole', async () => {
    await serving({ DRAIN_SECONDS: '0' }, async (server) => {
      const whole = (await ask(server.url, kinds.post)).body
      const socket = connect(server.port, '127.0.0.1')
      const many = 300
      let read = 0
      const got = new Promise<number>((resolve) => {
        socket.on('data', (data) => {
          read += data.length
          socket.pause()
          setTimeout(() => socket.resume(), 2)
        })
        socket.on('close', () => resolve(read))
      })
      socket.write(`GET ${kinds.post} HTTP/1.1\r\nHost: x\r\n\r\n`.repeat(many))
      await expect.poll(() => read).toBeGreaterThan(0)
      server.signal('SIGTERM')
      await server.ended()
      // Answers that had begun before the signal must be whole, and there is at least one.
      expect(await got).toBeGreaterThan(Buffer.byteLength(whole))
    })
  })

  test('Ctrl-C does not wait, and neither does a browser that has connected and asks for nothing hold a server up', async () => {
    await serving({ TRUSTED_PROXIES: '1' }, async (server) => {
      const socket = connect(server.port, '127.0.0.1')
      await new Promise((resolve) => socket.once('connect', resolve))
      socket.on('error', () => undefined)
      server.signal('SIGINT')
      expect(await server.ended()).toBeLessThan(4000)
    })
  })

  test('behind a proxy a server drains for five seconds', { tag: '@long' }, async () => {
    await serving({ TRUSTED_PROXIES: '1' }, async (server) => {
      server.signal('SIGTERM')
      const took = await server.ended()
      expect(took).toBeGreaterThan(4500)
      expect(took).toBeLessThan(10_000)
    })
  })
})

/** The head of the answer to a request that lets the server keep the connection. */
function keepAlive(port: number, address: string, method = 'GET'): Promise<string> {
  return new Promise((resolve, reject) => {
    const socket = connect(port, '127.0.0.1', () => socket.write(`${method} ${address} HTTP/1.1\r\nHost: x\r\n\r\n`))
    let text = ''
    socket.setEncoding('latin1').on('data', (data) => {
      text += data
      const end = text.indexOf('\r\n\r\n')
      if (end < 0) return
      socket.destroy()
      resolve(text.slice(0, end + 2))
    })
    socket.on('error', reject)
  })
}

test.describe('logs', () => {
  test('with LOG=json every request is one line, and so is everything else that is said', async () => {
    const server = await logging()
    const answers = [
      await ask(server.url, '/'),
      await ask(server.url, '/nowhere?token=very-secret'),
      await ask(server.url, '/sign-in?to=/drafts/x'),
      await ask(server.url, '/', { method: 'DELETE' }),
    ]
    const ids = answers.map(({ headers }) => headers['x-request-id'])
    const asked = () => requests(server).filter(({ id }) => ids.includes(id as string))
    await expect.poll(() => asked().length).toBe(answers.length)
    const said = asked()
    expect(said.map(({ method, path, status }) => [method, path, status])).toEqual([
      ['GET', '/', 200],
      ['GET', '/nowhere', 404],
      ['GET', '/sign-in', 200],
      ['DELETE', '/', 405],
    ])
    expect(said.map(({ id }) => id)).toEqual(ids)
    for (const { time, ms } of said) {
      expect(new Date(time).toISOString()).toBe(time)
      expect(ms).toBeGreaterThanOrEqual(0)
    }
    const afterBanner = server.output().slice(server.output().indexOf('{"time"')).trim().split('\n')
    for (const line of afterBanner) expect(() => JSON.parse(line), line).not.toThrow()
    expect(server.output()).not.toContain('very-secret')
  })

  test('no log has a password, a cookie, a secret, or the name of anything that is not published', async () => {
    const manifest = JSON.parse(readFileSync('.contentlayer/e2e/manifest.json', 'utf8')) as {
      posts: (Dated & { slug: string; title: string; pictures: { src: string }[] })[]
    }
    const hidden = manifest.posts.filter((post) => !/published|unlisted/.test(statusOf(post, new Date())))
    expect(hidden.length).toBeGreaterThan(2)
    const server = await logging()
    const before = requests(server).length
    const cookie = await signIn(server.url)
    for (const { slug } of hidden) {
      const name = encodePath(slug)
      for (const headers of [{}, { cookie }]) {
        expect([200, 307]).toContain((await ask(server.url, `/drafts/${name}`, { headers })).status)
        expect((await ask(server.url, `/blog/${name}`, { headers })).status).toBe(404)
      }
      await ask(server.url, `/sign-in?to=/drafts/${name}`)
    }
    for (const { src } of hidden.flatMap(({ pictures }) => pictures))
      await ask(server.url, src.replace(/^\/(media|video)/, '/api/draft-media'), { headers: { cookie } })
    await ask(server.url, '/drafts', { headers: { cookie: 'galley.session=%00broken' } })
    await expect.poll(() => requests(server).length - before).toBeGreaterThan(hidden.length * 5)
    const said = safely(server.output()).toLowerCase()
    expect(said).toContain('/drafts/…')
    for (const { slug, title } of hidden) {
      expect(said).not.toContain(title.toLowerCase())
      expect(said).not.toContain(`/${slug.split('/').pop()}"`.toLowerCase())
    }
    for (const secret of ['correct horse battery', cookie.split('=')[1] ?? '', 'x7jk2pqv9mzr4tbn8wlc1dfh6gys3aeu'])
      expect(said).not.toContain(secret.toLowerCase())
  })

  for (const [url, shown] of [
    ['/blog/a?b', '/blog/a'],
    ['/drafts/a/b', '/drafts/…'],
    ['//drafts//a', '//drafts/…'],
    ['/Drafts/a%20b?x', '/Drafts/…'],
    ['/api/draft-media/1/a.png', '/api/draft-media/…'],
    ['/drafts', '/drafts'],
    ['/draftsmen/a', '/draftsmen/a'],
    ['/%2564rafts/a', '/drafts/…'],
    ['/drafts%25252fa', '/drafts/…'],
    ['/drafts;v=1/a', '/drafts/…'],
    ['/dra%C2%ADfts/a', '/drafts/…'],
    ['/%EF%BD%84rafts/a', '/drafts/…'],
    ['/secret/drafts/a', '/…/drafts/…'],
    ['/moved/api/draft-media/1/a.png', '/…/draft-media/…'],
  ] as const) {
    test(`${url} is written down as ${shown}`, () => expect(loggedPath(url)).toBe(shown))
  }

  test('no way to write the address of a draft gets it into the log', async () => {
    const server = await logging()
    const before = requests(server).length
    const cookie = await editorCookie(server.url)
    const ways = [
      '/./drafts/backend/draft',
      '/blog/../drafts/backend/draft',
      '/%64rafts/backend/%64raft/',
      '/blog/backend/draft/',
      '//blog//backend/draft',
      '/blog/backend/draft.rsc',
      '/blog/backend/draft#x',
      '/blog/backend/draft.txt.x',
      'http://elsewhere.example/drafts/backend/draft',
    ]
    for (const way of ways) for (const headers of [{}, { cookie }]) await ask(server.url, way, { headers })
    await ask(server.url, '/blog/backend/draft', { method: 'OPTIONS' })
    await expect.poll(() => requests(server).length - before).toBeGreaterThan(ways.length * 2)
    expect(safely(server.output())).not.toMatch(/backend\/+draft/)
  })

  test('no name of a series, a category, an author or a page that is not published is in a log, in any spelling or status', async () => {
    const folder = mkdtempSync(path.join(tmpdir(), 'galley-'))
    cpSync('.contentlayer/e2e', folder, { recursive: true })
    const file = path.join(folder, 'manifest.json')
    const manifest = JSON.parse(readFileSync(file, 'utf8'))
    const [post] = manifest.posts.filter(({ slug }: { slug: string }) => slug === 'backend/draft')
    manifest.posts.push({
      ...post,
      slug: 'zibberdeck/to-do',
      title: 'Q9',
      aliases: [],
    })
    manifest.posts.push({
      ...post,
      slug: 'zibberdeck/hemmelwick',
      title: 'Vorpaldin Question',
      category: 'zibberdeck',
      series: { name: 'Quobble Frost', part: 1 },
      authors: ['wumple-thorn'],
      tags: ['ploverjam', 'C', 'Q3 X'],
      aliases: ['/old/snarkwether'],
    })
    manifest.authors.push({ ...manifest.authors[0], slug: 'wumple-thorn', name: 'Tabberquist' })
    manifest.pages.push({ ...manifest.pages[0], slug: 'groblebin', draft: true })
    // An expired post is served until the next build, but it is no longer public.
    for (const one of manifest.posts) if (one.slug === 'backend/note-01') one.expires = '2021-01-01T00:00:00.000Z'
    writeFileSync(file, JSON.stringify(manifest))
    const names =
      'hemmelwick zibberdeck zibberdeck/hemmelwick Vorpaldin-Question Quobble-Frost wumple-thorn Tabberquist ploverjam snarkwether groblebin note-01'
    const hidden = /hemmelwick|zibberdeck|vorpaldin|quobble|wumple|tabberquist|ploverjam|snarkwether|groblebin|note01/
    await serving({ STORE_DIR: folder, LOG: 'json' }, async (server) => {
      const encode = (text: string) => [...Buffer.from(text)].map((byte) => `%${byte.toString(16)}`).join('')
      const ways = (name: string) => [
        ...['/blog/', '/series/', '/authors/', '/tags/', '/', '/blog/backend/', '//blog//', '/media/0/'].map(
          (start) => start + name,
        ),
        `/series/${name.toUpperCase()}`,
        ...['_', '+', '%20', '', '.'].map((mark) => `/series/${name.replaceAll('-', mark)}`),
        `/blog/the-${name}.html`,
        `/tags/${name}/feed.xml`,
        `/${encode(name)}`,
        `/${encode(encode(name))}`,
        `/${encode(encode(encode(name)))}`,
        `/x%ff/${name}`,
        `/blog/${name.slice(0, 3)}%C2%AD${name.slice(3)}`,
        `/blog/${encode(name.replace(/[a-z]/g, (letter) => String.fromCodePoint(letter.charCodeAt(0) + 0xfee0)))}`,
      ]
      // Short names are parts of many words, so only whole words are hidden.
      const short = ['/blog/to-do', '/blog/to_do', '/x/todo.html', '/tags/q3-x', '/tags/Q3%20X/feed.xml', '/tags/q3x']
      const asked = [...names.split(' ').flatMap(ways), ...short]
      for (const address of asked) await ask(server.url, address)
      expect((await ask(server.url, '/blog/backend/note-01')).status).toBe(200)
      const shown = [
        '/blog/backend/kitchen-sink',
        '/tags/100%25',
        '/tags/c%2B%2B',
        '/blog/page/2',
        '/nowhere',
        '/photodots',
        '/archive',
      ]
      for (const address of shown) await ask(server.url, address)
      await expect.poll(() => requests(server).length).toBeGreaterThan(asked.length + shown.length)
      const said = requests(server).map(({ path }) => String(path))
      const read = (text: string) => {
        let plain = text
        for (let turn = 0; turn < 5; turn++) plain = safely(plain)
        return plain
          .normalize('NFKC')
          .replace(/[^\p{L}\p{N}]/gu, '')
          .toLowerCase()
      }
      expect(said.filter((one) => hidden.test(read(one)))).toEqual([])
      for (const address of short) expect(said).not.toContain(address)
      for (const address of shown) expect(said).toContain(address)
    })
    rmSync(folder, { recursive: true })
  })

  for (const LOG of ['json', ''])
    test(`a closed log does not keep a server from answering and ending (LOG=${LOG})`, async () => {
      await serving({ LOG, DRAIN_SECONDS: '1' }, async (server) => {
        server.stopReading()
        for (let turn = 0; turn < 20; turn++) {
          expect((await ask(server.url, '/')).status).toBe(200)
          expect((await ask(server.url, '/sign-in')).status).toBe(200)
        }
        // The server logs that it is ending, and the pipe of its log is closed.
        server.signal('SIGTERM')
        await server.ended()
      })
    })

  test('a proxy of ours names a request; a stranger does not', async ({ baseURL }) => {
    const mine = 'abcdef0123456789'
    const given = { 'x-request-id': mine }
    await serving({ TRUSTED_PROXIES: '1', DRAIN_SECONDS: '0' }, async ({ url }) => {
      expect((await ask(url, '/', { headers: given })).headers['x-request-id']).toBe(mine)
      for (const odd of ['', 'short', 'x'.repeat(65), 'a b c d e f g h', '"><script>alert(1)</script>'])
        expect((await ask(url, '/', { headers: { 'x-request-id': odd } })).headers['x-request-id']).toMatch(
          /^[\da-f-]{36}$/,
        )
    })
    expect((await ask(String(baseURL), '/', { headers: given })).headers['x-request-id']).toMatch(/^[\da-f-]{36}$/)
  })

  test('a page that breaks tells its reader the id under which the log has the cause', async ({ page }) => {
    const server = await broken()
    rmSync(path.join(brokenStore, 'bodies'), { recursive: true })
    const [name = '', value = ''] = (await editorCookie(server.url)).split('=')
    await page.context().addCookies([{ name, value, url: server.url }])
    const complaints: string[] = []
    page.on('console', (message) => /Content Security/.test(message.text()) && complaints.push(message.text()))
    const answer = await page.goto(`${server.url}/drafts/backend/draft`)
    const id = answer?.headers()['x-request-id'] ?? 'none'
    expect(answer?.status()).toBe(500)
    await expect(page.getByRole('heading', { level: 1 })).toHaveText('Something broke on our side.')
    await expect(page.getByText(id)).toBeVisible()
    expect(complaints).toEqual([])
    const about = lines(server).filter(({ message }) => message.includes(id))
    expect(about.length).toBeGreaterThan(0)
    const [, digest = 'none'] = /the error is (\w+)/.exec(about[0]?.message ?? '') ?? []
    expect(lines(server).some(({ message }) => message.includes(digest) && message.includes('ENOENT'))).toBe(true)
    cpSync('.contentlayer/e2e/bodies', path.join(brokenStore, 'bodies'), { recursive: true })
  })
})

test('an address that no page has, while the content is gone, is answered with a page that names the request', async ({
  page,
}) => {
  const { url } = await broken()
  rmSync(path.join(brokenStore, 'manifest.json'))
  for (const address of ['/nowhere', '/video/0/none.mp4']) {
    const refused: string[] = []
    page.on('console', (message) => /Content Security/.test(message.text()) && refused.push(message.text()))
    const answer = await page.goto(`${url}${address}`)
    expect(answer?.status()).toBe(500)
    await expect(page.getByRole('heading', { level: 1 })).toHaveText('Something broke on our side.')
    await expect(page.getByText(String(answer?.headers()['x-request-id']))).toBeVisible()
    expect(await page.evaluate(() => getComputedStyle(document.querySelector('h1') as Element).fontWeight)).toBe('600')
    expect(refused).toEqual([])
  }
  expect((await page.goto(`${url}/`))?.status()).toBe(200)
  cpSync('.contentlayer/e2e/manifest.json', path.join(brokenStore, 'manifest.json'))
})

/** A log with its percent-encoding decoded, so that a test finds encoded names too. */
function safely(text: string): string {
  return text.replace(/(?:%[\da-f]{2})+/gi, (encoded) => {
    try {
      return decodeURIComponent(encoded)
    } catch {
      return encoded
    }
  })
}

test.describe('figures', () => {
  test('Prometheus is answered on a port of its own, and nowhere else', async () => {
    const server = await logging()
    const inside = `http://127.0.0.1:${figuresPort}`
    const counted = async () => {
      const { body } = await ask(inside, '/metrics')
      return ['200', '404'].map((status) => {
        const line = `http_request_duration_seconds_count{method="GET",kind="page",status="${status}"} `
        return Number(
          body
            .split('\n')
            .find((one) => one.startsWith(line))
            ?.slice(line.length) ?? 0,
        )
      })
    }
    const [found = 0, missing = 0] = await counted()
    for (const address of ['/', '/nowhere', '/sign-in']) await ask(server.url, address)
    await expect.poll(counted).toEqual([found + 1, missing + 1])
    const answer = await ask(inside, '/metrics')
    expect(answer.status).toBe(200)
    expect(answer.headers['content-type']).toBe('text/plain; version=0.0.4; charset=utf-8')
    expect(answer.body).toContain('galley_draining 0\n')
    expect(answer.body).toMatch(/^process_resident_memory_bytes \d+$/m)
    expect(answer.body).toMatch(/^nodejs_eventloop_lag_seconds [\d.e-]+$/m)
    // The port of the figures serves no page, and the port of the site serves no figures.
    for (const address of ['/', '/drafts', '/sign-in']) expect((await ask(inside, address)).status).toBe(404)
    expect((await ask(server.url, '/metrics')).status).toBe(404)
    await ask(server.url, `/${'a'.repeat(50)}`, { method: 'PROPFIND' })
    expect((await ask(inside, '/metrics')).body).toContain('method="other"')
  })

  test('a port of figures that is taken stops the server with a sentence', async ({ baseURL }) => {
    const { code, said } = await refusedStart({ METRICS_PORT: new URL(String(baseURL)).port })
    expect(code).toBe(1)
    expect(said).toContain('cannot be listened on')
  })
})

for (const [target, plain] of [
  ['/blog', '/blog'],
  ['/a%2Fb%20c?x=%64#y', '/a%2Fb%20c?x=%64'],
  ['/%64rafts/%7Ex%2Dy', '/drafts/~x-y'],
  ['/x/../drafts/./y', '/drafts/y'],
  ['/../..', '/'],
  ['/%2e%2E/x', '/x'],
  ['/.well-known/x..y/...', '/.well-known/x..y/...'],
  ['//drafts//x', '//drafts//x'],
  ['/%', '/%25'],
  ['/draf%%374s', '/draf%2574s'],
  ['/%E0%A4%A/%61', '/%25E0%25A4%25A/a'],
  ['/%E6%97%A5', '/%E6%97%A5'],
  ['http://elsewhere.example/a?b', '/a?b'],
  ['HTTPS://elsewhere.example', '/'],
  ['http://elsewhere.example?b', '/?b'],
  ['*', '*'],
] as const) {
  test(`${target} is asked for as ${plain}`, () => expect(plainTarget(target)).toBe(plain))
}

test.describe('abuse', () => {
  test('no address makes the server say that it is at fault, or sends anybody in circles', async ({ baseURL }) => {
    const { port } = new URL(String(baseURL))
    const targets = [
      '*',
      'http://[',
      'http://',
      'http://elsewhere.example/blog',
      '/%64rafts',
      '/%73ign-in',
      '/./sign-in',
      '/blog.rsc',
      '/sign-in.rsc',
      '/_not-found',
      '/404',
      '/500',
      '/\\drafts',
      '/%00',
      `/${'a/'.repeat(3000)}`,
      '/__proto__/constructor',
    ]
    for (const target of targets)
      for (const method of ['GET', 'HEAD', 'POST', 'OPTIONS', 'PUT']) {
        const head = await keepAlive(Number(port), target, method)
        const status = Number(head.split(' ')[1])
        // /500 is Next.js's own page for errors, and has status 500.
        if (target !== '/500' || method === 'POST') expect(status, `${method} ${target}`).toBeLessThan(500)
        if (method !== 'GET' && method !== 'HEAD') expect(status, `${method} ${target}`).toBeGreaterThanOrEqual(400)
        expect(head, `${method} ${target}`).not.toContain('elsewhere')
        expect(head, `${method} ${target}`).not.toContain('31536000')
      }
    expect(await keepAlive(Number(port), 'http://elsewhere.example/blog')).toContain(' 200 ')
  })

  for (const headers of ['Range: bytes=0-3', 'x-prerender-revalidate: x', 'RSC: 1']) {
    test(`${headers} changes nothing about how long a page may be kept`, async ({ baseURL }) => {
      const [name = '', value = ''] = headers.split(': ')
      const answer = await ask(String(baseURL), kinds.list, { headers: { [name]: value } })
      expect([answer.status, answer.headers['cache-control']]).toEqual([
        200,
        'public, max-age=0, s-maxage=60, must-revalidate',
      ])
    })
  }

  test('a connection that would be upgraded is closed', async ({ baseURL }) => {
    const { port } = new URL(String(baseURL))
    for (const target of ['/', '//x', '/drafts']) {
      const socket = connect({ port: Number(port), host: '127.0.0.1', allowHalfOpen: true })
      socket.on('error', () => undefined)
      const closed = new Promise((resolve) => socket.once('close', resolve))
      socket.write(`GET ${target} HTTP/1.1\r\nHost: x\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\r\n`)
      socket.resume()
      socket.once('end', () => socket.end())
      await closed
    }
  })

  test('a stored page that Next.js answers for is kept as the others, and one that cannot be read is served again once it can be', async () => {
    const folder = mkdtempSync(path.join(tmpdir(), 'galley-'))
    const bundle = path.join(folder, 'bundle')
    cpSync('bundle-e2e', bundle, { recursive: true })
    const stored = path.join(bundle, '.next-e2e/server/app')
    // A stored page without a policy is no light page, so Next.js answers it.
    writeFileSync(path.join(stored, 'tags.meta'), '{"headers":{}}')
    const server = await startServer({}, path.join(bundle, 'server.js'))
    const kept = 'public, max-age=0, s-maxage=60, must-revalidate'
    const ofNext = await ask(server.url, '/tags')
    expect(ofNext.status).toBe(200)
    expect(ofNext.headers).toMatchObject({ 'x-nextjs-cache': expect.any(String), 'cache-control': kept })
    expect(ofNext.headers['server-timing'], 'names no request').toBeUndefined()

    rmSync(path.join(stored, 'archive.html'))
    await ask(server.url, '/archive')
    expect((await ask(server.url, '/blog')).headers['cache-control']).toBe(kept)
    cpSync('bundle-e2e/.next-e2e/server/app/archive.html', path.join(stored, 'archive.html'))
    const { headers, status } = await ask(server.url, '/archive')
    expect([status, headers.etag, headers['x-nextjs-cache']]).toEqual([
      200,
      expect.stringMatching(/^"[\w-]{22}"$/),
      undefined,
    ])
    await server.stop()
    rmSync(folder, { recursive: true })
  })

  const action = 'a'.repeat(42)
  for (const [what, headers, body] of [
    ['a server action by name', { 'next-action': action, 'content-type': 'text/plain;charset=UTF-8' }, '[]'],
    [
      'a server action as a form',
      { 'content-type': 'multipart/form-data; boundary=x' },
      `--x\r\ncontent-disposition: form-data; name="$ACTION_ID_${action}"\r\n\r\n\r\n--x--\r\n`,
    ],
    ['a server action of prototype names', { 'next-action': '__proto__', 'content-type': 'text/plain' }, '["$1:a:a"]'],
    ['a method that a page does not have', {}, 'a=1'],
  ] as const) {
    test(`${what} is refused on every kind of page, without being read`, async ({ baseURL }) => {
      for (const address of [...Object.values(kinds), '/drafts', '/drafts/backend/draft', '/sign-in', '/nowhere']) {
        const answer = await ask(String(baseURL), address, { method: 'POST', headers, body })
        expect(answer.status, address).toBeGreaterThanOrEqual(400)
        expect(answer.status, address).toBeLessThan(500)
      }
    })
  }

  test('a server action costs the same however much it sends', async ({ baseURL }) => {
    const { port } = new URL(String(baseURL))
    const socket = connect(Number(port), '127.0.0.1')
    socket.on('error', () => undefined)
    let answer = ''
    socket.on('data', (data) => {
      answer += data
    })
    const closed = new Promise((resolve) => socket.once('close', resolve))
    // The request promises a gigabyte and sends nothing of it. The server must answer without waiting for it.
    socket.write(`POST /sign-in HTTP/1.1\r\nHost: x\r\nNext-Action: ${action}\r\nContent-Length: 1000000000\r\n\r\n`)
    await closed
    expect(answer).toMatch(/^HTTP\/1\.1 405 /)
  })

  for (const query of [
    'url=https%3A%2F%2Fexample.com%2Fx.png&w=640&q=75',
    'url=http%3A%2F%2F169.254.169.254%2Flatest&w=640&q=75',
    'url=http%3A%2F%2F127.0.0.1%2Fx.png&w=640&q=75',
    'url=%2F%2Fexample.com%2Fx.png&w=640&q=75',
    'url=%2Ficon.svg&w=640&q=75',
    'url=%2Ficon.svg&w=641&q=75',
    'url=%2Ficon.svg&w=640&q=101',
    'url=%2Ficon.svg&w=-1&q=75',
    'url=%2F_next%2Fimage%3Furl%3Dx&w=640&q=75',
    '',
  ]) {
    test(`the image optimizer refuses ${query || 'nothing'}`, async ({ baseURL }) => {
      const { status } = await ask(String(baseURL), `/_next/image?${query}`)
      expect([400, 404]).toContain(status)
    })
  }

  test('what strangers send changes nothing for who comes next', async ({ baseURL }) => {
    const url = String(baseURL)
    const plain = async (address: string) => {
      const { status, headers, body } = await ask(url, address)
      const { date: _date, 'x-request-id': _id, ...kept } = headers
      return { status, headers: kept, body }
    }
    for (const address of [kinds.home, kinds.post, kinds.list, '/nowhere']) {
      const before = await plain(address)
      for (const headers of hostileHeaders) {
        const answer = await ask(url, address, { headers })
        expect(answer.all, JSON.stringify(headers)).not.toContain('evil.example')
        expect(answer.status, JSON.stringify(headers)).toBeLessThan(500)
      }
      for (const query of ['?_rsc=x', '?x=<script>', '?nxtPslug=x', '?__nextDataReq=1', '?amp=1', '?__proto__[x]=1'])
        expect((await ask(url, `${address}${query}`)).status, query).toBe(before.status)
      expect(await plain(address)).toEqual(before)
    }
  })
})

const hostileHeaders = [
  { host: 'evil.example' },
  { 'x-forwarded-host': 'evil.example' },
  { 'x-forwarded-proto': 'evil.example' },
  { forwarded: 'host=evil.example;proto=https' },
  { 'x-original-url': '/evil.example' },
  { 'x-rewrite-url': '/evil.example' },
  { 'x-middleware-prefetch': '1' },
  { 'x-middleware-rewrite': 'http://evil.example/' },
  { 'x-nextjs-data': '1' },
  { 'x-matched-path': '/evil.example' },
  { 'x-invoke-path': '/evil.example' },
  { 'x-invoke-status': '500' },
  { 'x-now-route-matches': '1=evil.example' },
  { 'x-prerender-revalidate': 'evil.example' },
  { rsc: '1' },
  { rsc: '1', 'next-router-prefetch': '1' },
  { rsc: '1', 'next-router-segment-prefetch': '/_tree' },
  { rsc: '1', 'next-router-state-tree': '%5B%22evil.example%22%5D' },
  { 'next-url': '/evil.example' },
  { 'accept-encoding': 'evil.example' },
  { range: 'bytes=0-3' },
  { cookie: '__prerender_bypass=evil.example; __next_preview_data=evil.example' },
  { purpose: 'prefetch' },
  { 'x-http-method-override': 'POST' },
  { 'x-forwarded-port': '1' },
]
