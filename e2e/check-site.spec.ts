import { spawnSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { expect, test } from '@playwright/test'
import { checkSite } from '../lib/compile/check-site'
import { comments } from './giscus'
import { site } from './site.config'

let folder: string
test.beforeAll(() => {
  folder = path.join(test.info().project.outputDir, `check-site-${process.pid}`)
  mkdirSync(folder, { recursive: true })
})
test.afterAll(() => rmSync(folder, { recursive: true, force: true }))

test('facts of the site that are right have no problem, with every service on', () => {
  expect(checkSite(site, 'e2e/site.config.ts')).toEqual({ problems: [], instead: {} })
  for (const on of [
    { comments },
    { comments: { ...comments, mapping: 'title', strict: '1', lang: 'ja', loading: 'lazy' } },
    { analytics: { provider: 'plausible', domain: 'blog.example', src: 'https://stats.example/js/script.js' } },
    { analytics: { provider: 'goatcounter', code: 'press' } },
    { newsletter: { provider: 'listmonk', url: 'https://list.example', lists: ['a'] } },
    { address: 'http://localhost:3000', language: 'ja', timeZone: 'America/St_Johns', social: [], embeds: [] },
    { security: { contact: 'mailto:ines@blog.example' }, cards: { fonts: ['@fontsource-variable/literata'] } },
    { robots: { disallow: { '*': ['/about'] }, signals: { search: true, 'ai-train': false } } },
  ])
    expect(checkSite({ ...site, ...on }, 'e2e/site.config.ts').problems, JSON.stringify(on)).toEqual([])
})

const facts = `export const site = {
  title: 'Press',
  /* timeZone: no */
  timeZone: 'Lisbon',
  feeds: { content: 'full',
    limit: 0, hub: '' },
}
`
test('everything that is wrong with the facts is said at once, with its line and what to write', () => {
  const file = path.join(mkdtempSync(path.join(folder, 'facts-')), 'site.config.ts')
  writeFileSync(file, facts)
  const { postsPerPage: _, ...most } = site
  const { problems, instead } = checkSite(
    {
      ...most,
      title: 'Two\nlines',
      address: 'https://blog.example/',
      timeZone: 'Lisbon',
      language: 'english_GB',
      navigation: [
        { label: 'Blog', href: '/blog' },
        { label: '', href: 'tags' },
        { label: 'X', href: 'javascript:x()' },
      ],
      clientComponents: 'yes',
      feeds: { content: 'whole', limit: 0, hub: 'hub.example' },
      robots: { disallow: { 'G\nPT': ['drafts'] }, signals: { train: true, search: 'yes' } },
      security: { contact: 'ines@blog.example' },
      cards: { fonts: ['no-such-font', '../x'] },
      embeds: ['https://youtube.com'],
      comments: { ...comments, repo: 'blog', repoId: '', strict: true },
      analytics: { provider: 'goatcounter' },
      newsletter: { provider: 'letters' },
    },
    file,
  )
  const said = problems.map(({ line, message }) => `${line}: ${message}`)
  for (const expected of [
    '2: "title" is no line of words: "Two\\nlines".',
    '1: "address" is not the address of a site: "https://blog.example/". Write https://blog.example.',
    '4: "timeZone" is not a time zone: "Lisbon". Write its IANA name, such as Europe/Lisbon.',
    '"language" is not a language tag (BCP 47): "english_GB".',
    '"navigation.2.label" is no line of words: "".',
    '"navigation.2.href" is no link: "tags". Write a path of this site',
    '"navigation.3.href" is no link: "javascript:x()".',
    '"clientComponents" is neither yes nor no: "yes". Write true or false.',
    '"postsPerPage" is missing. Write one, such as 20.',
    `5: "feeds.content" is none of its values: "whole". Write 'full' or 'summary'.`,
    '6: "feeds.limit" is no whole number of 1 or more: 0.',
    '6: "feeds.hub" is no web address: "hub.example". Write it with https://.',
    '"robots.disallow" is no line of words: "G\\nPT".',
    '"robots.disallow.G\nPT.1" is no path: "drafts". Begin it with a slash',
    `"robots.signals" is none of its values: "train". Write 'search' or 'ai-input' or 'ai-train'.`,
    '"robots.signals.search" is neither yes nor no: "yes".',
    '"security.contact" is no way to reach you: "ines@blog.example".',
    '"cards.fonts.1" is not installed: "no-such-font". Run npm install no-such-font.',
    '"cards.fonts.2" is not the name of a package: "../x".',
    `"embeds.1" is no host: "https://youtube.com". Write its name alone: 'youtube.com'.`,
    `"comments.repo" is no repository: "blog". Write its owner and its name: 'ines/blog'.`,
    '"comments.repoId" is no line of words: "".',
    `"comments.strict" is none of its values: true. Write '0' or '1'.`,
    '"analytics" needs a code of goatcounter.com, or the endpoint of your own server.',
    `"newsletter.provider" is none of its values: "letters". Write 'buttondown' or 'listmonk' or 'mailchimp'.`,
  ])
    expect(
      said.filter((one) => one.includes(expected)),
      `${expected}\n${said.join('\n')}`,
    ).toHaveLength(1)
  expect(said).toHaveLength(25)
  // A compilation goes on with these, so that what is wrong with the documents is said too.
  expect(Object.keys(instead).sort()).toEqual(['address', 'embeds', 'language', 'postsPerPage', 'timeZone'])
})

test('a time zone and an address that are none end no compilation before everything that is wrong is said', () => {
  const place = mkdtempSync(path.join(folder, 'wrong-'))
  mkdirSync(path.join(place, 'content/posts'), { recursive: true })
  writeFileSync(path.join(place, 'content/posts/a.md'), '---\ntitle: A\ndate: 2026-02-30\n---\n\nText.\n')
  const text = readFileSync('e2e/site.config.ts', 'utf8')
    .replace(site.timeZone, 'Lisbon')
    .replace(site.address, 'press')
  writeFileSync(path.join(place, 'site.config.ts'), text)
  const { status, stderr } = spawnSync(process.execPath, ['scripts/run.mjs', 'scripts/content.ts', 'build'], {
    env: {
      ...process.env,
      SITE_CONFIG: path.join(place, 'site.config.ts'),
      CONTENT_DIR: path.join(place, 'content'),
      STORE_DIR: path.join(place, 'store'),
    },
    encoding: 'utf8',
  })
  const line = (start: string) => text.split('\n').findIndex((one) => one.startsWith(start)) + 1
  const file = path.join(path.relative('.', place), 'site.config.ts')
  expect(stderr).toContain(`${file}:${line('  address:')}: "address" is not the address of a site: "press".`)
  expect(stderr).toContain(`${file}:${line('  timeZone:')}: "timeZone" is not a time zone: "Lisbon".`)
  expect(stderr).toContain('posts/a.md:3: "date" is not a date: "2026-02-30".')
  expect(status).toBe(1)
})
