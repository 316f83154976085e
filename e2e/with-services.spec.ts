/** A blog with every service on, built and served; the services themselves are answered by the test, and no request leaves. */
import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { expect, type Page, test } from '@playwright/test'
import { buildCopy, makeCopy, removeCopy, type Server, serveCopy } from '../scripts/verify/copy'
import { stopAll } from '../scripts/verify/processes'
import { comments } from './giscus'
import { chooseTheme, complaintsOn, violations } from './in-browser'
import { ask, editors, environment, signIn } from './server'

const facts = {
  comments: `${JSON.stringify(comments)} as Comments | false`,
  analytics: `{ provider: 'goatcounter', code: 'press' } as Analytics | false`,
  newsletter: `{ provider: 'listmonk', url: 'https://list.example', lists: ['u-1'] } as Newsletter | false`,
}
const posts = {
  'one.md': '---\ntitle: One\ndate: 2026-01-01\n---\n\nText.\n',
  '二.md': '---\ntitle: 二\ndate: 2026-01-02\nlang: ja\n---\n\n本文。\n',
  'quiet.md': '---\ntitle: Quiet\ndate: 2026-01-03\ncomments: false\n---\n\nText.\n',
  'unlisted.md': '---\ntitle: Unlisted\ndate: 2026-01-04\nunlisted: true\n---\n\nText.\n',
  'draft.md': '---\ntitle: Draft\ndate: 2026-01-05\ndraft: true\n---\n\nText.\n',
}
const withComments = ['/blog/one', '/blog/%E4%BA%8C', '/blog/unlisted']

// One worker: the tests share one build, which takes minutes.
test.describe.configure({ mode: 'serial' })
let copy: string
let server: Server
test.beforeAll(async () => {
  test.setTimeout(900_000)
  copy = makeCopy()
  rmSync(path.join(copy, 'content'), { recursive: true, force: true })
  for (const folder of ['posts', 'authors']) mkdirSync(path.join(copy, 'content', folder), { recursive: true })
  writeFileSync(path.join(copy, 'content/authors/default.md'), '---\nname: Ada\n---\n')
  for (const [name, text] of Object.entries(posts)) writeFileSync(path.join(copy, 'content/posts', name), text)
  let text = readFileSync('e2e/site.config.ts', 'utf8')
  for (const [setting, value] of Object.entries(facts))
    text = text
      .split('\n')
      .map((line) => (line.startsWith(`  ${setting}:`) ? `  ${setting}: ${value},` : line))
      .join('\n')
  writeFileSync(path.join(copy, 'site.config.ts'), text)
  await buildCopy(copy)
  const { NEXTAUTH_SECRET = '', EDITORS = '', EDITOR_PASSWORDS = '' } = environment
  server = await serveCopy(copy, { NEXTAUTH_SECRET, EDITORS, EDITOR_PASSWORDS })
})
test.afterAll(async () => {
  await stopAll()
  if (copy) removeCopy(copy)
})

/** The sources of each directive of a page's policy that are other hosts. */
async function hostsOf(address: string, headers: Record<string, string> = {}) {
  const { headers: answered, body } = await ask(server.self, address, { headers })
  const policy = String(answered['content-security-policy'])
  const rules = policy.split('; ').map((rule) => rule.split(' '))
  const foreign = rules.flatMap(([name = '', ...sources]) => {
    const hosts = sources.filter((source) => source.startsWith('https://')).sort()
    return hosts.length > 0 ? [[name, hosts]] : []
  })
  return { hosts: Object.fromEntries(foreign), policy, body }
}

test('each service adds its hosts to the policy of the pages that have it, and of no other', async () => {
  const counted = {
    'script-src': ['https://gc.zgo.at'],
    'connect-src': ['https://gc.zgo.at', 'https://press.goatcounter.com'],
    'img-src': ['https://gc.zgo.at', 'https://press.goatcounter.com'],
  }
  const subscribed = { ...counted, 'form-action': ['https://list.example'] }
  for (const address of ['/', '/blog', '/archive', '/tags', '/authors/default'])
    expect((await hostsOf(address)).hosts, address).toEqual(counted)
  expect((await hostsOf('/blog/quiet')).hosts).toEqual(subscribed)
  for (const address of withComments)
    expect((await hostsOf(address)).hosts, address).toEqual({ ...subscribed, 'frame-src': ['https://giscus.app'] })
  const cookie = await signIn(server.self, editors.ines)
  for (const [address, headers] of [
    ['/no/such/page', {}],
    ['/blog/draft', {}],
    ['/sign-in', {}],
    ['/drafts', { cookie }],
    ['/drafts/draft', { cookie }],
  ] as const) {
    const { hosts, body } = await hostsOf(address, headers)
    expect(hosts, address).toEqual({})
    expect(body, address).not.toMatch(/giscus|goatcounter|gc\.zgo|list\.example/)
  }
})

/** Stands for giscus: says how high it is by an observer, as giscus does, which browsers do not ask in a frame that is not seen; shows which theme it was told, and signs out when its button is clicked. */
const giscusPage = `<!DOCTYPE html><html lang="en"><head><title>giscus</title><style>body{margin:0;height:321px}</style></head><body><p id="theme"></p><button>Sign out</button><script>
const say = (message) => parent.postMessage({ giscus: message }, '*')
const asked = new URLSearchParams(location.search)
theme.textContent = asked.get('theme')
addEventListener('message', ({ data }) => { theme.textContent = data.giscus.setConfig.theme })
document.querySelector('button').onclick = () => say({ signOut: true })
new ResizeObserver(([entry]) => say({ resizeHeight: Math.ceil(entry.contentRect.height) })).observe(document.body)
</script></body></html>`

/** Answers for the services, and keeps the addresses that were asked of them. */
async function answerServices(page: Page, { isBlocked = false } = {}) {
  const complaints = await complaintsOn(page)
  const asked: string[] = []
  await page.route(/^https:/, (route) => {
    const url = new URL(route.request().url())
    asked.push(url.href)
    if (isBlocked) return route.abort('blockedbyclient')
    if (url.host === 'giscus.app') return route.fulfill({ contentType: 'text/html', body: giscusPage })
    return route.fulfill({ contentType: 'text/javascript', body: 'document.documentElement.dataset.counted = "yes"' })
  })
  return { complaints, asked, ofGiscus: () => asked.filter((address) => address.startsWith('https://giscus.app')) }
}

test('comments ask giscus only after a click, in the language of the post, and follow the theme', async ({ page }) => {
  const { complaints, ofGiscus } = await answerServices(page)
  await page.goto(`${server.self}/blog/%E4%BA%8C`)
  await expect(page.locator('html')).toHaveAttribute('data-counted', 'yes')
  await page.locator('post-comments').scrollIntoViewIfNeeded()
  for (const scheme of ['light', 'dark'] as const) {
    await page.emulateMedia({ colorScheme: scheme })
    expect(await violations(page)).toEqual([])
  }
  expect(ofGiscus()).toEqual([])
  await page.getByRole('button', { name: /Show comments/ }).click()
  const frame = page.locator('iframe')
  await expect(frame).toHaveAttribute('title', 'Comments')
  await expect(frame).toHaveCSS('height', '321px')
  await expect(page.getByRole('button', { name: /Show comments/ })).toHaveCount(0)
  await expect(frame).toBeFocused()
  const told = new URL(ofGiscus()[0] ?? '')
  expect(told.pathname).toBe('/ja/widget')
  expect(Object.fromEntries(told.searchParams)).toMatchObject({
    origin: `${server.self}/blog/%E4%BA%8C#post_comments`,
    term: 'blog/%E4%BA%8C',
    session: '',
    theme: 'preferred_color_scheme',
    backLink: 'https://press.example/blog/%E4%BA%8C',
  })
  const theme = page.frameLocator('iframe').locator('#theme')
  for (const [label, expected] of [
    ['dark', 'dark'],
    ['light', 'light'],
    ['as the system', 'preferred_color_scheme'],
  ] as const) {
    await chooseTheme(page, label)
    await expect(theme).toHaveText(expected)
  }
  expect(await violations(page)).toEqual([])
  expect(complaints).toEqual([])
})

test('comments that may load by themselves do so when a reader comes near them, and not before', async ({ page }) => {
  const { complaints, ofGiscus } = await answerServices(page)
  await page.route(`${server.self}/blog/one`, async (route) => {
    const response = await route.fetch()
    const body = (await response.text())
      .replace('<post-comments', '<post-comments data-loading="lazy"')
      .replace('<div class="prose', '<svg width="1" height="4000" aria-hidden="true"></svg><div class="prose')
    return route.fulfill({ response, body })
  })
  await page.goto(`${server.self}/blog/one`)
  await expect(page.getByRole('button', { name: /Show comments/ })).toBeAttached()
  expect(ofGiscus()).toEqual([])
  await page.locator('post-comments').scrollIntoViewIfNeeded()
  await expect(page.locator('iframe')).toHaveCSS('height', '321px')
  expect(ofGiscus()).toHaveLength(1)
  expect(complaints).toEqual([])
})

test('a reader who comes back signed in sees the comments, and the session leaves the address; signing out forgets it', async ({
  page,
}) => {
  const { complaints, ofGiscus } = await answerServices(page)
  await page.goto(`${server.self}/blog/one?giscus=secret&x=1#post_comments`)
  await expect(page).toHaveURL(`${server.self}/blog/one?x=1#post_comments`)
  await expect(page.locator('iframe')).toHaveCSS('height', '321px')
  const sessions = () => ofGiscus().map((address) => new URL(address).searchParams.get('session'))
  expect(sessions()).toEqual(['secret'])
  await page.frameLocator('iframe').getByRole('button').click()
  await expect.poll(sessions).toEqual(['secret', ''])
  expect(await page.evaluate(() => localStorage.getItem('giscus-session'))).toBe(null)
  expect(complaints).toEqual([])
})

test('a reader who blocks the services sees no gap and no error of ours', async ({ page }) => {
  const { complaints, asked } = await answerServices(page, { isBlocked: true })
  await page.clock.install()
  await page.goto(`${server.self}/blog/one`)
  await expect.poll(() => asked.length).toBe(1)
  const height = () => page.locator('main').evaluate((main) => main.getBoundingClientRect().height)
  const button = page.getByRole('button', { name: /Show comments/ })
  await expect(button).toBeVisible()
  const before = await height()
  await button.click()
  await expect(button).toBeDisabled()
  await expect.poll(() => asked.length).toBe(2)
  const said = page.locator('post-comments').getByRole('status')
  // It counts the seconds from the moment when the frame is seen.
  await expect(async () => {
    await page.clock.fastForward(11_000)
    await expect(said).toHaveText('giscus.app has not answered.', { timeout: 500 })
  }).toPass()
  await expect(page.locator('iframe')).toHaveCount(0)
  await expect(button).toBeEnabled()
  // One line says so, and the link to the discussions is where it was.
  expect((await height()) - before).toBeLessThan(40)
  await expect(page.getByRole('link', { name: 'discussions of ines/blog' })).toBeVisible()
  // The browser itself says which requests were blocked.
  expect(complaints.filter((one) => !one.includes('ERR_BLOCKED_BY_CLIENT'))).toEqual([])
})

test('the form of a newsletter is sent to its service, without a script', async ({ browser }) => {
  const context = await browser.newContext({ javaScriptEnabled: false })
  const page = await context.newPage()
  let sent = ''
  await page.route(/^https:/, (route) => {
    sent = `${route.request().method()} ${route.request().url()} ${route.request().postData()}`
    return route.fulfill({ contentType: 'text/html', body: 'Thank you.' })
  })
  await page.goto(`${server.self}/blog/quiet`)
  await page.getByLabel('New posts by e-mail').fill('ines@example.com')
  await page.getByRole('button', { name: 'Subscribe' }).click()
  await expect(page).toHaveURL('https://list.example/subscription/form')
  expect(sent).toBe('POST https://list.example/subscription/form email=ines%40example.com&l=u-1&nonce=')
  await context.close()
})
