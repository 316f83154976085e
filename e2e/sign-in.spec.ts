// This file is long because its tests share servers.
import { createServer, request } from 'node:http'
import { type Browser, expect, type Page, test } from '@playwright/test'
import { encode } from 'next-auth/jwt'
import { safeAddress } from '../lib/auth/safe-address'
import { freePort } from '../scripts/verify/processes'
import { violations } from './in-browser'
import { formsIn } from './pages'
import { ask, clock, editorCookie, editors, environment, postForm, type Server, signIn, startServer } from './server'

test.describe.configure({ mode: 'default' })

const draft = '/drafts/backend/draft'
const draftTitle = 'Zanzibarflute draft'
const password = '/api/auth/callback/password'

let server: Server
/** The same site with an https address. */
let secure: Server
test.beforeAll(async () => {
  const proxied = { TRUSTED_PROXIES: '1' }
  ;[server, secure] = await Promise.all([
    startServer({
      ...proxied,
      OIDC_ISSUER: 'http://localhost:9',
      OIDC_CLIENT_ID: 'galley',
      OIDC_CLIENT_SECRET: 'oidc-hush',
      OIDC_NAME: 'Example ID',
    }),
    startServer({ ...proxied, NEXTAUTH_URL: 'https://blog.example' }),
  ])
})
test.afterAll(async () => {
  await Promise.all([server.stop(), secure.stop()])
})

/** Failures are counted for each address, so each test sends its requests from an address of its own. */
let addresses = 0
const stranger = () => {
  addresses++
  return { 'x-forwarded-for': `10.0.${addresses >> 8}.${addresses & 255}` }
}

const nobody = () => `nobody-${++addresses}@example.com`

const open = async (browser: Browser, options: Parameters<Browser['newContext']>[0] = {}) => {
  const context = await browser.newContext({ baseURL: server.url, extraHTTPHeaders: stranger(), ...options })
  return context.newPage()
}

const fillIn = async (page: Page, { name, password }: { name: string; password: string }) => {
  await page.getByLabel('E-mail address').fill(name)
  await page.getByLabel('Password').fill(password)
  await page.getByRole('button', { name: 'Sign in', exact: true }).click()
}

const isSignedIn = async (url: string, cookie: string) =>
  (await fetch(`${url}/drafts`, { headers: { cookie }, redirect: 'manual' })).status === 200

test('an editor signs in and out with a password', async ({ browser }) => {
  const page = await open(browser)
  await page.goto(`${draft}?view=dark`)
  await expect(page).toHaveURL(`/sign-in?to=${encodeURIComponent(draft)}`)
  await fillIn(page, { name: editors.ines.name, password: 'wrong horse battery' })
  await expect(page.getByRole('main').getByRole('alert')).toContainText(
    'The e-mail address or the password is not right.',
  )
  await fillIn(page, { ...editors.ines, name: ' Ines@Example.com' })
  await expect(page).toHaveURL(draft)
  await expect(page.getByRole('heading', { name: draftTitle }).first()).toBeVisible()
  await page.getByRole('link', { name: 'All drafts' }).click()
  await expect(page.getByText('Signed in as ines@example.com')).toBeVisible()
  await page.getByRole('link', { name: draftTitle }).click()
  await page.getByRole('button', { name: 'Sign out' }).click()
  await expect(page.getByRole('main').getByRole('alert')).toHaveText('You are signed out.')
  await page.goBack()
  await expect(page.getByRole('heading', { name: 'Sign in to read drafts' })).toBeVisible()
  await expect(page.getByText(draftTitle)).toHaveCount(0)
})

test('an editor signs in and out without JavaScript: every form is plain HTML', async () => {
  const page = async (address: string, cookie = '') => (await ask(server.url, address, { headers: { cookie } })).body
  const form = formsIn(await page(`/sign-in?to=${draft}`)).find(({ action }) => action === password)
  expect(form).toMatchObject({
    method: 'post',
    fields: [
      ['to', draft],
      ['name', ''],
      ['password', ''],
    ],
  })
  const to = Object.fromEntries(form?.fields ?? [])
  const wrong = await postForm(server.url, password, { ...to, ...editors.ines, password: 'wrong' }, stranger())
  expect(await page(wrong.headers.get('location') ?? '')).toContain('The e-mail address or the password is not right.')
  const right = await postForm(server.url, password, { ...to, ...editors.ines, name: ' Ines@Example.com' }, stranger())
  expect([right.status, right.headers.get('location')]).toEqual([303, draft])
  const cookie = right.headers
    .getSetCookie()
    .map((one) => one.split(';')[0])
    .join('; ')
  const shown = await page(draft, cookie)
  expect(shown).toContain(draftTitle)
  const out = formsIn(shown).find(({ action }) => action === '/api/auth/signout')
  expect(out?.method).toBe('post')
  const left = await postForm(server.url, '/api/auth/signout', Object.fromEntries(out?.fields ?? []), { cookie })
  expect(await page(left.headers.get('location') ?? '')).toContain('You are signed out.')
  expect(await isSignedIn(server.url, cookie)).toBe(false)
})

test('the sign-in page offers the ways that are configured, and no other', async () => {
  const { body } = await ask(server.url, '/sign-in')
  expect(formsIn(body).map(({ action, text }) => [action, text])).toEqual([
    ['/api/auth/signin/oidc', 'Continue with Example ID'],
    [password, 'E-mail addressPasswordSign in'],
  ])
  for (const path of ['/api/auth/signin/github', '/api/auth/callback/github'])
    expect((await postForm(server.url, path, {})).status, path).toBe(404)
  expect((await fetch(`${server.url}/api/auth/callback/github?code=1&state=2`)).status).toBe(404)
})

test('who is signed in already is sent on from the sign-in page', async () => {
  const cookie = await editorCookie(server.url)
  const answer = await fetch(`${server.url}/sign-in?to=${draft}`, { headers: { cookie }, redirect: 'manual' })
  expect([answer.status, answer.headers.get('location')]).toEqual([307, draft])
})

test('a right password of somebody who is not on the list lets nobody in, and says why', async () => {
  const { url, stop, output } = await startServer({ EDITORS: 'tomas@example.com' })
  const answer = await postForm(url, password, editors.ines)
  expect([answer.status, answer.headers.get('location')]).toEqual([303, '/sign-in?error=AccessDenied&to=%2Fdrafts'])
  expect(answer.headers.get('set-cookie') ?? '').not.toContain('galley.session')
  expect((await ask(url, '/sign-in?error=AccessDenied')).body).toContain('you are not on the editor list')
  expect(output(), 'the name to add is in the log').toContain('ines@example.com')
  // An editor who is removed from EDITORS while signed in gets 404 from then on.
  const taken = await ask(url, '/drafts', { headers: { cookie: await editorCookie(server.url) } })
  expect([taken.status, taken.headers['set-cookie']]).toEqual([404, undefined])
  await stop()
})

test('axe finds nothing on the sign-in page, light or dark', async ({ browser }) => {
  const page = await open(browser, { colorScheme: 'light' })
  await page.goto('/sign-in?error=CredentialsSignin')
  expect(await violations(page), 'light').toEqual([])
  await page.emulateMedia({ colorScheme: 'dark' })
  expect(await violations(page, 'color-contrast'), 'dark').toEqual([])
})

for (const error of ['__proto__', 'constructor', 'toString', '<script>alert(1)</script>', '', 'x'.repeat(3000)]) {
  test(`an invented error is no more than that: ${error.slice(0, 20)}`, async () => {
    const answer = await ask(server.url, `/sign-in?error=${encodeURIComponent(error)}&error=2`)
    const single = await ask(server.url, `/sign-in?error=${encodeURIComponent(error)}`)
    expect([answer.status, single.status]).toEqual([200, 200])
    expect(single.body).not.toContain('<script>alert(1)')
  })
}

// The redirect after signing in.

const elsewhere = [
  '//evil.example',
  '/\\evil.example',
  '\\\\evil.example',
  'https:evil.example',
  'https://evil.example',
  'https://evil.example/drafts',
  'javascript:alert(1)',
  'data:text/html,x',
  '%2F%2Fevil.example',
  '/drafts/../..//evil.example',
  '/drafts/%2e%2e/%2e%2e//evil.example',
  '/drafts\\@evil.example',
  '/drafts@evil.example',
  '/drafts.evil.example',
  '/drafts/../sign-in',
  '/\t/evil.example',
  '/drafts\r\nLocation: https://evil.example',
  '/drafts\r\nSet-Cookie: galley.session=evil',
  ' /drafts/x',
  `/drafts/${'x'.repeat(600)}`,
  '',
]

for (const to of elsewhere)
  test(`no address leads to ${JSON.stringify(to).slice(0, 50)} after signing in`, () => {
    expect(safeAddress(to)).toBe('/drafts')
  })

test('after signing in or out one lands on this site, wherever a form or a cookie would lead', async () => {
  for (const to of ['//evil.example', '/drafts/../..//evil.example', '/drafts\r\nLocation: https://evil.example']) {
    const form = { ...editors.ines, to, callbackUrl: to }
    const answer = await postForm(server.url, password, form, { cookie: `galley.to=${encodeURIComponent(to)}` })
    expect([answer.status, answer.headers.get('location')]).toEqual([303, '/drafts'])
    expect(answer.headers.get('set-cookie')).not.toContain('evil')
    const page = await ask(server.url, `/sign-in?to=${encodeURIComponent(to)}`)
    const led = formsIn(page.body).map(({ fields }) => Object.fromEntries(fields).to)
    expect(led).toEqual(['/drafts', '/drafts'])
    const started = await postForm(server.url, '/api/auth/signin/oidc', { to })
    expect(started.headers.get('location')).toBe('/sign-in?error=OAuthSignin&to=%2Fdrafts')
    const out = await postForm(server.url, '/api/auth/signout', { to, callbackUrl: to })
    expect(out.headers.get('location')).toBe('/sign-in?out=1')
  }
})

test('a return address is one text, not a list', async () => {
  const { body } = await ask(server.url, '/sign-in?to=/drafts/a&to=//evil.example')
  expect(body).not.toMatch(/name="to" value="(?!\/drafts")/)
})

test('a proper return address is kept', async () => {
  const to = `${draft}?view=dark`
  const answer = await postForm(server.url, password, { ...editors.ines, to })
  expect(answer.headers.get('location')).toBe(to)
  const failed = await postForm(server.url, password, { name: nobody(), password: '', to }, stranger())
  expect(failed.headers.get('location')).toBe(`/sign-in?error=CredentialsSignin&to=${encodeURIComponent(to)}`)
})

// Cookies, and how long they are valid.

test('every cookie is HttpOnly, SameSite=Lax, for all paths and for no other host', async () => {
  const signedIn = await postForm(server.url, password, editors.ines)
  const cookies = [
    ...signedIn.headers.getSetCookie(),
    ...(await postForm(server.url, '/api/auth/signin/oidc', {})).headers.getSetCookie(),
    ...(
      await postForm(server.url, '/api/auth/signout', {}, { cookie: await signIn(server.url) })
    ).headers.getSetCookie(),
  ]
  expect(cookies.length).toBeGreaterThanOrEqual(2)
  for (const cookie of cookies) {
    expect(cookie).toMatch(/^galley\./)
    expect(cookie).toMatch(/; Path=\/(;|$)/)
    expect(cookie).toMatch(/; HttpOnly(;|$)/)
    expect(cookie).toMatch(/; SameSite=Lax(;|$)/)
    expect(cookie).not.toMatch(/; (Domain|Secure)/)
  }
})

test('over https every cookie is Secure and __Host-', async () => {
  const origin = 'https://blog.example'
  const signedIn = await postForm(secure.url, password, editors.ines, { origin })
  const cookies = signedIn.headers.getSetCookie()
  for (const name of ['session', 'device'])
    expect(cookies.some((cookie) => cookie.startsWith(`__Host-galley.${name}=`))).toBe(true)
  for (const cookie of cookies)
    expect(cookie).toMatch(/^__Host-galley\.\w+=.*; Path=\/; .*HttpOnly; Secure; SameSite=Lax$/)
  expect(signedIn.headers.get('location')).toBe('/drafts')
  const cookie = cookies.find((one) => one.startsWith('__Host-galley.session='))?.split(';')[0] ?? ''
  expect(await isSignedIn(secure.url, cookie)).toBe(true)
  expect(await isSignedIn(secure.url, cookie.replace('__Host-', ''))).toBe(false)
})

test('a session ends after eight idle hours, and goes on while its editor works', async () => {
  const answer = await postForm(server.url, password, editors.ines)
  const set = answer.headers.getSetCookie().find((one) => one.startsWith('galley.session=')) ?? ''
  const until = Date.parse(/Expires=([^;]+)/.exec(set)?.[1] ?? '')
  expect(Math.abs(until - Date.now() - 8 * 3600_000)).toBeLessThan(60_000)
  const cookie = set.split(';')[0] ?? ''
  const fresh = await ask(server.url, '/drafts', { headers: { cookie } })
  expect(fresh.headers['set-cookie']).toBeUndefined()

  const later = await startServer(clock(7.9 * 3600, 0.2 * 3600))
  const renewalOf = async (cookie: string) => {
    const working = await ask(later.url, draft, { headers: { cookie } })
    expect(working.status).toBe(200)
    const renewed = working.headers['set-cookie']?.[0] ?? ''
    expect(renewed).toMatch(/^galley\.session=[^;]+; Path=\/; .*Max-Age=28800; HttpOnly; SameSite=lax$/i)
    return renewed.split(';')[0] ?? ''
  }
  const renewed = await renewalOf(cookie)
  await later.moveClock()
  expect(await isSignedIn(later.url, cookie)).toBe(false)
  const again = await renewalOf(renewed)
  // A renewed session has the same id, so signing out with the old or the new cookie ends both.
  await postForm(later.url, '/api/auth/signout', {}, { cookie: renewed })
  expect(await isSignedIn(later.url, again)).toBe(false)
  await later.stop()
})

const now = () => Math.floor(Date.now() / 1000)
const forged = async (session: object, secret = environment.NEXTAUTH_SECRET ?? '') =>
  `galley.session=${await encode({ token: { session }, secret, maxAge: 8 * 3600 })}`
const byOidc = () => ({ name: 'Ines', way: 'oidc', ids: ['ines@example.com'], id: 'one', since: now() })

test('no session is older than seven days, however often it was renewed', async () => {
  const day = 24 * 3600
  expect(await isSignedIn(server.url, await forged({ ...byOidc(), since: now() - 7 * day + 60 }))).toBe(true)
  expect(await isSignedIn(server.url, await forged({ ...byOidc(), since: now() - 7 * day - 60 }))).toBe(false)
  expect(await isSignedIn(server.url, await forged({ ...byOidc(), since: undefined }))).toBe(false)
})

test('a session of another secret, or a cookie made for something else, is none', async () => {
  expect(await isSignedIn(server.url, await forged(byOidc(), 'another secret that is long enough'))).toBe(false)
  const secret = environment.NEXTAUTH_SECRET ?? ''
  for (const salt of ['galley.state', 'galley.pkce', 'galley.nonce']) {
    const token = await encode({ token: { session: byOidc() }, secret, maxAge: 900, salt })
    expect(await isSignedIn(server.url, `galley.session=${token}`)).toBe(false)
  }
  for (const ids of [['eve@example.com'], [], ['ｉnes@example.com'], ['ines＠example.com']])
    expect(await isSignedIn(server.url, await forged({ ...byOidc(), ids }))).toBe(false)
})

test('a session ends with the password or the way it came from', async () => {
  const [ines, tomas] = [await editorCookie(server.url), await signIn(server.url, editors.tomas)]
  const otherHash = `ines@example.com:scrypt.15.8.3.${'a'.repeat(22)}.${'b'.repeat(43)}`
  const statusesWith = async (settings: Record<string, string>) => {
    const changed = await startServer(settings)
    const answers = await Promise.all(
      [ines, tomas].map((cookie) => ask(changed.url, '/drafts', { headers: { cookie } })),
    )
    await changed.stop()
    expect(answers.map(({ headers }) => headers['set-cookie'])).toEqual([undefined, undefined])
    return answers.map(({ status }) => status)
  }
  expect(await isSignedIn(server.url, ines)).toBe(true)
  expect(await isSignedIn(server.url, tomas)).toBe(true)
  // Ines has a new password now, and Tomas has no password.
  expect(await statusesWith({ EDITOR_PASSWORDS: otherHash })).toEqual([307, 307])
  expect(await statusesWith({ EDITOR_PASSWORDS: '', GITHUB_ID: 'galley', GITHUB_SECRET: 'hush' })).toEqual([307, 307])
})

test('signing out keeps the browser known, and knowing it opens nothing', async () => {
  const signedIn = await postForm(server.url, password, editors.ines, stranger())
  const cookie = signedIn.headers
    .getSetCookie()
    .map((one) => one.split(';')[0])
    .join('; ')
  const out = await postForm(server.url, '/api/auth/signout', {}, { cookie })
  expect(out.headers.getSetCookie().some((one) => one.startsWith('galley.session=;'))).toBe(true)
  expect(out.headers.getSetCookie().some((one) => one.includes('device'))).toBe(false)
  const device = cookie.split('; ').find((one) => one.startsWith('galley.device=')) ?? ''
  expect(device).not.toMatch(/ines|example/)
  expect(await isSignedIn(server.url, device)).toBe(false)
  const failed = await postForm(
    server.url,
    password,
    { name: editors.ines.name, password: 'no' },
    { cookie: device, ...stranger() },
  )
  expect(failed.headers.get('set-cookie') ?? '').not.toContain('device')
})

// Only forms of our own pages are accepted.

for (const [what, headers] of [
  ['no Origin', {}],
  ['Origin: null', { origin: 'null' }],
  ['a foreign Origin', { origin: 'https://evil.example' }],
  ['an empty Origin', { origin: '' }],
  ['an Origin of another scheme', { origin: 'https://localhost:PORT' }],
  ['an Origin of another port', { origin: 'http://localhost:1' }],
  ['an Origin without port', { origin: 'http://localhost' }],
  ['an Origin that begins like ours', { origin: 'http://localhost:PORT.evil.example' }],
  ['an Origin that ends like ours', { origin: 'http://evil.localhost.example:PORT' }],
  ['two Origins', { origin: ['http://localhost:PORT', 'https://evil.example'] }],
  ['a Referer only', { referer: 'http://localhost:PORT/sign-in' }],
  ['Sec-Fetch-Site: cross-site', { origin: 'http://localhost:PORT', 'sec-fetch-site': 'cross-site' }],
  ['Sec-Fetch-Site: same-site', { origin: 'http://localhost:PORT', 'sec-fetch-site': 'same-site' }],
  ['Sec-Fetch-Site: none', { origin: 'http://localhost:PORT', 'sec-fetch-site': 'none' }],
] as [string, Record<string, string | string[]>][]) {
  test(`with ${what}, nobody is signed in or out`, async () => {
    const cookie = await editorCookie(server.url)
    const here = JSON.parse(JSON.stringify(headers).replaceAll('PORT', String(server.port))) as Record<string, string>
    const body = new URLSearchParams(editors.ines).toString()
    for (const path of ['/api/auth/signin/oidc', password, '/api/auth/signout', '/api/auth/session', '/api/auth/x']) {
      const type = { 'content-type': 'application/x-www-form-urlencoded' }
      const answer = await ask(server.url, path, { method: 'POST', headers: { ...type, ...here, cookie }, body })
      expect(answer.status, path).toBe(403)
      expect(answer.headers['set-cookie'], path).toBeUndefined()
    }
    expect(await isSignedIn(server.url, cookie)).toBe(true)
  })
}

test('a GET signs nobody in or out', async () => {
  const cookie = await editorCookie(server.url)
  const query = `?${new URLSearchParams(editors.ines)}`
  for (const path of [
    'signin',
    'signin/oidc',
    'signin/password',
    'callback/password',
    'signout',
    'csrf',
    'session',
    'providers',
    '_log',
    'error',
    'verify-request',
  ]) {
    for (const method of ['GET', 'HEAD', 'OPTIONS', 'PUT', 'DELETE', 'PATCH']) {
      const answer = await ask(server.url, `/api/auth/${path}${query}`, {
        method,
        headers: { cookie, origin: server.url },
      })
      expect([204, 403, 404, 405], `${method} ${path}`).toContain(answer.status)
      expect(answer.headers['set-cookie'], `${method} ${path}`).toBeUndefined()
    }
  }
  expect(await isSignedIn(server.url, cookie)).toBe(true)
})

test('over https, only the site itself may send forms', async () => {
  for (const origin of [
    'https://blog.example',
    'http://blog.example',
    'https://blog.example:8443',
    'https://www.blog.example',
    'http://localhost',
    secure.url,
  ]) {
    const { status } = await postForm(secure.url, password, editors.ines, { origin })
    expect(status, origin).toBe(origin === 'https://blog.example' ? 303 : 403)
  }
})

test('a page of another site can sign nobody in or out, in a real browser', async ({ browser }) => {
  const page = await open(browser, { extraHTTPHeaders: {} })
  const port = await freePort()
  const form = (path: string, fields: Record<string, string>) =>
    `<form method="post" action="${server.url}${path}">${Object.entries(fields)
      .map(([name, value]) => `<input name="${name}" value="${value}">`)
      .join('')}<button>${path}</button></form>`
  const evil = createServer((_, answer) => {
    answer.setHeader('content-type', 'text/html')
    answer.end(form('/api/auth/signout', {}) + form(password, editors.tomas) + form('/api/auth/signin/oidc', {}))
  }).listen(port)
  const [name = '', value = ''] = (await editorCookie(server.url)).split('=')
  await page.context().addCookies([{ name, value, url: server.url, sameSite: 'Lax' }])
  for (const host of ['localhost', '127.0.0.1']) {
    for (const path of ['/api/auth/signout', password, '/api/auth/signin/oidc']) {
      await page.goto(`http://${host}:${port}/`)
      await page.getByRole('button', { name: path }).click()
      await expect(page.getByRole('heading', { name: 'This form was not sent from this site.' })).toBeVisible()
    }
  }
  await page.goto('/drafts')
  await expect(page.getByText('Signed in as ines@example.com')).toBeVisible()
  evil.close()
})

// Requests that name a foreign host in a header.

for (const header of [
  'host',
  'x-forwarded-host',
  'x-forwarded-proto',
  'x-forwarded-port',
  'forwarded',
  'x-original-url',
  'x-rewrite-url',
]) {
  test(`what ${header} says ends up in no link and no redirect`, async () => {
    const cookie = await editorCookie(server.url)
    const value = header === 'forwarded' ? 'for=evil.example;host=evil.example;proto=https' : 'evil.example'
    const hostile = { [header]: value }
    for (const path of [
      '/drafts',
      `/drafts/`,
      draft,
      '/sign-in',
      '/sign-in/',
      '/',
      '/nowhere',
      '/blog/old-sink',
      '/blog/',
      '/api/auth/callback/oidc?code=1&state=2',
      '/api/auth/x',
    ]) {
      for (const headers of [hostile, { ...hostile, cookie }]) {
        const answer = await ask(server.url, path, { headers })
        expect(answer.status, path).toBeLessThan(500)
        expect(answer.all, path).not.toContain('evil.example')
      }
    }
    for (const [path, fields] of [
      [password, editors.ines],
      ['/api/auth/signin/oidc', {}],
      ['/api/auth/signout', {}],
    ] as const) {
      const answer = await ask(server.url, path, {
        method: 'POST',
        headers: { ...hostile, origin: server.url, 'content-type': 'application/x-www-form-urlencoded' },
        body: new URLSearchParams(fields).toString(),
      })
      expect(answer.status, path).toBe(303)
      expect(answer.all, path).not.toContain('evil.example')
    }
  })
}

for (const host of ['', '[', 'a b', '%', '..', 'localhost:99999', 'evil.example/..', '/', 'x'.repeat(5000)]) {
  test(`a Host of ${JSON.stringify(host).slice(0, 24)} breaks nothing`, async () => {
    for (const path of ['/drafts', '/sign-in', '/api/auth/callback/oidc?code=1', '/nowhere'])
      expect((await ask(server.url, path, { headers: { host } })).status, path).toBeLessThan(500)
  })
}

// Malformed cookies and requests.

const names = ['galley.session', 'galley.to', 'galley.csrf', 'galley.state', 'galley.pkce', 'galley.nonce']
const cookies: [string, () => Promise<string>][] = [
  ['that is a percent sign', async () => names.map((name) => `${name}=%`).join('; ')],
  ['that is cut off UTF-8', async () => names.map((name) => `${name}=%E0%A4%A`).join('; ')],
  ['of dots', async () => names.map((name) => `${name}=....`).join('; ')],
  ['of 2 kB of a', async () => names.map((name) => `${name}=${'a'.repeat(2000)}`).join('; ')],
  ['of 8 kB', async () => `galley.session=${'a'.repeat(8000)}`],
  ['of 20 kB', async () => `galley.session=${'a'.repeat(20_000)}`],
  ['among 500 others', async () => Array.from({ length: 500 }, (_, at) => `c${at}=${at}`).join('; ')],
  ['of another key', async () => forged(byOidc(), 'another secret that is long enough')],
  ['in chunks', async () => (await forged(byOidc())).replace(/=(.{50})(.*)$/, '.0=$1; galley.session.1=$2')],
  ['with prototype names', async () => `__proto__=1; constructor=2; galley.__proto__=3; hasOwnProperty=4; =5; ;;=;`],
  ['with empty values', async () => names.map((name) => `${name}=`).join('; ')],
  ['twice', async () => names.map((name) => `${name}=a.b; ${name}=c.d`).join('; ')],
  ['with a return address elsewhere', async () => 'galley.to=https%3A%2F%2Fevil.example%2Fdrafts'],
]

for (const [what, make] of cookies) {
  test(`a cookie ${what} is refused with no fuss`, async () => {
    const headers = { cookie: await make(), origin: server.url, 'content-type': 'application/x-www-form-urlencoded' }
    for (const path of [
      '/drafts',
      draft,
      '/sign-in',
      '/api/draft-media/x/y.png',
      '/api/auth/callback/oidc?code=1&state=2',
      '/api/auth/callback/oidc?error=access_denied',
    ]) {
      const answer = await ask(server.url, path, { headers })
      expect(answer.status, path).toBeLessThan(500)
      expect(answer.all, path).not.toMatch(/Zanzibarflute|evil\.example/)
    }
    for (const path of ['/api/auth/signin/oidc', '/api/auth/signout']) {
      const answer = await ask(server.url, path, { method: 'POST', headers, body: 'to=/drafts' })
      expect(answer.status, path).toBeLessThan(500)
      expect(answer.all).not.toContain('evil.example')
    }
  })
}

for (const authorization of ['Bearer %', 'Bearer', 'Bearer a.b.c.d.e', `Bearer ${'a'.repeat(8000)}`, 'Basic %', '%']) {
  test(`Authorization: ${authorization.slice(0, 20)} opens nothing and breaks nothing`, async () => {
    for (const path of [
      '/drafts',
      '/sign-in',
      '/api/auth/session',
      '/api/auth/callback/oidc',
      '/api/draft-media/x/y.png',
    ]) {
      const answer = await ask(server.url, path, { headers: { authorization } })
      expect(answer.status, path).toBeLessThan(500)
      expect(answer.all).not.toContain('Zanzibarflute')
    }
  })
}

const urlencoded = 'application/x-www-form-urlencoded'
for (const [what, type, body, statuses] of [
  ['JSON', 'application/json', JSON.stringify(editors.ines), [415]],
  ['text', 'text/plain', 'name=ines@example.com', [415]],
  ['no type', undefined, 'name=ines@example.com', [415]],
  [
    'multipart',
    'multipart/form-data; boundary=x',
    '--x\r\nContent-Disposition: form-data; name="name"\r\n\r\nines\r\n--x--\r\n',
    [415],
  ],
  ['broken multipart', 'multipart/form-data', '--', [415]],
  ['a megabyte', urlencoded, `name=${'a'.repeat(1_000_000)}`, [413]],
  ['nothing', urlencoded, '', [303]],
  ['nonsense', urlencoded, '%%%=%&&&==\u0000&a[b][c]=d', [303]],
  ['prototype names', urlencoded, '__proto__=1&constructor=2&toString=3&hasOwnProperty=4', [303]],
  [
    'doubled fields',
    urlencoded,
    'name=ines@example.com&name=eve@example.com&password=correct horse battery&password=x',
    [303],
  ],
  ['line breaks', urlencoded, 'name=a%0d%0aSet-Cookie:evil%3d1&password=%0d%0a&to=%0d%0aSet-Cookie:evil%3d1', [303]],
  ['half a character', urlencoded, 'name=%ff%fe%ed%a0%80&password=%ed%b0%80', [303]],
] as [string, string | undefined, string, number[]][]) {
  test(`a form of ${what} signs nobody in and breaks nothing`, async () => {
    const headers = { origin: server.url, ...stranger(), ...(type ? { 'content-type': type } : {}) }
    const answer = await ask(server.url, password, { method: 'POST', headers, body })
    expect(statuses).toContain(answer.status)
    expect(answer.all).not.toMatch(/galley\.session=[^;]|\nevil|Set-Cookie:evil/)
    for (const path of ['/api/auth/signin/oidc', '/api/auth/signout', '/sign-in', '/drafts', '/drafts/x'])
      expect((await ask(server.url, path, { method: 'POST', headers, body })).status, path).toBeLessThan(500)
  })
}

test('a form without end is cut off', async () => {
  const headers = { origin: server.url, 'content-type': urlencoded, ...stranger() }
  const status = await new Promise((resolve, reject) => {
    const sent = request(`${server.url}${password}`, { method: 'POST', headers, timeout: 5000 }, (answer) => {
      resolve(answer.statusCode)
      sent.destroy()
    })
    sent.on('timeout', () => reject(new Error('There is no answer.')))
    const more = () => sent.destroyed || sent.write('a'.repeat(4096), () => setImmediate(more))
    more()
  })
  expect(status).toBe(413)
})

test('an address that cannot be decoded is one that is not there', async () => {
  for (const path of [
    '/%',
    '/blog/%',
    '/tags/%ff',
    '/drafts/%e0%a4%a',
    '/api/draft-media/%/x.png',
    '/media/x/%ff',
    '/a%?to=/drafts',
  ])
    expect((await ask(server.url, path)).status, path).toBeLessThan(500)
})

test('addresses that next-auth would know, and invented ones, are not there', async () => {
  for (const path of [
    '',
    '/',
    '/session',
    '/csrf',
    '/providers',
    '/signin',
    '/_log',
    '/error',
    '/callback',
    '/callback/__proto__',
    '/callback/constructor',
    '/callback/oidc/more',
    '/signin/__proto__',
    '/%',
    '/%ff',
    '/..%2fdrafts',
    '/__proto__/constructor',
  ]) {
    for (const method of ['GET', 'POST']) {
      const headers = { origin: server.url, 'content-type': urlencoded }
      const answer = await ask(server.url, `/api/auth${path}`, {
        method,
        headers,
        ...(method === 'POST' ? { body: 'a=1' } : {}),
      })
      expect(answer.status, `${method} ${path}`).toBeGreaterThanOrEqual(300)
      expect(answer.status, `${method} ${path}`).toBeLessThan(500)
      expect(answer.headers['set-cookie']).toBeUndefined()
    }
  }
})

test('what strangers send writes no lines of its own into the log', async () => {
  const text = 'x\r\nSign-in: ines@example.com signed in\u001b[2J\u2028\u0085\u202e'
  // Our server passes only a request with a state on to next-auth, which logs the error.
  const comeBack = (error: string) => {
    const query = new URLSearchParams({ state: 'x', error, error_description: error })
    return ask(server.url, `/api/auth/callback/oidc?${query}`, { headers: { cookie: 'galley.state=x' } })
  }
  await comeBack(text)
  await comeBack('y'.repeat(4000))
  await postForm(server.url, password, { name: text, password: text }, stranger())
  await expect.poll(server.output).toMatch(/OAUTH_CALLBACK.*: y{200}/)
  // biome-ignore lint/suspicious/noControlCharactersInRegex: that is the point.
  expect(server.output()).not.toMatch(/[\r\u2028\u0085\u202e]|\u001b\[2J|\nSign-in: ines|y{500}/)
})

test('after all this the server answers, and its log has no stack trace and nothing secret', async () => {
  await signIn(server.url)
  expect((await fetch(`${server.url}/blog`)).status).toBe(200)
  for (const { output } of [server, secure]) {
    expect(output()).not.toMatch(/\n\s+at .*:\d+|TypeError|UnhandledPromise/)
    for (const secret of [editors.ines.password, environment.NEXTAUTH_SECRET ?? '', 'oidc-hush', 'VBjbnHtVckPgwQNF'])
      expect(output()).not.toContain(secret)
  }
})
