// This file is long because of its table of settings and mistakes.
import { spawnSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { expect, test } from '@playwright/test'
import { clientAddress } from '../lib/server/client-address'
import { hashPassword, isPassword, readPasswordHash } from '../lib/server/password'
import { identityKey, isEmail, readSettings } from '../lib/server/settings'
import { environment, refusedStart } from './server'

const problemsWith = (changes: Record<string, string>) => readSettings({ ...environment, ...changes }).problems
const exampleSecret = /^NEXTAUTH_SECRET=(.+)$/m.exec(readFileSync('.env.example', 'utf8'))?.[1] ?? ''

test('the settings of the test site have no problem', () => {
  expect(problemsWith({})).toEqual([])
})

for (const [what, changes, said] of [
  ['no secret', { NEXTAUTH_SECRET: '' }, 'NEXTAUTH_SECRET is not set. Make one with "openssl rand -base64 32"'],
  ['a blank secret', { NEXTAUTH_SECRET: ' '.repeat(40) }, 'NEXTAUTH_SECRET is not set.'],
  [
    'a secret of 31 bytes',
    { NEXTAUTH_SECRET: 'x7Jk2pQv9mZr4tBn8wLc1dFh6gYs3aE' },
    'is 31 bytes long, and 32 are needed',
  ],
  ['a secret that blanks make long', { NEXTAUTH_SECRET: `x7Jk2pQv9mZr${' '.repeat(30)}` }, 'is 12 bytes long'],
  ['the secret of .env.example', { NEXTAUTH_SECRET: exampleSecret }, 'is the example’s, which everyone knows'],
  ['a secret that repeats itself', { NEXTAUTH_SECRET: 'abc'.repeat(20) }, 'repeats a few characters'],
  ['no editor', { EDITORS: ' , ' }, 'EDITORS is empty. List who may read drafts, separated by commas, in .env.local'],
  ['a name on GitHub', { EDITORS: 'github:ines' }, 'Write the number at "id" in https://api.github.com/users/ines'],
  ['an editor with ＠', { EDITORS: 'ines＠example.com' }, 'Write an e-mail address in plain letters'],
  ['an editor with a ligature', { EDITORS: 'ﬁnn@example.com' }, 'Write an e-mail address in plain letters'],
  ['an editor with two @', { EDITORS: 'ines@example.com@evil.example' }, 'Write an e-mail address'],
  ['no way to sign in', { EDITOR_PASSWORDS: '' }, 'There is no way to sign in. Make a password with'],
  ['GitHub without its secret', { GITHUB_ID: 'galley' }, 'GITHUB_SECRET is not set. Set both'],
  ['GitHub without its id', { GITHUB_SECRET: 'hush' }, 'GITHUB_ID is not set. Set both'],
  [
    'GitHub over plain http',
    { GITHUB_ID: 'galley', GITHUB_SECRET: 'hush', GITHUB_URL: 'http://git.example' },
    'GITHUB_URL is "http://git.example". Write the address',
  ],
  [
    'half of OpenID Connect',
    { OIDC_ISSUER: 'https://id.example' },
    'OIDC_CLIENT_ID and OIDC_CLIENT_SECRET are not set. Set all',
  ],
  [
    'an issuer over plain http',
    { OIDC_ISSUER: 'http://id.example', OIDC_CLIENT_ID: 'galley', OIDC_CLIENT_SECRET: 'hush' },
    'OIDC_ISSUER is "http://id.example". Write the issuer’s address with https://',
  ],
  ['a site over plain http', { NEXTAUTH_URL: 'http://blog.example' }, 'write https://blog.example.'],
  ['a site that only looks local', { NEXTAUTH_URL: 'http://127.0.0.1.evil.example' }, 'cross the network in clear'],
  ['a site with a path', { NEXTAUTH_URL: 'https://blog.example/blog' }, 'and nothing else: https://blog.example.'],
  ['a site that is no address', { NEXTAUTH_URL: 'blog.example' }, 'and nothing else: https://blog.example.'],
  ['a Redis of the web', { REDIS_URL: 'https://redis.example' }, 'Write it as redis://127.0.0.1:6379'],
  ['a Redis that is no address', { REDIS_URL: 'localhost' }, 'Write it as redis://127.0.0.1:6379'],
  ['proxies that are no number', { TRUSTED_PROXIES: 'x' }, 'TRUSTED_PROXIES is "x". Write how many proxies'],
  ['a log of another kind', { LOG: 'xml' }, 'LOG is "xml". Write json'],
  ['figures on no port', { METRICS_PORT: '99999' }, 'METRICS_PORT is "99999". Write a port'],
  ['figures on no address', { METRICS_HOST: 'inside' }, 'METRICS_HOST is "inside". Write the address'],
  ['draining for no time', { DRAIN_SECONDS: 'soon' }, 'DRAIN_SECONDS is "soon". Write for how many seconds'],
  ['a plain password', { EDITOR_PASSWORDS: 'ines@example.com:hunter2hunter2' }, 'has no strong scrypt hash for ines@'],
  [
    'a weak hash',
    { EDITOR_PASSWORDS: `ines@example.com:scrypt.10.8.1.${'a'.repeat(22)}.${'b'.repeat(43)}` },
    'has no strong scrypt hash for ines@example.com. Make it with "npm run editor:password',
  ],
  [
    'two passwords for one name',
    { EDITOR_PASSWORDS: `${environment.EDITOR_PASSWORDS},${environment.EDITOR_PASSWORDS?.split(',')[0]}` },
    'has ines@example.com twice. Keep one.',
  ],
  ['a password for nobody', { EDITOR_PASSWORDS: 'hunter2hunter2' }, 'not an e-mail address, a colon and a hash'],
  ['an editor in quotes', { EDITORS: '"ines@example.com"' }, 'Write an e-mail address in plain letters'],
  ['a subject in another case', { EDITORS: 'OIDC:AbC' }, 'or oidc:<subject>'],
  ['a number with noughts before it', { EDITORS: 'github:00123' }, 'Write the number at "id"'],
  [
    'an address with a password in it',
    { NEXTAUTH_URL: 'https://me:hunter2@blog.example' },
    'NEXTAUTH_URL is "https://blog.example/"',
  ],
  [
    'passwords on Vercel without Redis',
    { VERCEL: '1', VERCEL_URL: 'blog.example' },
    'EDITOR_PASSWORDS needs REDIS_URL on Vercel',
  ],
  ['Vercel without an address', { VERCEL: '1', REDIS_URL: 'redis://127.0.0.1' }, 'NEXTAUTH_URL is ""'],
] as [string, Record<string, string>, string][]) {
  test(`refused, with its remedy: ${what}`, () => {
    const problems = problemsWith(changes)
    expect(problems).toHaveLength(1)
    expect(problems[0]?.replaceAll("'", '’')).toContain(said)
    expect(problems[0]).not.toContain('hunter2')
  })
}

test('after SIGTERM a server behind a proxy answers on for five seconds, another for none', () => {
  const drain = (changes: Record<string, string>) => {
    const read = readSettings({ ...environment, ...changes })
    return 'settings' in read ? read.settings.drainSeconds : undefined
  }
  expect([drain({}), drain({ TRUSTED_PROXIES: '1' }), drain({ TRUSTED_PROXIES: '1', DRAIN_SECONDS: '9' })]).toEqual([
    0, 5, 9,
  ])
})

test('an e-mail address has one plain @, and nothing in it that ends it in a list of settings', () => {
  expect(isEmail('mara@example.com')).toBe(true)
  for (const name of [
    'mara',
    'mara＠example.com',
    'a@b,c@d',
    'a@b:c',
    'oidc:x@y',
    'a b@c',
    '<a@b>',
    '"a@b"',
    "a'@b",
    '@b',
    'a@',
    7,
  ])
    expect(isEmail(name), String(name)).toBe(false)
})

test('nothing that is not safe is ever given out as settings', () => {
  expect(readSettings({ ...environment, EDITORS: '' })).not.toHaveProperty('settings')
  expect(readSettings({})).not.toHaveProperty('settings')
})

test('an identity is compared in lower case, and look-alikes are nobody', () => {
  expect(identityKey('Ines@Example.COM')).toBe('ines@example.com')
  expect(identityKey('oidc:AbC')).toBe('oidc:AbC')
  for (const lookAlike of [
    'ines＠example.com',
    '\u212Aim@example.com',
    'ﬁnn@example.com',
    'ine\u017F@example.com',
    'ⓘnes@example.com',
  ])
    expect(identityKey(lookAlike), lookAlike).toBeUndefined()
  // Cyrillic е and the Turkish ı and İ are letters of their own, so these names are not the name of an editor.
  for (const other of ['in\u0435s@example.com', '\u0131nes@example.com', '\u0130nes@example.com'])
    expect(identityKey(other)).not.toBe('ines@example.com')
})

test('an address is the connection’s, or what our own proxies wrote last; IPv6 counts by its /64', () => {
  expect(clientAddress('203.0.113.9', '198.51.100.1', 0)).toBe('203.0.113.9')
  expect(clientAddress('::ffff:203.0.113.9', '', 0)).toBe('203.0.113.9')
  expect(clientAddress('127.0.0.1', '6.6.6.6, 203.0.113.9', 1)).toBe('203.0.113.9')
  expect(clientAddress('127.0.0.1', '6.6.6.6, 203.0.113.9, 10.0.0.1', 2)).toBe('203.0.113.9')
  for (const one of ['2001:db8:1:2::1', '2001:DB8:1:2:ffff::', '2001:0db8:0001:0002:a:b:c:d', '2001:db8:1:2::1%eth0'])
    expect(clientAddress(one, '', 0)).toBe('2001:db8:1:2::/64')
  expect(clientAddress('2001:db8:1:3::1', '', 0)).toBe('2001:db8:1:3::/64')
  expect(clientAddress('::1', '', 0)).toBe('0:0:0:0::/64')
  for (const nonsense of ['', 'unknown', '<script>', '1.2.3.4.5', `${'1'.repeat(5000)}`])
    expect(clientAddress('127.0.0.1', nonsense, 1)).toBe('unknown')
})

test('a server that would not be safe does not start and serves no page: it says everything that is wrong, and nothing secret', async () => {
  const { code, said } = await refusedStart({
    NEXTAUTH_SECRET: 'tooshortbutsecret',
    EDITORS: 'ines＠example.com, github:ines',
    EDITOR_PASSWORDS: `ines@example.com:hunter2hunter2,tomas@example.com:scrypt.10.8.1.${'a'.repeat(22)}.${'b'.repeat(43)}`,
    NEXTAUTH_URL: 'http://blog.example',
    GITHUB_SECRET: 'github-hush',
    OIDC_CLIENT_SECRET: 'oidc-hush',
    REDIS_URL: 'https://:redis-hush@redis.example',
    TRUSTED_PROXIES: 'x',
  })
  expect(code).toBe(1)
  for (const name of [
    'NEXTAUTH_SECRET',
    'EDITORS',
    'EDITOR_PASSWORDS',
    'NEXTAUTH_URL',
    'GITHUB_ID',
    'OIDC_ISSUER',
    'REDIS_URL',
    'TRUSTED_PROXIES',
  ])
    expect(said).toMatch(new RegExp(`- .*${name}`))
  expect(said).toContain('openssl rand -base64 32')
  for (const secret of ['tooshortbutsecret', 'hunter2', 'aaaa', 'bbbb', 'github-hush', 'oidc-hush', 'redis-hush'])
    expect(said).not.toContain(secret)
})

test('a wrong password and an unknown name cost the same time', { tag: '@long' }, async () => {
  const hash = readPasswordHash(await hashPassword('correct horse battery'))
  // Both are measured in turn, so that other work on this machine slows both.
  const [wrongs, unknowns]: [number[], number[]] = [[], []]
  const time = async (times: number[], check: () => Promise<boolean>) => {
    const started = performance.now()
    expect(await check()).toBe(false)
    times.push(performance.now() - started)
  }
  for (let round = 0; round < 9; round++) {
    await time(wrongs, () => isPassword('wrong horse battery', hash))
    await time(unknowns, () => isPassword('wrong horse battery', undefined))
  }
  const median = (times: number[]) => times.sort((a, b) => a - b)[4] ?? 0
  const [wrong, unknown] = [median(wrongs), median(unknowns)]
  expect(unknown / wrong).toBeGreaterThan(0.5)
  expect(unknown / wrong).toBeLessThan(2)
  expect(unknown).toBeGreaterThan(20)
})

test('a hash is of one cost only, so that no name can be told by the time it takes', () => {
  const hash = (ln: number, r: number, p: number) => `scrypt.${ln}.${r}.${p}.${'a'.repeat(22)}.${'b'.repeat(43)}`
  expect(readPasswordHash(hash(15, 8, 3))).toBeDefined()
  for (const other of [hash(14, 8, 3), hash(15, 8, 1), hash(10, 8, 1), hash(17, 8, 1), hash(15, 1, 3), hash(99, 8, 99)])
    expect(readPasswordHash(other)).toBeUndefined()
})

test('a password is right however its accents were typed, and nothing is right for nobody', async () => {
  const hash = readPasswordHash(await hashPassword('cr\u00e8me br\u00fbl\u00e9e'))
  expect(await isPassword('cre\u0300me bru\u0302le\u0301e', hash)).toBe(true)
  expect(await isPassword('creme brulee', hash)).toBe(false)
  expect(await isPassword('', undefined)).toBe(false)
})

const passwordCommand = (args: string[], input = '') => {
  const { status, stdout, stderr } = spawnSync(process.execPath, ['scripts/run.mjs', 'scripts/password.ts', ...args], {
    input,
    encoding: 'utf8',
  })
  return { status, said: stdout + stderr }
}

test('npm run editor:password makes a password and a hash that let one in', async () => {
  const { status, said } = passwordCommand(['Mara@Example.com'])
  expect(status).toBe(0)
  const password = /password {2}(\S+)/.exec(said)?.[1] ?? ''
  const [, editor = ''] = /^EDITORS=(.+)$/m.exec(said) ?? []
  const [, passwords = ''] = /^EDITOR_PASSWORDS=(.+)$/m.exec(said) ?? []
  expect(password.length).toBeGreaterThanOrEqual(20)
  expect(passwords).not.toContain(password)
  const read = readSettings({ ...environment, EDITORS: editor, EDITOR_PASSWORDS: passwords })
  expect(read.problems).toEqual([])
  const settings = 'settings' in read ? read.settings : undefined
  expect([...(settings?.editors ?? [])]).toEqual(['mara@example.com'])
  expect(await isPassword(password, settings?.passwords.get('mara@example.com'))).toBe(true)
})

test('npm run editor:password hashes the password on standard input without showing it', async () => {
  const { said } = passwordCommand(['mara@example.com', '--stdin'], 'a long and quiet one\n')
  expect(said).not.toContain('quiet')
  const hash = readPasswordHash(/^EDITOR_PASSWORDS=mara@example\.com:(.+)$/m.exec(said)?.[1] ?? '')
  expect(await isPassword('a long and quiet one', hash)).toBe(true)
})

test('npm run editor:password refuses a short password and a name that is no e-mail address', () => {
  expect(passwordCommand(['mara@example.com', '--stdin'], 'short\n')).toMatchObject({
    status: 1,
    said: expect.stringContaining('The password has 5 characters. Use at least 12'),
  })
  for (const name of [[], ['mara'], ['a@b,c@d']])
    expect(passwordCommand(name)).toMatchObject({ status: 1, said: expect.stringContaining('Whose password?') })
})

/** Runs the script that `npm run up` runs when there is no password in .env.local. */
function firstRun(folder: string) {
  const script = [path.resolve('scripts/run.mjs'), 'scripts/password.ts', '--first']
  const unset = Object.fromEntries(Object.keys(environment).map((name) => [name, undefined]))
  return spawnSync(process.execPath, script, { cwd: folder, env: { ...process.env, ...unset }, encoding: 'utf8' })
}

for (const [what, before, after] of [
  [
    'a list in quotes',
    'EDITORS="ines@example.com"\n',
    /^EDITORS="ines@example\.com"\nEDITOR_PASSWORDS=ines@example\.com:scrypt\./,
  ],
  [
    'a remark behind the list',
    'EDITORS=ines@example.com # me\n',
    /^EDITORS=ines@example\.com # me\nEDITOR_PASSWORDS=ines@example\.com:scrypt\./,
  ],
  [
    'an exported list',
    'export EDITORS=ines@example.com',
    /^export EDITORS=ines@example\.com\nEDITOR_PASSWORDS=ines@example\.com:scrypt\./,
  ],
  [
    'nothing but a secret',
    'NEXTAUTH_SECRET=x\n',
    /^NEXTAUTH_SECRET=x\nEDITORS=editor@localhost\nEDITOR_PASSWORDS=editor@localhost:scrypt\./,
  ],
  ['another way to sign in', ' GITHUB_ID = abc\n', /^ GITHUB_ID = abc\n$/],
  ['a list of GitHub numbers only', 'EDITORS=github:1\n', /^EDITORS=github:1\n$/],
] as const) {
  test(`a first run with ${what} in .env.local keeps what its owner wrote`, () => {
    const folder = mkdtempSync(path.join(tmpdir(), 'galley-'))
    writeFileSync(path.join(folder, '.env.local'), before)
    expect(firstRun(folder).status).toBe(0)
    expect(readFileSync(path.join(folder, '.env.local'), 'utf8')).toMatch(after)
    rmSync(folder, { recursive: true })
  })
}

test('npm run check:settings says what a server would say, before it is started', () => {
  const check = (settings: Record<string, string>) =>
    spawnSync(process.execPath, ['scripts/run.mjs', 'scripts/settings.ts'], {
      env: { ...process.env, ...environment, ...settings },
      encoding: 'utf8',
    })
  expect(check({})).toMatchObject({ status: 0, stdout: 'The settings are complete and safe.\n' })
  expect(check({ EDITORS: '', REDIS_URL: 'nowhere' })).toMatchObject({
    status: 1,
    stderr: expect.stringMatching(/^EDITORS is empty\..*\nREDIS_URL is no address/),
  })
})

test('the first run writes a sign-in to .env.local, of which only the hash stays', async () => {
  const folder = mkdtempSync(path.join(tmpdir(), 'galley-'))
  writeFileSync(
    path.join(folder, '.env.local'),
    readFileSync('.env.example', 'utf8').replace(exampleSecret, environment.NEXTAUTH_SECRET ?? ''),
  )
  const { status, stdout } = firstRun(folder)
  expect(status).toBe(0)
  const password = /password {2}(\S+)/.exec(stdout)?.[1] ?? ''
  const written = readFileSync(path.join(folder, '.env.local'), 'utf8')
  expect(written).not.toContain(password)
  const env = Object.fromEntries([...written.matchAll(/^([A-Z_]+)=(.*)$/gm)].map(([, name, value]) => [name, value]))
  const read = readSettings(env)
  expect(read.problems).toEqual([])
  const settings = 'settings' in read ? read.settings : undefined
  expect([...(settings?.editors ?? [])]).toEqual(['editor@localhost'])
  expect(await isPassword(password, settings?.passwords.get('editor@localhost'))).toBe(true)
  rmSync(folder, { recursive: true })
})
