// This file is long because its tests share servers and a Redis.
import { connect } from 'node:net'
import { text } from 'node:stream/consumers'
import { expect, test } from '@playwright/test'
import { findProgram } from '../scripts/steps.mjs'
import { freePort, type Running } from '../scripts/verify/processes'
import { clock, editors, needs, postForm, type Server, signIn, startRedis, startServer } from './server'

test.describe.configure({ mode: 'default' })

const wrong = 'wrong horse battery'
const from = (address: string) => ({ 'x-forwarded-for': address })
/** Tries a password and gives the status: 303 when it was judged (right or wrong), 429 when it was not. */
const attempt = async (url: string, name: string, password = wrong, headers: Record<string, string> = {}) =>
  (await postForm(url, '/api/auth/callback/password', { name, password }, headers)).status

/** Signs in and gives the `Cookie` header by which the server knows this browser again. */
const signedInDevice = async (url: string, editor: typeof editors.ines, headers: Record<string, string>) => {
  const answer = await postForm(url, '/api/auth/callback/password', editor, headers)
  return (
    answer.headers
      .getSetCookie()
      .find((one) => one.startsWith('galley.device='))
      ?.split(';')[0] ?? ''
  )
}

/** Sends the beginning of a form, and never the rest. */
function slowForm(port: number, address: string) {
  const socket = connect(port, 'localhost')
  const head = `POST /api/auth/callback/password HTTP/1.1\r\nHost: localhost:${port}\r\nOrigin: http://localhost:${port}\r\nX-Forwarded-For: ${address}`
  const sent = new Promise<void>((resolve) => {
    socket.write(
      `${head}\r\nContent-Type: application/x-www-form-urlencoded\r\nContent-Length: 50\r\n\r\nname=slow@example.com&password=`,
      () => resolve(),
    )
  })
  // The server must answer and close the socket, so that a form that never ends cannot hold it.
  return { sent, answer: text(socket) }
}

test.describe('behind one proxy', () => {
  let server: Server
  test.beforeAll(async () => {
    server = await startServer({ TRUSTED_PROXIES: '1' })
  })
  test.afterAll(() => server.stop())

  test('the sixth failure from one address is refused whatever the names, and a right password then too', async () => {
    const here = from('203.0.113.1')
    for (let number = 1; number <= 5; number++)
      expect(await attempt(server.url, `nobody-${number}@example.com`, wrong, here), `attempt ${number}`).toBe(303)
    const sixth = await postForm(server.url, '/api/auth/callback/password', editors.ines, here)
    expect(sixth.status).toBe(429)
    expect(sixth.headers.getSetCookie()).toEqual([])
    const seconds = Number(sixth.headers.get('retry-after'))
    expect(seconds).toBeGreaterThan(500)
    expect(seconds).toBeLessThanOrEqual(600)
    expect(await sixth.text()).toContain('Wait 10 minutes')
    expect(await attempt(server.url, editors.ines.name, editors.ines.password, from('203.0.113.2'))).toBe(303)
  })

  test('failures for a name, from wherever, keep nobody out who comes from elsewhere', async () => {
    for (const [at, name] of [
      'Ines@example.com',
      'INES@example.com',
      ' ines@example.com',
      'ines@Example.Com',
      'ines@example.com ',
      'ines@example.com',
      'ines@example.com',
    ].entries())
      expect(await attempt(server.url, name, wrong, from(`198.51.100.${at}`))).toBe(303)
    const answer = await postForm(server.url, '/api/auth/callback/password', editors.ines, from('198.51.100.200'))
    expect(answer.headers.get('location')).toBe('/drafts')
  })

  test('a browser that has signed in before gets in from an address with five failures; it has five of its own', async () => {
    const here = from('203.0.113.20')
    const known = await signedInDevice(server.url, editors.ines, from('203.0.113.21'))
    const stranger = () => attempt(server.url, editors.ines.name, editors.ines.password, here)
    for (let number = 1; number <= 5; number++)
      expect(await attempt(server.url, editors.ines.name, wrong, here)).toBe(303)
    expect(await stranger()).toBe(429)
    const tryKnown = async (form: { name: string; password: string }, cookie = known) =>
      (await postForm(server.url, '/api/auth/callback/password', form, { ...here, cookie })).status
    for (let number = 1; number <= 6; number++) expect(await tryKnown(editors.ines)).toBe(303)
    expect(await tryKnown(editors.tomas), 'with another name').toBe(429)
    expect(await tryKnown(editors.ines, known.slice(0, -1)), 'with another signature').toBe(429)
    for (let number = 1; number <= 5; number++)
      expect(await tryKnown({ ...editors.ines, password: wrong }), `failure ${number}`).toBe(303)
    expect(await tryKnown(editors.ines)).toBe(429)
    const elsewhere = { ...from('203.0.113.22'), cookie: known }
    expect((await postForm(server.url, '/api/auth/callback/password', editors.ines, elsewhere)).status).toBe(429)
    const another = await signedInDevice(server.url, editors.ines, from('203.0.113.23'))
    expect(await tryKnown(editors.ines, another), 'another browser of the same editor').toBe(303)
  })

  test('right passwords are not counted', async () => {
    const here = from('203.0.113.30')
    for (let number = 1; number <= 4; number++)
      expect(await attempt(server.url, editors.ines.name, wrong, here)).toBe(303)
    for (let number = 1; number <= 3; number++)
      expect(await attempt(server.url, editors.ines.name, editors.ines.password, here)).toBe(303)
    expect(await attempt(server.url, editors.ines.name, wrong, here)).toBe(303)
    expect(await attempt(server.url, editors.ines.name, wrong, here)).toBe(429)
  })

  test('addresses of one IPv6 network count together', async () => {
    for (let number = 1; number <= 5; number++)
      expect(
        await attempt(server.url, `six-${number}@example.com`, wrong, from(`2001:db8:1:2:${number}::${number}`)),
      ).toBe(303)
    expect(await attempt(server.url, 'six-6@example.com', wrong, from('2001:db8:1:2:ffff::'))).toBe(429)
    expect(await attempt(server.url, 'six-6@example.com', wrong, from('2001:db8:1:3::1'))).toBe(303)
  })

  test('of a hundred attempts at once, five are judged', async () => {
    const statuses = await Promise.all(
      Array.from({ length: 100 }, (_, at) => attempt(server.url, `many-${at}@example.com`, wrong, from('203.0.113.3'))),
    )
    expect(statuses.filter((status) => status === 303)).toHaveLength(5)
    expect(statuses.filter((status) => status === 429)).toHaveLength(95)
  })

  test('a flood of passwords from everywhere, and forms that never end, hold up neither editors nor readers', {
    tag: '@long',
  }, async () => {
    // The server needs a good part of a second on one core to check a password.
    test.setTimeout(180_000)
    const known = await signedInDevice(server.url, editors.ines, from('203.0.113.24'))
    const slow = Array.from({ length: 60 }, (_, at) => slowForm(server.port, `10.1.0.${at}`))
    await Promise.all(slow.map(({ sent }) => sent))
    const started = performance.now()
    let judged = 0
    const flood = Array.from({ length: 100 }, async (_, at) => {
      const status = await attempt(server.url, `flood-${at}@example.com`, wrong, from(`10.2.0.${at}`))
      if (status === 303) judged++
      return status
    })
    const pages: number[] = []
    for (let number = 0; number < 20; number++) {
      const before = performance.now()
      expect((await fetch(`${server.url}/blog`)).status).toBe(200)
      pages.push(performance.now() - before)
    }
    await expect.poll(() => judged).toBeGreaterThan(2)
    for (const headers of [from('203.0.113.25'), { ...from('10.2.0.1'), cookie: known }]) {
      const answer = await postForm(server.url, '/api/auth/callback/password', editors.ines, headers)
      expect(answer.headers.get('location')).toBe('/drafts')
    }
    expect(judged, 'the line is not worked off yet').toBeLessThan(55)
    const statuses = await Promise.all(flood)
    const seconds = (performance.now() - started) / 1000
    expect(statuses.filter((status) => status === 303).length).toBeGreaterThan(5)
    expect(statuses.filter((status) => status === 503).length).toBeGreaterThan(20)
    expect(statuses.filter((status) => status !== 303 && status !== 503)).toEqual([])
    // No page waits for a password: all twenty pages have come before the last password is checked.
    expect(pages.reduce((sum, time) => sum + time, 0) / 1000).toBeLessThan(seconds)
    for (const { answer } of slow) expect(await answer).toMatch(/^HTTP\/1\.1 408 /)
    const refused = server
      .output()
      .split('\n')
      .filter((line) => line.startsWith('Sign-in: tries were refused'))
    expect(refused[0]).toMatch(/since this was said last: \d+ /)
    // The log has at most one line a minute, however many tries were refused.
    expect(refused.length).toBeLessThan(10)
    expect(refused.join()).not.toMatch(/flood-|nobody-/)
  })

  test('who is refused already cannot lock others out', async () => {
    for (let number = 1; number <= 5; number++)
      await attempt(server.url, `spent-${number}@example.com`, wrong, from('203.0.113.4'))
    for (let number = 1; number <= 6; number++)
      expect(await attempt(server.url, editors.tomas.name, wrong, from('203.0.113.4'))).toBe(429)
    const { name, password } = editors.tomas
    const answer = await postForm(server.url, '/api/auth/callback/password', { name, password }, from('203.0.113.5'))
    expect(answer.headers.get('location')).toBe('/drafts')
  })

  test('an unknown name costs the same time as a wrong password', { tag: '@long' }, async () => {
    const median = async (names: string[], block: number) => {
      const times: number[] = []
      for (const [at, name] of names.entries()) {
        const started = performance.now()
        await attempt(server.url, name, wrong, from(`192.0.2.${block + at}`))
        times.push(performance.now() - started)
      }
      return times.sort((a, b) => a - b)[Math.floor(times.length / 2)] ?? 0
    }
    const known = await median(Array(5).fill(editors.ines.name), 10)
    const unknown = await median(['a@example.com', 'b@example.com', 'c@example.com', '', 'ｉnes@example.com'], 20)
    expect(unknown / known).toBeGreaterThan(0.5)
    expect(unknown / known).toBeLessThan(2)
  })
})

test('without a proxy of ours, nothing a stranger sends changes where they come from', async () => {
  const server = await startServer()
  for (let number = 1; number <= 5; number++) {
    const claimed = `203.0.113.${number}`
    const headers = { ...from(claimed), 'x-galley-peer': claimed, 'x-real-ip': claimed, forwarded: `for=${claimed}` }
    expect(await attempt(server.url, `nobody-${number}@example.com`, wrong, headers)).toBe(303)
  }
  const headers = { ...from('203.0.113.99'), 'x-galley-peer': '203.0.113.99', 'x-real-ip': '203.0.113.99' }
  expect(await attempt(server.url, 'nobody-6@example.com', wrong, headers)).toBe(429)
  await server.stop()
})

// e2e/guessing.spec.ts tests the same limit in process, without a server.
test('any ten minutes have five failures, and then one may try again', { tag: '@long' }, async () => {
  const server = await startServer(clock(0, 580))
  expect(await attempt(server.url, editors.ines.name)).toBe(303)
  await server.moveClock()
  for (let number = 2; number <= 5; number++) expect(await attempt(server.url, editors.ines.name)).toBe(303)
  expect(await attempt(server.url, editors.ines.name)).toBe(429)
  await server.moveClock()
  expect(await attempt(server.url, editors.ines.name), 'the first is forgotten').toBe(303)
  expect(await attempt(server.url, editors.ines.name), 'the four are not').toBe(429)
  await server.moveClock()
  await signIn(server.url)
  await server.stop()
})

test.describe('with Redis', () => {
  needs('redis-server', findProgram('redis-server') !== undefined, 'redis-server')
  let port: number
  let redis: Running
  let one: Server
  let other: Server

  test.beforeAll(async () => {
    port = await freePort()
    redis = startRedis(port)
    const settings = { REDIS_URL: `redis://127.0.0.1:${port}`, TRUSTED_PROXIES: '1' }
    ;[one, other] = await Promise.all([startServer(settings), startServer(settings)])
  })
  test.afterAll(async () => {
    redis.child.kill('SIGCONT')
    await Promise.all([one.stop(), other.stop(), redis.stop()])
  })

  test('the sixth failure is refused on any instance', async () => {
    const here = from('203.0.113.1')
    for (let number = 1; number <= 5; number++) {
      const { url } = number % 2 ? one : other
      expect(await attempt(url, `nobody-${number}@example.com`, wrong, here)).toBe(303)
    }
    for (const { url } of [one, other]) {
      const answer = await postForm(url, '/api/auth/callback/password', editors.ines, here)
      expect(answer.status).toBe(429)
      expect(Number(answer.headers.get('retry-after'))).toBeGreaterThan(500)
    }
    // The other instance knows the browser that the first has signed in, and both count its failures together.
    const cookie = await signedInDevice(one.url, editors.ines, from('203.0.113.4'))
    const withCookie = { ...here, cookie }
    expect(await attempt(other.url, editors.ines.name, editors.ines.password, withCookie)).toBe(303)
    for (let number = 1; number <= 5; number++)
      expect(await attempt(number % 2 ? one.url : other.url, editors.ines.name, wrong, withCookie)).toBe(303)
    for (const { url } of [one, other])
      expect(await attempt(url, editors.ines.name, editors.ines.password, withCookie)).toBe(429)
  })

  test('of a hundred attempts at once on two instances, five are judged', async () => {
    const statuses = await Promise.all(
      Array.from({ length: 100 }, (_, at) =>
        attempt(at % 2 ? one.url : other.url, `many-${at}@example.com`, wrong, from('203.0.113.2')),
      ),
    )
    expect(statuses.filter((status) => status === 303)).toHaveLength(5)
    expect(statuses.filter((status) => status === 429)).toHaveLength(95)
  })

  test('right passwords are not counted on any instance', async () => {
    for (let number = 1; number <= 6; number++) {
      const { url } = number % 2 ? one : other
      const answer = await postForm(url, '/api/auth/callback/password', editors.tomas, from('203.0.113.3'))
      expect(answer.headers.get('location')).toBe('/drafts')
    }
  })

  test('signing out on one instance ends the session on the other', async () => {
    const cookie = await signIn(one.url)
    expect((await fetch(`${other.url}/drafts`, { headers: { cookie } })).status).toBe(200)
    const answer = await postForm(one.url, '/api/auth/signout', {}, { cookie })
    expect(answer.headers.get('location')).toBe('/sign-in?out=1')
    for (const { url } of [one, other]) {
      const asked = await fetch(`${url}/drafts`, { headers: { cookie }, redirect: 'manual' })
      expect(asked.headers.get('location')).toBe('/sign-in?to=%2Fdrafts')
    }
  })

  for (const [how, leave, comeBack] of [
    [
      'stopped',
      () => redis.stop(),
      () => {
        redis = startRedis(port)
      },
    ],
    ['stuck', () => redis.child.kill('SIGSTOP'), () => redis.child.kill('SIGCONT')],
  ] as const) {
    test(`while Redis is ${how} nobody signs in and no draft is shown; readers notice nothing, and it recovers`, async () => {
      const cookie = await signIn(one.url)
      await leave()
      const started = Date.now()
      const answers = await Promise.all(
        Array.from({ length: 15 }, (_, at) =>
          attempt(one.url, editors.ines.name, editors.ines.password, from(`192.0.2.${at}`)),
        ),
      )
      expect(answers).toEqual(Array(15).fill(503))
      const draft = await fetch(`${one.url}/drafts/backend/draft`, { headers: { cookie }, redirect: 'manual' })
      expect(draft.status).not.toBe(200)
      expect(await draft.text()).not.toMatch(/Zanzibarflute|Grumblewick/)
      expect(Date.now() - started).toBeLessThan(15_000)
      for (const address of ['/', '/blog/backend/kitchen-sink', '/nowhere', '/sign-in'])
        expect((await fetch(`${one.url}${address}`)).status, address).toBeLessThan(500)
      await comeBack()
      await expect
        .poll(async () => (await fetch(`${one.url}/drafts`, { headers: { cookie } })).status, { timeout: 10_000 })
        .toBe(200)
      await signIn(one.url)
      expect(one.output()).not.toContain('MaxListeners')
    })
  }
})
