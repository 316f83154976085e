import { readFileSync } from 'node:fs'
import { expect, test } from '@playwright/test'
import { draftAddress } from '../lib/site/address'
import { lighten } from '../lib/static/strip-page.mjs'
import type { Manifest } from '../lib/store/manifest'
import { statusOf } from '../lib/store/status'
import { complaintsOn, tryEverything } from './in-browser'
import { isOwnScript, withoutOwnHosts } from './own-files'
import { elementsIn, kinds } from './pages'
import { ask, signIn } from './server'
import { isLong } from './suites'

// e2e/kinds.spec.ts shows in a browser that nothing on these pages is refused.
test('every kind of page has a strict policy', async ({ baseURL }) => {
  for (const address of [...Object.values(kinds), '/no/such/page', '/blog/no-such-post']) {
    const { headers, body } = await ask(String(baseURL), address)
    const policy = withoutOwnHosts(String(headers['content-security-policy']))
    const elements = elementsIn(body)
    const drawsDiagrams = elements.some(({ properties }) => [properties.className].flat().includes('diagram'))
    const hasOwnScript = elements.some(
      ({ tagName, properties: { src } }) => tagName === 'script' && src && isOwnScript(new URL(`${src}`, baseURL).href),
    )
    expect(policy, address).toContain("default-src 'none'")
    expect(policy, address).toMatch(/script-src 'self'(?: 'sha256-[\w+/=]+')+;/)
    expect(policy, address).not.toContain('unsafe-eval')
    expect(policy.includes('unsafe-inline'), `${address} ${policy}`).toBe(drawsDiagrams)
    expect(policy.includes("require-trusted-types-for 'script'"), `${address} ${policy}`).toBe(
      !drawsDiagrams && !hasOwnScript,
    )
  }
})

for (const [body, directive, sources] of [
  [
    '<img alt="a &gt; b" src="https://a.example/x.png" srcset="https://b.example/1 1x, https://c.example/2 2x, /media/x 3x"/>',
    'img-src',
    "'self' data: https://a.example https://b.example https://c.example",
  ],
  ['<img src="//a.example:8080/x"/>', 'img-src', "'self' data: a.example:8080"],
  [
    '<img src="https://%zz/x"/><img src="https://*/x"/><img src="https://a;frame-ancestors/x"/><img src="https://b%20c/x"/><p>src="https://a.example/"</p>',
    'img-src',
    "'self' data:",
  ],
  [
    '<video src="/video/x" poster="https://a.example/p"><track src="https://b.example/t"/></video>',
    'media-src',
    "'self' https://b.example",
  ],
  [
    '<figure class="embed" data-frame="https://www.youtube-nocookie.com/embed/x"></figure>',
    'frame-src',
    'https://www.youtube-nocookie.com',
  ],
  ['<iframe src="https://a.example/f"></iframe>', 'frame-src', 'https://a.example'],
  ['<form action="https://a.example/subscribe"></form>', 'form-action', "'self' https://a.example"],
] as const) {
  test(`the policy of a page with ${body} names what it loads`, () => {
    const { policy } = lighten(`<!DOCTYPE html><html><head><style>a{}</style></head><body>${body}</body></html>`, {
      dist: '.next-e2e',
    })
    expect(policy.split('; ')).toContain(`${directive} ${sources}`)
  })
}

test('a script, a style, a frame or a picture that a page does not have is refused', async ({ page }) => {
  const complaints = await complaintsOn(page)
  await page.goto(kinds.home)
  const ran = await page.evaluate(async () => {
    const add = (name: string, properties: object) =>
      document.body.append(Object.assign(document.createElement(name), properties))
    const tries: (() => unknown)[] = [
      () => add('style', { textContent: 'body { color: red }' }),
      () => add('iframe', { src: 'https://example.com/' }),
      () => add('img', { src: 'https://example.com/x.png' }),
      () => document.body.setAttribute('onclick', 'window.ran = true'),
      () => {
        document.body.innerHTML = '<img src=x onerror="window.ran = true">'
      },
      () => add('script', { textContent: 'window.ran = true' }),
    ]
    for (const each of tries) {
      try {
        each()
      } catch {}
    }
    document.body.click()
    await new Promise((resolve) => setTimeout(resolve, 300))
    return (window as unknown as { ran?: boolean }).ran ?? false
  })
  expect(ran).toBe(false)
  const refused = complaints.join('\n')
  for (const directive of ['style-src', 'frame-src', 'img-src', 'require-trusted-types-for'])
    expect(refused).toContain(directive)
})

test('a page that only refuses allows nothing but its own style', async ({ page }) => {
  const complaints = await complaintsOn(page)
  for (const address of ['/api/auth/none', '/video/0/none.mp4']) {
    const answer = await page.goto(address)
    expect(answer?.status()).toBe(404)
    expect(answer?.headers()['content-security-policy']).toMatch(
      /^default-src 'none'; style-src 'sha256-[\w+/=]+'; base-uri/,
    )
    expect(await page.getByRole('heading').evaluate((heading) => getComputedStyle(heading).fontWeight)).toBe('600')
    expect(complaints).toEqual([])
  }
})

const { posts, compiledAt }: Manifest = JSON.parse(readFileSync('.contentlayer/e2e/manifest.json', 'utf8'))
const drafts = posts
  .filter((post) => statusOf(post, new Date(compiledAt)) !== 'published')
  .map(({ slug }) => draftAddress(slug))

test('the desk, previews and the sign-in page have a policy with a nonce of their own', async ({ baseURL }) => {
  const url = String(baseURL)
  const cookie = await signIn(url)
  const nonces: string[] = []
  const look = async (address: string, headers = {}) => {
    const answer = await ask(url, address, { headers })
    expect(answer.status, address).toBe(200)
    const policy = withoutOwnHosts(String(answer.headers['content-security-policy']))
    expect(policy, address).toMatch(/default-src 'none'; script-src 'self' 'nonce-[\w+/=]+' 'sha256-[\w+/=]+';/)
    nonces.push(/nonce-([^']+)/.exec(policy)?.[1] ?? '')
  }
  await look('/sign-in')
  for (const address of ['/drafts', '/drafts', ...drafts]) await look(address, { cookie })
  expect(drafts.length).toBeGreaterThan(0)
  expect(new Set(nonces).size).toBe(drafts.length + 3)
})

test('nothing on the sign-in page, the desk and a preview is refused', async ({ page, baseURL }) => {
  const complaints = await complaintsOn(page)
  const look = async (address: string) => {
    await page.goto(address)
    await tryEverything(page)
    expect(complaints, address).toEqual([])
  }
  const [name = '', value = ''] = (await signIn(String(baseURL))).split('=')
  await look('/sign-in')
  await page.context().addCookies([{ name, value, url: String(baseURL) }])
  // `npm run test:all` opens every preview, `npm test` opens one.
  for (const address of ['/drafts', ...(isLong ? drafts : ['/drafts/backend/draft'])]) await look(address)
})
