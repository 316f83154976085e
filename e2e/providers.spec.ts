// This file is long because its tests share one OpenID provider and a server for it.
import { createServer, type Server as HttpServer, type IncomingMessage } from 'node:http'
import { text } from 'node:stream/consumers'
import { expect, test } from '@playwright/test'
import Provider from 'oidc-provider'
import { freePort } from '../scripts/verify/processes'
import { formsIn } from './pages'
import { postForm, type Server, signIn, startServer } from './server'

test.describe.configure({ mode: 'default' })

const draft = '/drafts/backend/draft?view=dark'
type Person = { sub: string; email: string; email_verified: boolean; name: string }
const people: Record<string, Person> = {
  ines: { sub: 'ines', email: 'Ines@Example.com', email_verified: true, name: 'Ines' },
  mallory: { sub: 'mallory', email: 'ines@example.com', email_verified: false, name: 'Mallory' },
  eve: { sub: 'eve', email: 'eve@example.com', email_verified: true, name: 'Eve' },
  Sub7: { sub: 'Sub7', email: 'seven@example.com', email_verified: false, name: 'Seven' },
  sub7: { sub: 'sub7', email: 'other@example.com', email_verified: true, name: 'Not seven' },
}

/** A real OpenID provider on this machine, where one signs in by typing the key of one of `people`. */
async function startProvider(port: number, callback: string) {
  const handler = (conformIdTokenClaims: boolean) => {
    const provider = new Provider(`http://localhost:${port}`, {
      clients: [{ client_id: 'galley', client_secret: 'oidc-hush', redirect_uris: [callback] }],
      claims: { openid: ['sub'], email: ['email', 'email_verified'], profile: ['name'] },
      conformIdTokenClaims,
      pkce: { required: () => true },
      findAccount: (_, sub) => {
        const person = people[sub]
        return person && { accountId: sub, claims: () => ({ ...person }) }
      },
      cookies: { keys: ['only for tests'] },
      features: { devInteractions: { enabled: true } },
    })
    return provider.callback()
  }
  const asked: URL[] = []
  let handle = handler(true)
  const listening = createServer((request, answer) => {
    asked.push(new URL(request.url ?? '', `http://localhost:${port}`))
    handle(request, answer)
  })
  await new Promise<void>((resolve) => listening.listen(port, resolve))
  const putClaimsIntoTokens = () => {
    handle = handler(false)
    asked.length = 0
  }
  return { asked, putClaimsIntoTokens, stop: () => close(listening) }
}

const close = (server: HttpServer) =>
  new Promise<void>((resolve) => {
    server.close(() => resolve())
    server.closeAllConnections()
  })

/** A browser without a window: keeps the cookies of one site and sends them. */
function visitor(url: string) {
  const kept = new Map<string, string>()
  const cookies = () => [...kept].map(([name, value]) => `${name}=${value}`).join('; ')
  const keep = (answer: Response) => {
    for (const one of answer.headers.getSetCookie()) {
      const [, name = '', value = ''] = /^([^=]+)=([^;]*)/.exec(one) ?? []
      if (value) kept.set(name, value)
      else kept.delete(name)
    }
    return answer
  }
  return {
    kept,
    begin: async (way: string, to = '/drafts') =>
      new URL(
        keep(await postForm(url, `/api/auth/signin/${way}`, { to }, { cookie: cookies() })).headers.get('location') ??
          '',
        url,
      ),
    comeBack: async (path: string) =>
      keep(await fetch(`${url}${path}`, { headers: { cookie: cookies() }, redirect: 'manual' })),
    send: async (path: string, form: Record<string, string>) =>
      keep(await postForm(url, path, form, { cookie: cookies() })),
    isEditor: async () =>
      (await fetch(`${url}/drafts`, { headers: { cookie: cookies() }, redirect: 'manual' })).status === 200,
  }
}

/** Signs in at the provider form by form. @returns the address to which the provider sends the browser back. */
async function signInThere(begun: URL, login: string): Promise<URL> {
  const there = visitor(begun.origin)
  let at = begun
  for (let step = 0; step < 10 && at.origin === begun.origin; step++) {
    let answer = await there.comeBack(`${at.pathname}${at.search}`)
    const [form] = answer.status === 200 ? formsIn(await answer.text()) : []
    if (form) {
      const fields = form.fields.map(([name, value]) => [name, name === 'prompt' ? value : login])
      answer = await there.send(new URL(form.action, at).pathname, Object.fromEntries(fields))
    }
    at = new URL(answer.headers.get('location') ?? '', at)
  }
  return at
}

test.describe('OpenID Connect', () => {
  let server: Server
  let providerPort: number
  let provider: Awaited<ReturnType<typeof startProvider>>
  const callback = () => `${server.url}/api/auth/callback/oidc`

  test.beforeAll(async () => {
    providerPort = await freePort()
    server = await startServer({
      EDITORS: 'ines@example.com, oidc:Sub7',
      OIDC_ISSUER: `http://localhost:${providerPort}`,
      OIDC_CLIENT_ID: 'galley',
      OIDC_CLIENT_SECRET: 'oidc-hush',
      OIDC_NAME: 'Example ID',
    })
    provider = await startProvider(providerPort, callback())
  })
  test.afterAll(async () => {
    await Promise.all([server.stop(), provider.stop()])
    expect(server.output()).not.toMatch(/oidc-hush|\n\s+at /)
  })

  /** Goes to the provider, signs in there and comes back, with some cookies changed on the way. */
  const throughProvider = async (login: string, to = '/drafts', change?: (kept: Map<string, string>) => unknown) => {
    const who = visitor(server.url)
    const back = await signInThere(await who.begin('oidc', to), login)
    await change?.(who.kept)
    const answer = await who.comeBack(`${back.pathname}${back.search}`)
    return { who, status: answer.status, location: answer.headers.get('location') }
  }

  test('ines gets in through the provider: her verified e-mail address is on the list', async ({ page }) => {
    await page.goto(`${server.url}/sign-in?to=${encodeURIComponent(draft)}`)
    await page.getByRole('button', { name: 'Continue with Example ID' }).click()
    await page.getByPlaceholder('Enter any login').fill('ines')
    await page.getByPlaceholder('and password').fill('anything')
    await page.getByRole('button', { name: 'Sign-in' }).click()
    await page.getByRole('button', { name: 'Continue' }).click()
    await expect(page).toHaveURL(`${server.url}${draft}`)
    await expect(page.getByText('Signed in as Ines')).toBeVisible()
  })

  test('Sub7 gets in: the subject is on the list', async () => {
    const { who, location } = await throughProvider('Sub7', draft)
    expect(location).toBe(draft)
    expect(await (await who.comeBack('/drafts')).text()).toContain('Seven')
  })

  for (const [login, why] of [
    ['mallory', 'the e-mail address is on the list, but not verified'],
    ['sub7', 'a subject in other letters is another one'],
    ['eve', 'nothing of hers is on the list'],
  ] as const) {
    test(`${login} does not get in: ${why}`, async () => {
      const { who, location } = await throughProvider(login)
      expect(location).toBe('/sign-in?error=AccessDenied&to=%2Fdrafts')
      expect(await who.isEditor()).toBe(false)
      expect(server.output()).toContain(`not on the editor list: oidc:${login}`)
    })
  }

  test('a provider that puts the e-mail address into the ID token will do as well', async () => {
    provider.putClaimsIntoTokens()
    const { who } = await throughProvider('ines')
    expect(await who.isEditor()).toBe(true)
    expect(provider.asked.map(({ pathname }) => pathname)).not.toContain('/me')
  })

  test('who turns back at the provider is told so in plain words', async ({ page }) => {
    await page.goto(`${server.url}/sign-in`)
    await page.getByRole('button', { name: 'Continue with Example ID' }).click()
    await page.getByRole('link', { name: /Cancel/ }).click()
    await expect(page.getByRole('main').getByRole('alert')).toContainText('The provider did not finish signing you in.')
  })

  test('PKCE, state and nonce are sent, and the address to come back to is ours whatever Host says', async () => {
    const begun = await visitor(server.url).begin('oidc')
    expect(begun.origin).toBe(`http://localhost:${providerPort}`)
    expect(begun.searchParams.get('redirect_uri')).toBe(callback())
    expect(begun.searchParams.get('code_challenge_method')).toBe('S256')
    for (const name of ['code_challenge', 'state', 'nonce'])
      expect(begun.searchParams.get(name)?.length, name).toBeGreaterThan(20)
    const cookies = (await postForm(server.url, '/api/auth/signin/oidc', {})).headers.getSetCookie()
    for (const name of ['state', 'pkce', 'nonce']) {
      const cookie = cookies.find((one) => one.startsWith(`galley.${name}=`))
      expect(cookie).toMatch(/; Path=\/; .*HttpOnly; SameSite=Lax$/)
      expect(cookie).not.toMatch(/; Domain/)
    }
    const headers = { 'x-forwarded-host': 'evil.example', 'x-forwarded-proto': 'https', forwarded: 'host=evil.example' }
    const answer = await postForm(server.url, '/api/auth/signin/oidc', {}, headers)
    expect(answer.headers.get('location')).not.toContain('evil.example')
  })

  test('who comes back without cookies, with another state or to nothing gets no session', async () => {
    const begun = await visitor(server.url)
    const state = (await begun.begin('oidc')).searchParams.get('state') ?? ''
    const issuer = encodeURIComponent(`http://localhost:${providerPort}`)
    for (const [who, query] of [
      [visitor(server.url), `code=x&state=${state}&iss=${issuer}`],
      [begun, `code=x&state=${state}x&iss=${issuer}`],
      [begun, `code=x&iss=${issuer}`],
      [begun, `code=x&state=${state}&iss=https%3A%2F%2Fevil.example`],
      [begun, `code=x&state=${state}`],
      [begun, `code=x&code=y&state=${state}&state=${state}&iss=${issuer}`],
      [begun, ''],
      [begun, `id_token=x.y.z&access_token=x&state=${state}&iss=${issuer}`],
    ] as const) {
      const answer = await who.comeBack(`/api/auth/callback/oidc?${query}`)
      expect([answer.status, answer.headers.get('location')]).toEqual([
        303,
        expect.stringMatching(/^\/sign-in\?error=OAuthCallback&to=/),
      ])
      expect(who.kept.has('galley.session')).toBe(false)
    }
  })

  test('a code without the nonce, the state or the verifier it was made for is worth nothing', async () => {
    for (const missing of ['galley.nonce', 'galley.state', 'galley.pkce']) {
      const { who, location } = await throughProvider('ines', '/drafts', async (kept) => {
        const another = visitor(server.url)
        await another.begin('oidc')
        kept.set(missing, another.kept.get(missing) ?? '')
      })
      expect(location, missing).toMatch(/^\/sign-in\?error=OAuthCallback/)
      expect(await who.isEditor(), missing).toBe(false)
    }
  })

  test('while the provider is gone, sign-in says so in plain words and the password still works', async () => {
    await provider.stop()
    const answer = await postForm(server.url, '/api/auth/signin/oidc', {})
    const page = await fetch(`${server.url}${answer.headers.get('location')}`)
    expect(await page.text()).toContain('The provider could not be reached.')
    expect(await signIn(server.url)).not.toBe('')
  })
})

test.describe('GitHub', () => {
  type Account = { id: unknown; login: string; name?: string | null; emails: { email: string; verified: unknown }[] }
  let server: Server
  let gitHub: HttpServer
  /**
   * The account that is signed in at the stand-in for GitHub Enterprise Server. `status` is the status of its answers.
   */
  let account: Account
  let status = 200
  const verified = (email: string) => [{ email, verified: true }]

  test.beforeAll(async () => {
    const port = await freePort()
    const challenges = new Map<string, string>()
    gitHub = createServer(async (request, answer) => {
      const { pathname, searchParams } = new URL(request.url ?? '', `http://localhost:${port}`)
      const say = (value: unknown) => {
        answer.writeHead(status, { 'content-type': 'application/json' })
        answer.end(JSON.stringify(value))
      }
      if (pathname === '/login/oauth/authorize') {
        const code = `code-${challenges.size}`
        challenges.set(code, searchParams.get('code_challenge') ?? '')
        const query = new URLSearchParams({ code, state: searchParams.get('state') ?? '' })
        answer.writeHead(302, { location: `${searchParams.get('redirect_uri')}?${query}` })
        answer.end()
      } else if (pathname === '/login/oauth/access_token') {
        const form = new URLSearchParams(await text(request))
        const challenge = challenges.get(form.get('code') ?? '')
        challenges.delete(form.get('code') ?? '')
        const isRight =
          challenge && challenge === (await sha256(form.get('code_verifier') ?? '')) && isGalley(request, form)
        say(
          isRight
            ? { access_token: 'gh-token-hush', token_type: 'bearer', scope: 'user' }
            : { error: 'bad_verification_code' },
        )
      } else if (request.headers.authorization !== 'Bearer gh-token-hush') {
        answer.writeHead(401).end()
      } else if (pathname === '/api/v3/user') say(account)
      else if (pathname === '/api/v3/user/emails') say(account.emails)
      else answer.writeHead(404).end()
    })
    await new Promise<void>((resolve) => gitHub.listen(port, resolve))
    server = await startServer({
      EDITORS: 'ines@example.com, github:1234, kim@example.com, finn@example.com',
      EDITOR_PASSWORDS: '',
      GITHUB_ID: 'galley',
      GITHUB_SECRET: 'github-hush',
      GITHUB_URL: `http://localhost:${port}`,
      OIDC_ISSUER: 'http://localhost:9',
      OIDC_CLIENT_ID: 'galley',
      OIDC_CLIENT_SECRET: 'oidc-hush',
    })
  })
  test.afterAll(async () => {
    await Promise.all([server.stop(), close(gitHub)])
    expect(server.output()).not.toMatch(/hush|\n\s+at /)
  })

  const isGalley = (request: IncomingMessage, form: URLSearchParams) =>
    form.get('client_secret') === 'github-hush' ||
    request.headers.authorization === `Basic ${Buffer.from('galley:github-hush').toString('base64')}`
  const sha256 = async (value: string) =>
    Buffer.from(await crypto.subtle.digest('SHA-256', new TextEncoder().encode(value))).toString('base64url')

  /** Signs in through the stand-in for GitHub. */
  const signInWithGitHub = async (to = '/drafts') => {
    const who = visitor(server.url)
    const begun = await who.begin('github', to)
    const sent = new URL((await fetch(begun, { redirect: 'manual' })).headers.get('location') ?? '')
    const back = `${sent.pathname}${sent.search}`
    const answer = await who.comeBack(back)
    return { who, begun, back, status: answer.status, location: answer.headers.get('location') }
  }

  for (const [what, one, isEditor] of [
    ['a verified e-mail address on the list', { id: 1, login: 'ines', emails: verified('Ines@Example.com') }, true],
    [
      'a second e-mail address on the list',
      { id: 1, login: 'ines', emails: [{ email: 'a@b.example', verified: true }, ...verified('ines@example.com')] },
      true,
    ],
    ['a numeric id on the list', { id: 1234, login: 'whoever', emails: [] }, true],
    [
      'an e-mail address that is not verified',
      { id: 1, login: 'ines', emails: [{ email: 'ines@example.com', verified: false }] },
      false,
    ],
    [
      'an e-mail address that is verified only in words',
      { id: 1, login: 'ines', emails: [{ email: 'ines@example.com', verified: 'true' }] },
      false,
    ],
    [
      'a public e-mail address that is not verified',
      { id: 1, login: 'ines', email: 'ines@example.com', emails: [] },
      false,
    ],
    ['the same login with another id', { id: 4321, login: 'github:1234', name: 'github:1234', emails: [] }, false],
    ['an id with a zero before it', { id: '01234', login: 'ines', emails: [] }, false],
    ['an id in fullwidth digits', { id: '１２３４', login: 'ines', emails: [] }, false],
    ['an e-mail address with ＠', { id: 1, login: 'ines', emails: verified('ines＠example.com') }, false],
    ['an e-mail address with a Kelvin sign', { id: 1, login: 'kim', emails: verified('\u212Aim@example.com') }, false],
    ['an e-mail address with a ligature', { id: 1, login: 'finn', emails: verified('ﬁnn@example.com') }, false],
    [
      'an e-mail address with a Cyrillic letter',
      { id: 1, login: 'ines', emails: verified('in\u0435s@example.com') },
      false,
    ],
    ['an e-mail address that is an id', { id: 1, login: 'ines', emails: verified('github:1234') }, false],
  ] as [string, Account, boolean][]) {
    test(`${what} ${isEditor ? 'lets one in' : 'lets nobody in'}`, async () => {
      account = one
      const { who, status, location } = await signInWithGitHub(draft)
      expect([status, location]).toEqual([
        303,
        isEditor ? draft : `/sign-in?${new URLSearchParams({ error: 'AccessDenied', to: draft })}`,
      ])
      expect(await who.isEditor()).toBe(isEditor)
    })
  }

  test('PKCE and state are sent', async () => {
    const { searchParams } = await visitor(server.url).begin('github')
    expect(searchParams.get('redirect_uri')).toBe(`${server.url}/api/auth/callback/github`)
    expect(searchParams.get('code_challenge_method')).toBe('S256')
    expect(searchParams.get('state')?.length).toBeGreaterThan(20)
  })

  test('a code is good once, for whoever began, and only for GitHub', async () => {
    account = { id: 1234, login: 'ines', emails: [] }
    const { who, back } = await signInWithGitHub()
    expect(await who.isEditor()).toBe(true)
    const fails = expect.stringMatching(/^\/sign-in\?error=OAuthCallback&to=/)
    expect((await who.comeBack(back)).headers.get('location'), 'replayed').toEqual(fails)
    expect((await visitor(server.url).comeBack(back)).headers.get('location'), 'by somebody else').toEqual(fails)

    const other = visitor(server.url)
    const begun = await other.begin('github')
    const sent = new URL((await fetch(begun, { redirect: 'manual' })).headers.get('location') ?? '')
    const elsewhere = await other.comeBack(`/api/auth/callback/oidc${sent.search}`)
    expect(elsewhere.headers.get('location'), 'at another provider').toEqual(fails)
    const third = visitor(server.url)
    await third.begin('github')
    const mixed = await third.comeBack(`/api/auth/callback/github${sent.search}`)
    expect(mixed.headers.get('location'), 'with another state').toEqual(fails)
    expect(await third.isEditor()).toBe(false)
  })

  test('a return address elsewhere is not followed', async () => {
    account = { id: 1234, login: 'ines', emails: [] }
    for (const to of [
      '//evil.example',
      '/\\evil.example',
      'https://evil.example/drafts',
      '/drafts/../..//evil.example',
    ])
      expect((await signInWithGitHub(to)).location).toBe('/drafts')
    const who = visitor(server.url)
    const begun = await who.begin('github')
    who.kept.set('galley.to', encodeURIComponent(`${server.url}.evil.example/drafts`))
    const sent = new URL((await fetch(begun, { redirect: 'manual' })).headers.get('location') ?? '')
    expect((await who.comeBack(`${sent.pathname}${sent.search}`)).headers.get('location')).toBe('/drafts')
  })

  test('while GitHub is unwell nobody gets in, and the page says so', async () => {
    account = { id: 1234, login: 'ines', emails: [] }
    status = 500
    const { who, location } = await signInWithGitHub()
    status = 200
    expect(location).toMatch(/^\/sign-in\?error=OAuthCallback&to=/)
    expect(await who.isEditor()).toBe(false)
  })
})
