import { execFile } from 'node:child_process'
import { promisify } from 'node:util'
import { expect, test } from '@playwright/test'
import { send } from '../scripts/verify/http'
import { type Fleet, hasPrograms, startFleet } from './fleet'
import { kinds } from './pages'
import { editors, needs } from './server'

// These tests run the code of MDN's HTTP Observatory on the site as it is served: over TLS, behind deploy/nginx.conf.

type Said = {
  path: string
  status: number
  verified: boolean
  grade: string
  score: number
  results: { test: string; result: string; pass: boolean; score: number }[]
}

test.describe.configure({ mode: 'default' })
let fleet: Fleet
let cookie: string
test.beforeAll(async () => {
  test.setTimeout(120_000)
  needs('nginx, Redis and OpenSSL', hasPrograms, 'nginx-light redis-server openssl')
  fleet = await startFleet()
  const { name, password } = editors.ines
  const answer = await send(`${fleet.url}/api/auth/callback/password`, {
    method: 'POST',
    headers: { origin: fleet.url, 'content-type': 'application/x-www-form-urlencoded' },
    body: String(new URLSearchParams({ name, password })),
  })
  cookie = answer.headers['set-cookie']?.find((one) => one.startsWith('__Host-galley.session='))?.split(';')[0] ?? ''
})
test.afterAll(() => fleet?.stop())

async function scan(pages: [path: string, cookie?: string][]): Promise<Said[]> {
  const ports = [fleet.plain, fleet.https].map((url) => new URL(url).port)
  const { stdout } = await promisify(execFile)(
    process.execPath,
    ['e2e/observatory/scan.mjs', ...ports, JSON.stringify(pages)],
    { env: { ...process.env, NODE_EXTRA_CA_CERTS: fleet.certificate } },
  )
  return JSON.parse(stdout)
}

test('the Observatory gives every kind of page an A+', async () => {
  test.setTimeout(120_000)
  expect(cookie).not.toBe('')
  const pages: [string, string?][] = [
    ...Object.values(kinds).map((path): [string] => [path]),
    ['/sign-in'],
    ['/drafts'],
    ['/drafts', cookie],
    ['/drafts/backend/draft', cookie],
    ['/nowhere'],
    ['/blog/nowhere'],
    ['/api/auth/none'],
  ]
  const said = await scan(pages)
  for (const { path, status, grade, score } of said) console.log(`${path} ${status}: ${grade}, ${score}`)
  expect(said.map(({ path, grade }) => [path, grade])).toEqual(pages.map(([path]) => [path, 'A+']))
  expect(said.map(({ status }) => status)).toEqual([
    ...Object.values(kinds).map(() => 200),
    200,
    200,
    200,
    200,
    404,
    404,
    404,
  ])
  for (const { results, verified } of said) {
    expect(verified).toBe(true)
    expect(results.filter(({ pass }) => !pass)).toEqual([])
  }
})
