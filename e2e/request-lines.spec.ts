import { cpSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { connect } from 'node:net'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { expect, test } from '@playwright/test'
import { ownDrawings } from './own-files'
import { dice, oddRequest } from './request-lines'
import { type Server, startServer } from './server'

// Every request gets an answer, whatever bytes it has, and the status is not 5xx.

/** How many random requests each server gets. We have also run 20,000, with ODD_REQUESTS=20000. */
const many = Number(process.env.ODD_REQUESTS ?? 1000)
const seed = Number(process.env.ODD_SEED ?? 1)

const read = (name: string) => JSON.parse(readFileSync(`.next-e2e/${name}`, 'utf8'))
const pages = Object.keys(read('prerender-manifest.json').routes)
const routes = Object.values<string>(read('app-path-routes-manifest.json'))
const patterns = routes.filter((route) => route.includes('['))
const picture = pages.find((address) => /^\/media\/.*\.png$/.test(address)) ?? ''
const encoded = (pattern: string) => pattern.replaceAll('[', '%5B').replaceAll(']', '%5D')

/** Sends bytes without changes. When the request promises more bytes than it has, the socket is ended after a while. */
function exchange(port: number, text: string): Promise<{ status: number; head: string; body: string }> {
  return new Promise((resolve, reject) => {
    let got = ''
    const socket = connect(port, '127.0.0.1', () => socket.write(Buffer.from(text, 'latin1')))
    const ending = setTimeout(() => socket.end(), /^(GET|HEAD) /.test(text) ? 40_000 : 10_000)
    const hanging = setTimeout(() => reject(new Error(`No end: ${text.slice(0, 300)}`)), 60_000)
    socket
      .setEncoding('latin1')
      .on('data', (data) => {
        got += data
      })
      .on('error', () => undefined)
      .on('close', () => {
        clearTimeout(ending)
        clearTimeout(hanging)
        const [head = '', ...body] = got.replace(/^(HTTP\/1\.1 1\d\d [^\r]*\r\n\r\n)+/, '').split('\r\n\r\n')
        resolve({ status: Number(head.split(' ')[1] ?? 0), head, body: body.join('\r\n\r\n').replace(/^0$/, '') })
      })
  })
}

/** Lines of a log that are a stack, an error or a warning. */
const complaints = (server: Server) =>
  server
    .output()
    .split('\n')
    .filter((line) => /^\s+at |\\n\s+at |"level":"error"|"level":"warn"/.test(line))

let folder: string
let servers: { name: string; server: Server }[]
test.describe.configure({ mode: 'default', timeout: 120_000 + many * 20 })

test.beforeAll(async () => {
  folder = mkdtempSync(path.join(tmpdir(), 'galley-'))
  const bundle = path.join(folder, 'bundle')
  cpSync('bundle-e2e', bundle, { recursive: true })
  for (const name of ['.well-known', 'authors']) mkdirSync(path.join(bundle, 'public', name), { recursive: true })
  for (const [name, text] of [
    ['plain.txt', 'hello\n'],
    ['data.bin', 'hello\n'],
    ['a b&c.txt', 'hello\n'],
    ['.hidden', 'secret\n'],
    ['authors/.hidden', 'secret\n'],
    ['.well-known/security.txt', 'hello\n'],
  ] as const)
    writeFileSync(path.join(bundle, 'public', name), text)
  servers = [
    { name: 'next start', server: await startServer({ LOG: 'json' }, 'next start') },
    { name: 'the bundle', server: await startServer({ LOG: 'json' }, path.join(bundle, 'server.js')) },
  ]
})
test.afterAll(async () => {
  for (const { server } of servers ?? []) await server.stop()
  rmSync(folder, { recursive: true, force: true })
})

type Row = [method: string, address: string, status: number, header?: string, answered?: RegExp]
const conditional = (file: string, length: number): Row[] => [
  ['GET', file, 200],
  ['GET', file, 206, 'Range: bytes=0-3', new RegExp(`Content-Range: bytes 0-3/${length}\r\n`)],
  ['GET', file, 200, 'Range: bytes=0-3\r\nIf-Range: "other"'],
  ['GET', file, 416, 'Range: bytes=99999999-', new RegExp(`Content-Range: bytes \\*/${length}\r\n`)],
  ['GET', file, 416, 'Range: bytes=-0', new RegExp(`Content-Range: bytes \\*/${length}\r\n`)],
  ['GET', file, 200, 'Range: bytes=a-b'],
  ['HEAD', file, 200, 'Range: bytes=99999999-'],
  ['GET', file, 412, 'If-Match: "other"'],
  ['HEAD', file, 412, 'If-Match: "other"'],
  ['GET', file, 200, 'If-Match: *'],
  ['GET', file, 304, 'If-None-Match: *'],
  ['POST', file, 405],
]
const dates = (file: string): Row[] => [
  ['GET', file, 412, 'If-Unmodified-Since: Thu, 01 Jan 1970 00:00:00 GMT'],
  ['GET', file, 200, 'If-Unmodified-Since: Fri, 01 Jan 2100 00:00:00 GMT'],
  ['GET', file, 200, 'If-Unmodified-Since: never'],
  ['GET', file, 304, 'If-Modified-Since: Fri, 01 Jan 2100 00:00:00 GMT'],
]
const rows: Row[] = [
  ...['TRACE', 'PROPFIND', 'PURGE', 'M-SEARCH'].flatMap((method) =>
    ['/', '/drafts', '/api/auth/signout', '/api/draft-media/1/a.png', '/api/none', '/nowhere'].map(
      (address): Row => [method, address, 405, undefined, /\r\nAllow: /],
    ),
  ),
  ['DELETE', '/api/draft-media/1/a.png', 405],
  ...[
    '/_global-error',
    '/_not-found',
    '/500',
    '/404',
    '/_error',
    '/_document',
    '/index',
    '/index/',
    '/blog/index',
  ].flatMap((address): Row[] => [
    ['GET', address, 404],
    ['HEAD', address, 404],
  ]),
  ...patterns.flatMap((pattern) =>
    [pattern, encoded(pattern), `/moved${pattern}`].map((one): Row => ['GET', one, 404]),
  ),
  ...[
    '',
    '/blog',
    '/blog/',
    '/tags/',
    '/sign-in',
    '/drafts',
    '/media/x/',
    '/video/x/',
    '/api/auth/',
    '/assets/',
    '/index',
  ].flatMap((before) =>
    ['%0A', '%0D', '%00', '%7F', '%E2%80%A8', '%E2%80%A9', '%C2%85'].map(
      (mark): Row => ['GET', `${before || '/'}${mark}`, 404],
    ),
  ),
  // The answer would be the same for a draft of this name.
  ...['%0A', '%E2%80%A8'].map((mark): Row => ['GET', `/drafts/${mark}`, 307]),
  ...['/draf%%374s', '/%%373ign-in', '/ta%%367s', '/blog%%32f', '/%%35B...path]', '/drafts%252F'].map(
    (one): Row => ['GET', one, 404],
  ),
  ['GET', '/blog/', 308, undefined, /\r\nLocation: \/blog\r\n/],
  ['GET', '//blog?x', 308, undefined, /\r\nLocation: \/blog\?x\r\n/],
  ['GET', '/\\blog', 308, undefined, /\r\nLocation: \/blog\r\n/],
  ['GET', '//evil.example/', 404],
  ['GET', '/.env', 404],
  ['GET', '/.git/config', 404],
  ['GET', '/authors', 404],
  ['GET', '/_next/static/../server/app/index.html', 404],
  ['GET', '/_next/data/x/blog.json', 404],
  ['GET', '/_next/image?url=%2Ficon.svg&w=640&q=75', 404],
  ['GET', '/', 412, 'If-Match: "other"'],
  ['GET', '/', 200, 'Range: bytes=99999999-'],
  ['GET', '/nowhere', 404, 'If-Match: "other"'],
  ['GET', '/sign-in', 200, 'If-Match: "other"'],
  ['GET', '/', 200, 'Host: ['],
  ['GET', '/', 431, `X: ${'a'.repeat(20_000)}`],
  ['GET', '/', 417, 'Expect: the-moon'],
  ['GET', '/\xff', 400],
  ['GET', 'x', 400],
  ['GET', '/blog', 400, 'Connection: upgrade\r\nUpgrade: websocket'],
  ...ownDrawings.inPublic.flatMap((file) => [...conditional(file, statSync(`public${file}`).size), ...dates(file)]),
  ...conditional(picture, readFileSync(`.next-e2e/server/app${picture}.body`).length),
  ...ownDrawings.inApp.flatMap((file) => conditional(file, statSync(`.next-e2e/server/app${file}.body`).size)),
]
const inBundle: Row[] = [
  ...['/plain.txt', '/data.bin', '/a%20b%26c.txt'].flatMap((file) => [...conditional(file, 6), ...dates(file)]),
  ['GET', '/.well-known/security.txt', 200],
  ['GET', '/.well-known/none', 404],
  ['GET', '/.hidden', 404],
  ['GET', '/%2Ehidden', 404],
  ['GET', '/authors/.hidden', 404],
]

for (const [at, name] of ['next start', 'the bundle'].entries()) {
  test(`${name} answers what no browser asks for as HTTP has it, and with a page that says so`, async () => {
    const { server } = servers[at] as (typeof servers)[number]
    for (const [method, address, status, header, answered] of at ? [...rows, ...inBundle] : rows) {
      const what = `${method} ${address} ${header?.slice(0, 100) ?? ''}`
      const host = header?.startsWith('Host:') ? '' : 'Host: x\r\n'
      const closing = header?.startsWith('Connection:') ? '' : 'Connection: close\r\n'
      const more = header ? `${header}\r\n` : ''
      const answer = await exchange(server.port, `${method} ${address} HTTP/1.1\r\n${host}${more}${closing}\r\n`)
      expect(answer.status, what).toBe(status)
      if (answered) expect(answer.head, what).toMatch(answered)
      if (method !== 'HEAD' && ![304, 308].includes(status)) expect(answer.body, what).not.toBe('')
      expect(answer.head, what).not.toContain('evil.example')
    }
    expect(complaints(server)).toEqual([])
  })

  test(`${name} answers ${many} random requests, none of them with 5xx, nothing or a stack in its log`, async () => {
    const { server } = servers[at] as (typeof servers)[number]
    const files = readdirSync('public', { recursive: true, encoding: 'utf8' }).map((file) => `/${file}`)
    const bases = [
      ...pages.map(encodeURI),
      ...routes,
      ...routes.map(encoded),
      ...files,
      ...'/drafts/backend/draft /sign-in?to=/drafts /api/auth/signin /api/auth/callback/password /api/auth/callback/github'.split(
        ' ',
      ),
      ...'/api/auth/signout /api/draft-media/x/y.png /video/x/y.mp4 /_next/image?url=%2Ficon.svg&w=640&q=75 /_next/data/x/y.json'.split(
        ' ',
      ),
      ...'/_next/static/chunks/x.js /_next/hmr /_next /.well-known/x /moved/x /500 /404 /_error /index /favicon.ico'.split(
        ' ',
      ),
    ]
    const roll = dice(seed)
    let left = many
    const failures: string[] = []
    const ask = async () => {
      while (left-- > 0) {
        const request = oddRequest(roll, bases)
        const { status, head, body } = await exchange(server.port, request)
        // A server opens no tunnel for CONNECT, and closes the socket without an answer.
        const isAnswered = (status >= 200 && status < 500) || request.startsWith('CONNECT')
        const isBlank = status >= 400 && !body && !/^(HEAD|CONNECT)/.test(request)
        const isEmptyPage =
          status === 200 && /\r\nContent-Type: text\/html/i.test(head) && !body && !request.startsWith('HEAD')
        if (!isAnswered || isBlank || isEmptyPage) failures.push(`${status} ${request.slice(0, 500)}`)
      }
    }
    await Promise.all(Array.from({ length: 8 }, ask))
    expect(failures).toEqual([])
    expect(complaints(server)).toEqual([])
    // The server still answers a normal request.
    expect((await exchange(server.port, 'GET /blog HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n')).status).toBe(200)
  })
}
