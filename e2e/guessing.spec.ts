import { expect, test } from '@playwright/test'
import { createClient } from '@redis/client'
import { countAttempt } from '../lib/auth/attempts'
import { deviceCookie, knownDevice } from '../lib/auth/device'
import { inTurn } from '../lib/auth/line'
import { once } from '../lib/server/process-wide'
import type { Redis } from '../lib/server/redis'
import { readSettings } from '../lib/server/settings'
import { findProgram } from '../scripts/steps.mjs'
import { freePort, type Running } from '../scripts/verify/processes'
import { editors, environment, needs, startRedis } from './server'

test.describe.configure({ mode: 'default' })

// These tests call the counter in this process with a clock of their own, so that a day of attempts takes seconds.
const now = Date.now
let time = now()
test.beforeAll(() => {
  Object.assign(process.env, environment)
  Date.now = () => time
})
test.afterAll(() => {
  Date.now = now
})

let redis: Redis | undefined
let runs = 0
/** A new name, for which no test has tried a password. */
const someone = () => `someone-${++runs}-${process.pid}@example.com`

/** Tries a wrong password. @returns 'judged', or the limit that refused the attempt before the password was checked. */
const fail = async (address: string, name: string, device?: string) =>
  (await countAttempt({ address, name, device }, redis)).limit ?? 'judged'

/** Tries the right password. @returns 'in', or the limit that refused the attempt. */
const succeed = async (address: string, name: string, device?: string) => {
  const attempt = await countAttempt({ address, name, device }, redis)
  await attempt.takeBack?.()
  return attempt.limit ?? 'in'
}

const minute = 60_000
const hour = 60 * minute
/** The largest number of moments within any `ms` milliseconds. The moments must be in order. */
const mostIn = (moments: number[], ms: number) => {
  let from = 0
  return Math.max(
    ...moments.map((moment, at) => {
      while ((moments[from] ?? 0) <= moment - ms) from++
      return at - from + 1
    }),
  )
}

function holds() {
  test('an attacker at the limit of a name from 200 addresses keeps no editor out who comes from elsewhere', async () => {
    const [name, device] = [someone(), `device-${runs}`]
    for (let step = 0; step < 15; step++) {
      time += 15_000
      const judged = await Promise.all(
        Array.from({ length: 200 }, (_, at) => fail(`198.51.100.${at}`, name).then((said) => said === 'judged')),
      )
      if (step > 2) expect(judged.filter(Boolean).length, 'the attacker is at the limit').toBeLessThan(20)
      expect(await succeed('203.0.113.1', name), 'from another address').toBe('in')
      expect(await succeed('198.51.100.1', name, device), 'from the address of the attacker, known').toBe('in')
    }
  })

  test('guessing one name from 200 addresses gets 1050 tries in any ten minutes and 1500 in any day at most', async () => {
    const name = someone()
    const moments: number[] = []
    for (const [pause, hours] of [
      [0, 1],
      [21 * hour, 4],
    ] as const) {
      time += pause
      for (const end = time + hours * hour; time < end; time += 6 * minute)
        for (let at = 0; at < 200; at++) if ((await fail(`198.51.${at}.7`, name)) === 'judged') moments.push(time)
    }
    expect(mostIn(moments, 10 * minute)).toBe(250)
    expect(mostIn(moments, 24 * hour)).toBe(700)
  })

  test('guessing from ever new addresses gets no more', async () => {
    const name = someone()
    const moments: number[] = []
    for (let at = 0; at < 1600; at++) {
      if (at % 4 === 0) time += 1000
      if ((await fail(`10.${at >> 8}.${at & 255}.1`, name)) === 'judged') moments.push(time)
    }
    expect(mostIn(moments, 10 * minute)).toBe(1050)
    expect(await fail('192.0.2.1', name)).toBe('name')
    expect(await fail('192.0.2.1', someone()), 'another name').toBe('judged')
    time += 24 * hour
    expect(await fail('192.0.2.1', name)).toBe('judged')
  })

  test('the sixth failure of an address is refused for ten minutes, whatever the names, and any ten minutes have five', async () => {
    const address = `192.0.2.${10 + runs}`
    for (let number = 1; number <= 5; number++) {
      expect(await fail(address, someone())).toBe('judged')
      time += minute
    }
    for (let number = 1; number <= 5; number++) expect(await fail(address, someone())).toBe('address')
    expect(await countAttempt({ address, name: someone(), device: undefined }, redis)).toMatchObject({ seconds: 300 })
    time += 5 * minute - 1
    expect(await fail(address, someone())).toBe('address')
    time += 1
    expect(await fail(address, someone()), 'the first is forgotten').toBe('judged')
    expect(await fail(address, someone()), 'the others are not').toBe('address')
  })

  test('the sixth failure of a known device is refused from any address, and the fifty-first of a day', async () => {
    const [name, device] = [someone(), `device-${runs}`]
    const moments: number[] = []
    for (const end = time + 30 * hour; time < end; time += minute)
      if ((await fail(`203.0.113.${moments.length}`, name, device)) === 'judged') moments.push(time)
    expect([mostIn(moments, 10 * minute), mostIn(moments, 24 * hour)]).toEqual([5, 50])
    expect(await fail('203.0.113.1', name, device)).toBe('device')
    expect(await succeed('203.0.113.1', name, `other-${runs}`)).toBe('in')
  })

  test('whoever has a large IPv6 network has 40 failures in ten minutes, and 8 first tries of a name in a day', async () => {
    const name = someone()
    const network = runs.toString(16)
    const said = []
    for (let at = 0; at < 100; at++) said.push(await fail(`2001:db8:${network}:${at.toString(16)}::/64`, someone()))
    expect(said.filter((one) => one === 'judged')).toHaveLength(40)
    for (let at = 0; at < 2000; at++) {
      if (at % 39 === 0) time += 10 * minute
      await fail(`2001:db8:a${network}:${at.toString(16)}::/64`, name)
    }
    // This network has no first tries of this name left; the tries that are left are for everybody.
    expect(await countAttempt({ address: '2001:db8:1::/64', name, device: undefined }, redis)).toMatchObject({
      failures: 0,
    })
    expect(await fail('203.0.113.9', name), 'somebody else').toBe('judged')
  })

  test('right passwords, and attempts that were not judged, leave nothing behind', async () => {
    const [name, device] = [someone(), `device-${runs}`]
    for (let number = 0; number < 100; number++) expect(await succeed(`203.0.113.${number % 9}`, name)).toBe('in')
    for (let number = 0; number < 60; number++) expect(await succeed('203.0.113.1', name, device)).toBe('in')
  })
}

test.describe('in memory', () => {
  holds()

  test('an attempt that is taken back leaves no window behind, and takes none from others', async () => {
    const windows = () => once('tries', () => new Map<string, unknown>()).size
    const [before, name] = [windows(), someone()]
    for (let at = 0; at < 50; at++) await succeed(`2001:db8:f:${at}::/64`, name)
    for (let at = 0; at < 50; at++) await succeed('192.0.2.1', name, `device-${runs}-${at}`)
    expect(windows()).toBe(before)
    for (let at = 0; at < 4; at++) await fail('192.0.2.200', name)
    await succeed('192.0.2.200', name)
    expect([await fail('192.0.2.200', name), await fail('192.0.2.200', name)]).toEqual(['judged', 'address'])
  })
})

test.describe('in Redis', () => {
  needs('redis-server', findProgram('redis-server') !== undefined, 'redis-server')
  let server: Running
  test.beforeAll(async () => {
    const port = await freePort()
    server = startRedis(port)
    const client = createClient({ url: `redis://127.0.0.1:${port}` })
    client.on('error', () => undefined)
    redis = (await client.connect()) as Redis
  })
  test.afterAll(async () => {
    redis?.destroy()
    redis = undefined
    await server.stop()
  })
  holds()
})

const known = (changes: Record<string, string> = {}) => {
  const read = readSettings({ ...environment, ...changes })
  if (!('settings' in read)) throw new Error(read.problems.join())
  return read.settings
}
const { ines, tomas } = editors

test('the cookie of a device is for one name, one password, an editor, 400 days and our secret', () => {
  const cookie = deviceCookie(undefined, ines.name, known())
  const [id = '', since, signed] = cookie.split('.')
  expect(knownDevice(cookie, ines.name, known())).toBe(id)
  const other = environment.EDITOR_PASSWORDS?.replace('HCfAcoP2IDqzoqs8b06XBA.VB', 'HCfAcoP2IDqzoqs8b06XBA.WB') ?? ''
  const notIt: [string, string | undefined, string, Parameters<typeof known>[0]?][] = [
    ['another name', cookie, tomas.name],
    ['no name', cookie, ''],
    ['another spelling of a name nobody has', cookie, 'ines@example.com '],
    ['off the list', cookie, ines.name, { EDITORS: tomas.name }],
    ['another password', cookie, ines.name, { EDITOR_PASSWORDS: other }],
    ['no password', cookie, ines.name, { EDITOR_PASSWORDS: `tomas@example.com:${other.split(':').at(-1)}` }],
    ['another secret', cookie, ines.name, { NEXTAUTH_SECRET: 'another secret that is long enough' }],
    ['none', undefined, ines.name],
    ['empty', '', ines.name],
    ['another id', [`x${id.slice(1)}`, since, signed].join('.'), ines.name],
    ['another time', [id, Number(since) + 1, signed].join('.'), ines.name],
    ['another signature', [id, since, `${signed}`.split('').reverse().join('')].join('.'), ines.name],
    ['more', `${cookie}.x`, ines.name],
    ['long', `${'x~'.repeat(1000)}${cookie}`, ines.name],
  ]
  for (const [what, sent, name, changes] of notIt) expect(knownDevice(sent, name, known(changes)), what).toBeUndefined()
  time += 400 * 24 * hour - 2000
  expect(knownDevice(cookie, ines.name, known())).toBe(id)
  time += 2000
  expect(knownDevice(cookie, ines.name, known()), 'after 400 days').toBeUndefined()
})

test('two editors who share a browser are both known, and signing in anew makes no new device', () => {
  const first = deviceCookie(undefined, ines.name, known())
  const both = deviceCookie(first, tomas.name, known())
  time += hour
  const again = deviceCookie(both, ines.name, known())
  for (const cookie of [first, both, again])
    expect(knownDevice(cookie, ines.name, known())).toBe(knownDevice(first, ines.name, known()))
  expect(knownDevice(again, tomas.name, known())).toBe(knownDevice(both, tomas.name, known()))
  expect(knownDevice(both, tomas.name, known())).not.toBe(knownDevice(both, ines.name, known()))
  expect(again.split('~')).toHaveLength(2)
  const full = Array.from({ length: 9 }).reduce<string>(
    (cookie) => `${deviceCookie('', tomas.name, known())}~${cookie}`,
    '',
  )
  expect(deviceCookie(full, ines.name, known()).split('~')).toHaveLength(5)
})

/** Work for `inTurn` that waits until `endAll` ends it. */
const works = () => {
  const ends: (() => void)[] = []
  const done: string[] = []
  const join = (failures: number, name: string) =>
    inTurn(failures, async () => {
      done.push(name)
      await new Promise<void>((end) => ends.push(end))
      return name
    })
  const endAll = async (all: Promise<unknown>[]) => {
    let isOver = false
    const results = Promise.all(all).finally(() => {
      isOver = true
    })
    while (!isOver) {
      ends.shift()?.()
      await new Promise((resolve) => setImmediate(resolve))
    }
    return results
  }
  return { done, join, endAll }
}

test('passwords are checked one at a time: first known devices, then who has failed least, of these the last to come', async () => {
  const { done, join, endAll } = works()
  await endAll([
    join(0, 'at once'),
    join(2, 'third try'),
    join(0, 'first try'),
    join(1, 'second try'),
    join(-1, 'known device'),
    join(0, 'later first try'),
    join(1, 'later second try'),
  ])
  const order = ['known device', 'later first try', 'first try', 'later second try', 'second try', 'third try']
  expect(done).toEqual(['at once', ...order])
})

test('a full line has room for a newcomer, and sends away who would be last', async () => {
  const { done, join, endAll } = works()
  const flood = Array.from({ length: 300 }, (_, at) => join(Math.floor(at / 60), `flood ${at}`))
  const results = await endAll([...flood, join(0, 'an editor elsewhere'), join(-1, 'an editor with a known device')])
  expect(done.slice(1, 3)).toEqual(['an editor with a known device', 'an editor elsewhere'])
  expect(results.filter((result) => result === undefined)).toHaveLength(302 - 61)
  expect(done).toHaveLength(61)
})

test('work that fails lets the next one start', async () => {
  const failing = inTurn(0, () => Promise.reject(new Error('no')))
  const next = inTurn(0, async () => 'done')
  await expect(failing).rejects.toThrow('no')
  expect(await next).toBe('done')
  expect(await inTurn(0, async () => 'done too')).toBe('done too')
})

test('whoever has waited for too long leaves the line, and the others go on', async () => {
  const { setTimeout } = globalThis
  const late: (() => void)[] = []
  globalThis.setTimeout = ((work: () => void) => late.push(work)) as never
  const { done, join, endAll } = works()
  const all = [join(0, 'at once'), join(1, 'tired'), join(2, 'patient')]
  globalThis.setTimeout = setTimeout
  late[0]?.()
  expect(await all[1]).toBeUndefined()
  await endAll(all)
  expect(done).toEqual(['at once', 'patient'])
})
