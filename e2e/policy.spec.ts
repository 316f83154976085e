import { expect, type Page, test } from '@playwright/test'
import { lighten } from '../lib/static/strip-page.mjs'
import { withoutOwnHosts } from './own-files'
import { kinds } from './pages'
import { signIn } from './server'

// Loads every kind of page, does on it what can be done, and fails at anything that the browser refuses or complains of.

let complaints: string[]
test.beforeEach(async ({ page }) => {
  complaints = []
  page.on('console', (message) => {
    // The status of a missing page is no complaint about the page.
    if (message.type() === 'error' && !message.text().includes('404 (Not Found)')) complaints.push(message.text())
  })
  page.on('pageerror', (error) => complaints.push(String(error)))
  await page.exposeFunction('refused', (what: string) => complaints.push(what))
  await page.addInitScript(() => {
    addEventListener('securitypolicyviolation', ({ violatedDirective, blockedURI, sample }) =>
      (window as unknown as { refused: (what: string) => void }).refused(
        `${violatedDirective} ${blockedURI} ${sample}`,
      ),
    )
  })
  // What other sites send is not ours to look at.
  await page.route(/^https:/, (route) => route.fulfill({ contentType: 'text/html', body: '' }))
})

/** Scrolls through the page, changes the theme, copies, opens cards and what is folded. */
async function tryEverything(page: Page) {
  for (const theme of ['Dark', 'Light']) await page.getByRole('radio', { name: theme }).check({ force: true })
  await page.evaluate(() => {
    for (const each of document.querySelectorAll<HTMLElement>('main :is(.copy, .embed button, [role="tab"], summary)'))
      each.click()
  })
  for (const diagram of await page.locator('.diagram').all()) {
    await diagram.scrollIntoViewIfNeeded()
    await expect(diagram.locator('svg').first()).toBeVisible()
  }
  await page.evaluate(() => scrollTo(0, document.body.scrollHeight))
  await page.waitForTimeout(200)
}

const places = { ...kinds, 'missing page': '/no/such/page', 'missing post': '/blog/no-such-post' }
for (const [kind, address] of Object.entries(places)) {
  test(`a ${kind} has a strict policy, and nothing on it is refused`, async ({ page }) => {
    const answer = await page.goto(address)
    const policy = withoutOwnHosts(answer?.headers()['content-security-policy'] ?? '')
    expect(policy).toContain("default-src 'none'")
    expect(policy).toMatch(/script-src 'self'(?: 'sha256-[\w+/=]+')+;/)
    expect(policy).not.toContain('unsafe-eval')
    const drawsDiagrams = (await page.locator('.diagram').count()) > 0
    expect(policy.includes('unsafe-inline'), policy).toBe(drawsDiagrams)
    expect(policy.includes("require-trusted-types-for 'script'"), policy).toBe(!drawsDiagrams)
    await tryEverything(page)
    expect(complaints).toEqual([])
  })
}

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

test('the desk, previews and the sign-in page have a policy with a nonce, and nothing on them is refused', async ({
  page,
  baseURL,
}) => {
  const [name = '', value = ''] = (await signIn(String(baseURL))).split('=')
  const nonces = new Set<string>()
  const look = async (address: string) => {
    const answer = await page.goto(address)
    const policy = withoutOwnHosts(answer?.headers()['content-security-policy'] ?? '')
    expect(policy, address).toMatch(/default-src 'none'; script-src 'self' 'nonce-[\w+/=]+' 'sha256-[\w+/=]+';/)
    nonces.add(/nonce-([^']+)/.exec(policy)?.[1] ?? '')
    await page.waitForLoadState('networkidle')
    expect(complaints, address).toEqual([])
  }
  await look('/sign-in')
  await page.context().addCookies([{ name, value, url: String(baseURL) }])
  await look('/drafts')
  const drafts = await page
    .locator('main h3 a')
    .evaluateAll((links) => links.map((link) => (link as HTMLAnchorElement).pathname))
  expect(drafts.length).toBeGreaterThan(0)
  for (const draft of drafts) {
    await look(draft)
    await tryEverything(page)
    expect(complaints, draft).toEqual([])
  }
  expect(nonces.size).toBe(drafts.length + 2)
})
