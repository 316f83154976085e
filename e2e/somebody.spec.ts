/**
 * `npm test` tests the code and not this blog, so it must pass after an owner has changed the facts, colours, files and
 * words. This runs the types and the tests in process on a copy with other ones. Tests in a browser do not need this:
 * their site is built from the test site's own words and facts.
 */
import { spawnSync } from 'node:child_process'
import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { expect, test } from '@playwright/test'
import { makeCopy, removeCopy } from '../scripts/verify/copy'

const facts = `import type { Look } from '@/lib/site/look'
import type { Analytics, Comments, Newsletter } from '@/lib/site/services'

export const site = {
  title: 'Снег & снег',
  description: 'Another blog.',
  address: 'https://yuki.example',
  timeZone: 'America/St_Johns',
  language: 'ja',
  repository: { url: '', branch: 'main' },
  navigation: [{ label: '全部', href: '/blog' }],
  clientComponents: false,
  allow: { 'connect-src': ['https://stats.example'] },
  social: [{ label: 'Mail', href: 'mailto:yuki@yuki.example' }],
  postsPerPage: 7,
  feeds: { content: 'summary' as 'full' | 'summary', limit: 5, hub: 'https://hub.example/' },
  robots: { disallow: { GPTBot: ['/'] } as Record<string, string[]>, signals: { search: true } as { search?: boolean; 'ai-input'?: boolean; 'ai-train'?: boolean } },
  security: { contact: 'mailto:yuki@yuki.example' },
  cards: { fonts: [] as string[] },
  look: { hue: 0, paper: 'grey' } as Look,
  masthead: '',
  intro: '',
  portrait: '',
  footer: '',
  shortcuts: false,
  comments: { provider: 'giscus', repo: 'yuki/blog', repoId: 'R', category: 'A', categoryId: 'C', lang: 'ja' } as Comments | false,
  analytics: { provider: 'umami', websiteId: 'a-b' } as Analytics | false,
  newsletter: { provider: 'buttondown', username: 'yuki' } as Newsletter | false,
  embeds: ['tube.example'],
}
`

test('the types and the tests in process hold in a blog with other facts, colours, files and words', () => {
  test.setTimeout(1_200_000)
  const copy = makeCopy()
  const write = (name: string, text: string) => {
    mkdirSync(path.dirname(path.join(copy, name)), { recursive: true })
    writeFileSync(path.join(copy, name), text)
  }
  // Removes the variables of this run of Playwright, because the copy starts a run of its own.
  const ours = Object.keys(process.env).filter((name) =>
    /^(TEST_|PW_|PLAYWRIGHT_|NODE_OPTIONS$|FORCE_COLOR$)/.test(name),
  )
  const none = Object.fromEntries(ours.map((name) => [name, undefined]))
  const env = { ...process.env, ...none, CONTENT_DIR: '', SITE_CONFIG: '', STORE_DIR: '', DIST_DIR: '' }
  const run = (...args: string[]) => {
    const { status, stdout, stderr } = spawnSync(process.execPath, args, { cwd: copy, env, encoding: 'utf8' })
    expect(status, `${args.join(' ')}\n${stdout.slice(-10_000)}${stderr}`).toBe(0)
  }
  try {
    for (const name of ['content', 'public', 'app/icon.svg'])
      rmSync(path.join(copy, name), { recursive: true, force: true })
    write('public/logo.txt', 'Yuki')
    write('content/authors/default.md', '---\nname: Yuki\n---\n')
    write('content/posts/冬/雪.md', '---\ntitle: 雪\ndate: 2026-01-02\ntags: [冬]\n---\n\n白い。\n')
    write('site.config.ts', facts)
    const theme = readFileSync(path.join(copy, 'app/theme.css'), 'utf8')
    write('app/theme.css', theme.replace(/var\(--look-\w+\)/g, '#7a7a7a'))
    run('scripts/run.mjs', 'scripts/content.ts', 'build')
    run('node_modules/next/dist/bin/next', 'typegen')
    run('node_modules/typescript/bin/tsc', '--noEmit')
    run('node_modules/@playwright/test/cli.js', 'test', '--project=unit')
  } finally {
    removeCopy(copy)
  }
})
