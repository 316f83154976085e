import { mkdirSync, readFileSync, rmSync } from 'node:fs'
import path from 'node:path'
import { pathToFileURL } from 'node:url'
import { expect, test } from '@playwright/test'
import { build } from 'esbuild'
import { type ComponentType, createElement } from 'react'
import { renderToStaticMarkup } from 'react-dom/server'
import { nearestIn } from '../lib/site/nearest'
import {
  type Analytics,
  type Comments,
  counterOf,
  giscusFrame,
  giscusLanguage,
  type Newsletter,
  subscribeForm,
} from '../lib/site/services'
import { factsFor } from '../lib/static/build.mjs'
import { lighten } from '../lib/static/strip-page.mjs'
import { comments } from './giscus'
import { elementsIn } from './pages'
import { site } from './site.config'

const post = {
  address: 'https://press.example/blog/caf%C3%A9/c%2B%2B',
  title: 'A & B',
  documentTitle: 'A & B · Press',
  description: 'Say "it"',
  lang: 'en-GB',
}

/** The components, made of their files by esbuild as Next.js does: Playwright would make its own elements of their JSX. */
let components: Record<string, ComponentType<never>>
let folder: string
test.beforeAll(async () => {
  folder = path.join(test.info().project.outputDir, `services-${process.pid}`)
  mkdirSync(folder, { recursive: true })
  // Playwright compiles every file that a test imports, except those in a folder with this name.
  const file = path.join(folder, 'node_modules/components.mjs')
  await build({
    stdin: {
      contents:
        "export * from './components/post-comments'; export * from './components/newsletter-form'; export * from './components/post-footer'",
      resolveDir: process.cwd(),
    },
    outfile: file,
    bundle: true,
    platform: 'node',
    format: 'esm',
    packages: 'external',
    jsx: 'automatic',
    alias: {
      '@/site.config': path.resolve('e2e/site.config.ts'),
      // They ask for the problems of a file, which only a development server has.
      'server-only': path.resolve('node_modules/server-only/empty.js'),
    },
    logLevel: 'warning',
  })
  components = await import(pathToFileURL(path.resolve(file)).href)
})
test.afterAll(() => rmSync(folder, { recursive: true, force: true }))

const shown = (name: string, props: object) => renderToStaticMarkup(createElement(components[name] as never, props))
const only = (html: string, name: string) => elementsIn(html).filter(({ tagName }) => tagName === name)

/** The policy of a stored page, by directive. */
function policyOf(body: string, more: Partial<Parameters<typeof lighten>[1]> = {}) {
  const page = `<!DOCTYPE html><html><head><title>x</title></head><body>${body}</body></html>`
  const { html, policy } = lighten(page, { dist: '.next-e2e', ...more })
  const rules = policy.split('; ').map((rule) => rule.split(' '))
  return { html, rules: Object.fromEntries(rules.map(([name = '', ...sources]) => [name, sources])) }
}

test('comments name their post as giscus does, in the language of the post, and ask nothing of giscus before they are wanted', () => {
  const term = (mapping?: Comments['mapping']) =>
    new URL(giscusFrame({ ...comments, ...(mapping ? { mapping } : {}) }, post)).searchParams.get('term')
  expect(term()).toBe('blog/caf%C3%A9/c%2B%2B')
  expect(term('url')).toBe(post.address)
  expect(term('title')).toBe('A & B · Press')
  expect(term('og:title')).toBe('A & B')
  const frame = new URL(giscusFrame({ ...comments, inputPosition: 'top', strict: '1' }, { ...post, lang: 'pt-BR' }))
  expect(frame.origin + frame.pathname).toBe('https://giscus.app/pt/widget')
  expect(Object.fromEntries(frame.searchParams)).toMatchObject({
    repo: 'ines/blog',
    repoId: 'R_1',
    category: 'Posts',
    categoryId: 'C_1',
    strict: '1',
    inputPosition: 'top',
    reactionsEnabled: '1',
    emitMetadata: '0',
    description: 'Say "it"',
    backLink: post.address,
  })
  expect(['en-GB', 'he', 'zh-Hant', 'zh-CN', 'zh', 'el', 'tlh'].map(giscusLanguage)).toEqual([
    'en',
    'he',
    'zh-TW',
    'zh-CN',
    'zh-CN',
    'gr',
    undefined,
  ])

  const { reader } = JSON.parse(readFileSync('.contentlayer/compiled.json', 'utf8'))
  // The script of all pages stands for the one of comments, which only a site with comments has made.
  const html = shown('PostComments', { comments, script: reader, page: post })
  expect(only(html, 'iframe')).toEqual([])
  expect(only(html, 'a').map(({ properties }) => properties.href)).toEqual(['https://github.com/ines/blog/discussions'])
  const { rules } = policyOf(html)
  expect(rules['frame-src']).toEqual(['https://giscus.app'])
  expect(rules['require-trusted-types-for']).toEqual(["'script'"])
  expect([rules['script-src'], rules['connect-src'], rules['img-src']].flat().join()).not.toContain('giscus')
})

const endpoint = 'https://stats.blog.example/count'
for (const [name, analytics, script, reports] of [
  [
    'Plausible',
    { provider: 'plausible', domain: 'blog.example' },
    { src: 'https://plausible.io/js/script.js', defer: true, dataDomain: 'blog.example' },
    [],
  ],
  [
    'Umami on a server of its own',
    { provider: 'umami', websiteId: 'a-b-c', src: 'https://u.example/script.js' },
    { src: 'https://u.example/script.js', defer: true, dataWebsiteId: 'a-b-c' },
    [],
  ],
  [
    "Umami's cloud",
    { provider: 'umami', websiteId: 'a-b-c' },
    { src: 'https://cloud.umami.is/script.js', dataHostUrl: 'https://gateway.umami.is' },
    ['https://gateway.umami.is'],
  ],
  [
    'GoatCounter',
    { provider: 'goatcounter', code: 'press' },
    { src: 'https://gc.zgo.at/count.js', async: true, dataGoatcounter: 'https://press.goatcounter.com/count' },
    ['https://press.goatcounter.com'],
  ],
  [
    'GoatCounter on a server of its own',
    { provider: 'goatcounter', endpoint },
    { src: 'https://stats.blog.example/count.js', async: true, dataGoatcounter: endpoint },
    [],
  ],
] as [string, Analytics, Record<string, unknown>, string[]][]) {
  test(`${name} counts visits with the script that it documents, and only its hosts get into the policy`, () => {
    const counter = counterOf(analytics)
    const { html, rules } = policyOf('<p>x</p>', { counter, isCounted: true })
    const scripts = only(html, 'script').filter(({ properties }) => properties.src)
    expect(scripts.map(({ properties }) => properties)).toEqual([expect.objectContaining(script)])
    const { origin } = new URL(counter.src)
    const hosts = [origin, ...reports].sort()
    const inRule = (rule: string) => (rules[rule] ?? []).filter((source) => source.startsWith('https:')).sort()
    expect(inRule('script-src')).toEqual([origin])
    expect(inRule('connect-src')).toEqual(hosts)
    expect(inRule('img-src')).toEqual(hosts)
    for (const rule of ['frame-src', 'style-src', 'font-src', 'form-action']) expect(inRule(rule), rule).toEqual([])
    expect(rules['require-trusted-types-for']).toBeUndefined()
    // A page that is stored again at run time is counted once.
    expect(policyOf('', { counter, isCounted: true }).html).toContain(counter.src)
    expect(lighten(html, { dist: '.next-e2e', counter, isCounted: true }).html).toBe(html)
  })
}

test('a page that is not there, and a search, is not counted, and a site that counts renders no page before it is visited', () => {
  const counter = counterOf({ provider: 'plausible', domain: 'blog.example' })
  const build = (address: string) => policyOf('<p>x</p>', factsFor({ allow: {}, counter }, address)).html
  expect(build('/blog')).toContain('plausible.io')
  for (const address of ['/_not-found', '/_global-error', '/search', '/search/frame'])
    expect(build(address)).not.toContain('plausible.io')
  expect(build('/search-tips')).toContain('plausible.io')
  for (const address of ['/blog', '/_not-found']) expect(build(address)).not.toContain('prerender')
  const without = policyOf('<p>x</p>', factsFor({ allow: {} }, '/blog')).html
  expect(without).toContain('prerender')
  expect(without).not.toContain('https:')
})

for (const [newsletter, action, names, host] of [
  [
    { provider: 'buttondown', username: 'ines' },
    'https://buttondown.com/api/emails/embed-subscribe/ines',
    { email: '', embed: '1' },
    'https://buttondown.com',
  ],
  [
    { provider: 'listmonk', url: 'https://list.example/', lists: ['u-1', 'u-2'] },
    'https://list.example/subscription/form',
    { email: '', l: 'u-2', nonce: '' },
    'https://list.example',
  ],
  [
    { provider: 'mailchimp', action: 'https://x.us1.list-manage.com/subscribe/post?u=1a&id=2b' },
    'https://x.us1.list-manage.com/subscribe/post?u=1a&id=2b',
    { EMAIL: '', b_1a_2b: '' },
    'https://x.us1.list-manage.com',
  ],
] as [Newsletter, string, Record<string, string>, string][]) {
  test(`a newsletter of ${newsletter.provider} is a plain form with its fields, which says where the address goes`, () => {
    const html = shown('NewsletterForm', { newsletter })
    const [form] = only(html, 'form')
    expect(form?.properties).toMatchObject({ action, method: 'post' })
    const fields = only(html, 'input').map(({ properties }) => [properties.name, properties.value ?? ''])
    expect(Object.fromEntries(fields)).toEqual(names)
    expect(subscribeForm(newsletter).hidden.length + 1 + Number('trap' in subscribeForm(newsletter))).toBe(
      fields.length,
    )
    const { rules } = policyOf(html)
    expect(rules['form-action']).toEqual(["'self'", host])
    expect(rules['require-trusted-types-for']).toEqual(["'script'"])
    expect(html).toContain(new URL(host).host)
    expect(html).not.toContain('<script')
  })
}

const summary = { slug: 'a', title: 'A', file: 'posts/a.md', tags: [], lang: undefined }
test('the end of a post without a newsletter has no form, and its button shares the canonical address', () => {
  const end = (more: object) =>
    shown('PostFooter', { post: { ...summary, ...more }, authors: [], related: [], newsletter: false })
  expect(only(end({}), 'form')).toEqual([])
  const shares = (html: string) =>
    only(html, 'button').map(({ properties }) => [properties.dataShare, properties.disabled])
  expect(shares(end({}))).toEqual([[`${site.address}/blog/a`, true]])
  expect(shares(end({ canonicalUrl: 'https://other.example/a' }))).toEqual([['https://other.example/a', true]])
})

test('the nearest addresses are found by letters and by words; one that is like none gets none', () => {
  const place = (href: string) => ({ label: href, href })
  const places = [
    '/blog/home/spring-cleaning',
    '/blog/spring-flowers',
    '/blog/backend/no-frameworks',
    '/blog/c%2B%2B',
    '/blog/%E6%97%A5%E6%9C%AC%E8%AA%9E%E3%81%AE%E8%A9%B1',
    '/about',
    '/tags/css',
    '/authors/ada',
  ].map(place)
  const find = nearestIn(places)
  const found = (address: string) => find(address).map(({ href }) => href)
  expect(found('/blog/home/spring-cleanning')).toEqual(['/blog/home/spring-cleaning'])
  expect(found('/2024/05/Spring_Cleaning.html')).toEqual(['/blog/home/spring-cleaning'])
  expect(found('/spring')).toEqual(['/blog/home/spring-cleaning', '/blog/spring-flowers'])
  expect(found('/posts/frameworks/')).toEqual(['/blog/backend/no-frameworks'])
  expect(found('/tag/css')).toEqual(['/tags/css'])
  expect(found('/blog/日本語の話し')).toEqual(['/blog/%E6%97%A5%E6%9C%AC%E8%AA%9E%E3%81%AE%E8%A9%B1'])
  expect(found('/abuot')).toEqual(['/about'])
  for (const address of ['/', '', '/wp-login.php', '/blog/the-and-of-2024', '/%', `/${'spring-'.repeat(40)}`, '/xyz'])
    expect(found(address), address).toEqual([])
  expect(nearestIn(Array.from({ length: 9 }, (_, at) => place(`/blog/spring-${at}`)))('/spring')).toHaveLength(3)
})
