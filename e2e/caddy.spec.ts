import { execFileSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import type http from 'node:http'
import { connect } from 'node:net'
import { expect, test } from '@playwright/test'
import { findProgram } from '../scripts/steps.mjs'
import { send } from '../scripts/verify/http'
import { askedThroughProxies, headersOf } from './every-address'
import { beforeStandIns, startCaddy } from './fleet'
import { needs } from './server'

// These tests run Caddy with deploy/Caddyfile, without changes.
test.describe.configure({ mode: 'default' })
needs('caddy', findProgram('caddy') !== undefined, 'caddy')

const behind = beforeStandIns(startCaddy, ({ url }) => url)
const ready = (handler: http.RequestListener): http.RequestListener => {
  return (request, response) => (request.url === '/readyz' ? response.end('ready') : handler(request, response))
}
const echo = ready((request, response) => response.end(JSON.stringify(request.headers)))

test('Caddy finds nothing wrong with the recipe, which is set as Caddy sets its files', () => {
  const caddy = findProgram('caddy') ?? ''
  expect(() =>
    execFileSync(caddy, ['validate', '--config', 'deploy/Caddyfile', '--adapter', 'caddyfile'], { stdio: 'pipe' }),
  ).not.toThrow()
  expect(() => execFileSync(caddy, ['fmt', 'deploy/Caddyfile'], { stdio: 'pipe' })).not.toThrow()
})

test('what Caddy says of itself has no address and no header of a request', () => {
  const args = ['adapt', '--config', 'deploy/Caddyfile', '--adapter', 'caddyfile']
  const { logging } = JSON.parse(execFileSync(findProgram('caddy') ?? '', args, { encoding: 'utf8', stdio: 'pipe' }))
  // Since 2.7, Caddy logs a warning with the whole request when an answer breaks off.
  for (const field of ['request>uri', 'request>headers'])
    expect(logging.logs.default.encoder.fields[field], field).toEqual({ filter: 'delete' })
})

test('every address answers through Caddy as the server by itself does', async ({ baseURL }) => {
  test.setTimeout(240_000)
  const { port } = new URL(String(baseURL))
  const caddy = await startCaddy([Number(port)])
  const passing = [
    'connection',
    'keep-alive',
    'date',
    'x-request-id',
    'server-timing',
    'transfer-encoding',
    'alt-svc',
    'via',
  ]
  const still = ({ status, headers, body }: Awaited<ReturnType<typeof send>>) => {
    const nonce = /(?<='nonce-)[^']+/.exec(String(headers['content-security-policy']))?.[0]
    const kept = Object.entries(headers).filter(([name]) => !passing.includes(name))
    const text = JSON.stringify(kept.sort()).replaceAll(nonce ?? '\0', 'NONCE')
    // Pages with a nonce are compared without their body, because Next.js cuts their data into pieces of any size.
    return [status, text, nonce ? '' : createHash('sha256').update(body).digest('hex')]
  }
  let count = 0
  for (const [kind, addresses] of askedThroughProxies()) {
    for (const address of addresses) {
      for (const encoding of count++ % 10 ? ['br'] : ['br', 'gzip', 'identity']) {
        const headers = { 'accept-encoding': encoding, ...headersOf(kind) }
        const through = await send(`${caddy.url}${address}`, { headers })
        const directly = await send(`http://localhost:${port}${address}`, { headers })
        expect(still(through), `${kind}: ${address}`).toEqual(still(directly))
      }
    }
  }
  expect(count).toBeGreaterThan(200)
  await caddy.stop()
})

test('what Next.js says to itself stays outside, and where a request comes from is what Caddy says', async () => {
  await behind([echo], async (_caddy, ask) => {
    const names =
      'x-middleware-subrequest x-middleware-rewrite x-middleware-set-cookie x-nextjs-data x-matched-path x-now-route-matches x-prerender-revalidate x-next-revalidated-tags next-action next-resume x-original-url x-rewrite-url forwarded x-forwarded-port'
    const hostile = Object.fromEntries(names.split(' ').map((name) => [name, 'evil.example']))
    const claimed = {
      'x-forwarded-for': '203.0.113.7, 203.0.113.8',
      'x-real-ip': '203.0.113.7',
      'x-forwarded-host': 'evil.example',
      'x-forwarded-proto': 'gopher',
      'x-request-id': 'evil.example',
    }
    const answer = await ask('/', { headers: { ...hostile, ...claimed }, from: '127.0.0.9' })
    expect(`${answer.body}`).not.toMatch(/evil|203\.0\.113|gopher/)
    expect(JSON.parse(`${answer.body}`)).toMatchObject({
      'x-forwarded-for': '127.0.0.9',
      'x-real-ip': '127.0.0.9',
      'x-forwarded-proto': 'http',
      'x-request-id': expect.stringMatching(/^[\da-f-]{36}$/),
    })
  })
})

test('only reading is possible but for signing in and out, bodies are small, and figures are not public', async () => {
  await behind([echo], async (_caddy, ask) => {
    for (const method of ['POST', 'PUT', 'DELETE', 'OPTIONS'])
      expect((await ask('/blog', { method })).status, method).toBe(405)
    expect((await ask('/api/auth/signout', { method: 'POST' })).status).toBe(200)
    for (const address of ['/readyz', '/metrics', '/metrics/x']) expect((await ask(address)).status, address).toBe(404)
    const { status } = await ask('/api/auth/signout', { method: 'POST', body: Buffer.alloc(40_000) })
    expect(status).toBe(413)
  })
})

test('who is ending or away gets no requests, what changes something is not sent twice, and with nobody there a sentence is said', async () => {
  const got: string[][] = [[], [], []]
  let ending = false
  const stay = ready((_request, response) => response.end('x'))
  const handlers: http.RequestListener[] = [
    ({ url = '' }, response) => {
      if (url !== '/readyz') got[0]?.push(url)
      response.writeHead(url === '/readyz' && ending ? 503 : 200).end('x')
    },
    ready(({ method }, response) => {
      got[1]?.push(String(method))
      response.socket?.destroy()
    }),
    stay,
  ]
  await behind(handlers, async (_caddy, ask) => {
    for (let turn = 0; turn < 30; turn++) expect((await ask('/blog')).status).toBe(200)
    expect(got[0]?.length).toBeGreaterThan(5)
    expect(got[1]?.length).toBeGreaterThan(0)
    ending = true
    await expect
      .poll(async () => {
        const before = got[0]?.length
        for (let turn = 0; turn < 6; turn++) await ask('/blog')
        return got[0]?.length === before
      })
      .toBe(true)
  })
  const arrived: string[] = []
  const goesAway = ready(({ method, socket }) => {
    arrived.push(String(method))
    socket.destroy()
  })
  await behind([goesAway, goesAway], async (_caddy, ask) => {
    const answer = await ask('/api/auth/signout', { method: 'POST' })
    expect([answer.status, answer.headers['retry-after'], `${answer.body}`]).toEqual([
      503,
      '10',
      'The site is away for a moment. Try again in some seconds.',
    ])
    expect(arrived).toEqual(['POST'])
  })
})

test('who sends a head slowly is cut off after ten seconds', async () => {
  await behind([echo], async (caddy) => {
    const started = performance.now()
    const socket = connect(Number(new URL(caddy.url).port), 'localhost')
    socket.on('error', () => undefined).write('GET / HTTP/1.1\r\nHost: localhost\r\n')
    const timer = setInterval(() => socket.write('X: y\r\n'), 1000)
    await new Promise((resolve) => socket.resume().once('close', resolve))
    clearInterval(timer)
    expect((performance.now() - started) / 1000).toBeGreaterThan(8)
    expect((performance.now() - started) / 1000).toBeLessThan(13)
  })
})

test('no log has the address of a draft, the name of its pictures, or what follows a question mark', async () => {
  await behind([echo], async (caddy, ask) => {
    for (const address of [
      '/drafts/',
      '//drafts//',
      '/DRAFTS/',
      '/drafts%2f',
      '/drafts.',
      '/drafts/x/',
      '/\\drafts\\',
    ].map((start) => `${start}zanzibar`))
      await ask(address, { headers: { cookie: 'galley.session=zanzibar', referer: `${caddy.url}/drafts/zanzibar` } })
    for (const address of [
      '/api/draft-media/1/zanzibar.png',
      '/sign-in?to=/drafts/zanzibar',
      '/blog?zanzibar',
      '/blog#zanzibar',
    ])
      await ask(address)
    await expect.poll(() => caddy.output().match(/handled request/g)?.length).toBeGreaterThan(10)
    expect(
      caddy
        .output()
        .split('\n')
        .filter((line) => line.includes('zanzibar')),
    ).toEqual([])
    for (const start of ['/blog/', '/series/', '/', '/tags/%7a', '/%2564rafts/', '/x/../drafts/'])
      await ask(`${start}zanzibar`)
    await ask('/blog', { headers: { 'x-zanzibar': 'zanzibar', 'user-agent': 'zanzibar' } })
    await expect.poll(() => caddy.output().match(/handled request/g)?.length).toBeGreaterThan(17)
    expect(caddy.output()).not.toContain('zanzibar')
    for (const uri of ['/drafts/', '/blog', '/blog/', '/series/', ''])
      expect(caddy.output()).toContain(`"uri":"${uri}"`)
  })
  // When no instance answers, the log of Caddy must not have the address either.
  const away: http.RequestListener = ({ socket }) => void socket.destroy()
  await behind([away], async (caddy, ask) => {
    expect((await ask('/drafts/zanzibar')).status).toBe(503)
    await expect.poll(() => caddy.output()).toContain('handled request')
    expect(caddy.output()).not.toContain('zanzibar')
  })
})
