import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs'
import path from 'node:path'
import { expect, test } from '@playwright/test'

test.describe.configure({ retries: 0 })

// promise.spec.ts shows with canaries that no draft is public. This test is about an unlisted post, which is public.
test('an unlisted post has its page, asks not to be indexed, and is nowhere else', async ({ request }) => {
  const page = await (await request.get('/blog/unlisted')).text()
  expect(page).toContain('Pogwizzle unlisted')
  expect(page).toContain('<meta name="robots" content="noindex"')
  expect(page).not.toContain('/tags/fizzlebrook')
  // Its page is stored as HTML and as markdown.
  for (const file of files('.next-e2e/server').filter((file) => !/\/(blog|markdown)\/unlisted\./.test(file))) {
    expect(readFileSync(file).toString('latin1').includes('Pogwizzle'), file).toBe(false)
  }
})

test('a published post that links to a draft shows its words, and nothing of where they would lead', async ({
  request,
}) => {
  const html = await (await request.get('/blog/100%25%20%26%20more')).text()
  expect(html).toContain('Not yet: <a>one</a>, <a>two</a> and <a>three</a>.')
  expect(html).not.toContain('backend/draft')
  for (const file of [...files('.next-e2e/server'), ...files('.next-e2e/static')])
    expect(readFileSync(file).toString('latin1').includes('snickelbrook'), file).toBe(false)
})

function files(folder: string): string[] {
  if (!existsSync(folder)) throw new Error(`${folder} has not been built.`)
  const all = readdirSync(folder, { recursive: true, encoding: 'utf8' }).map((name) => path.join(folder, name))
  return all.filter((file) => statSync(file).isFile())
}
