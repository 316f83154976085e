import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs'
import path from 'node:path'
import { expect, test } from '@playwright/test'

/** Words that stand only in what is not public: title, body, tag or author of a draft, scheduled or expired post, or a draft page. */
const secrets = [
  'Zanzibarflute',
  'Grumblewick',
  'mumblecrust',
  'Quillfeather',
  'old-draft',
  'Xylocarp',
  'snorkelwax',
  'Yaffingale',
  'dribblecap',
  'Wobblethorn',
]

test('the built site holds no word of a draft, a scheduled or an expired post', () => {
  const built = ['.next-e2e/server', '.next-e2e/static', 'public'].flatMap((folder) => files(folder))
  expect(built.length).toBeGreaterThan(200)
  const hits = built.flatMap((file) => {
    const bytes = readFileSync(file).toString('latin1')
    return secrets.filter((word) => bytes.includes(word)).map((word) => `${file}: ${word}`)
  })
  expect(hits).toEqual([])
})

test('an unlisted post has its page, asks not to be indexed, and is nowhere else', async ({ request }) => {
  const page = await (await request.get('/blog/unlisted')).text()
  expect(page).toContain('Pogwizzle unlisted')
  expect(page).toContain('<meta name="robots" content="noindex"')
  expect(page).not.toContain('/tags/fizzlebrook')
  for (const file of files('.next-e2e/server').filter((file) => !file.includes('/blog/unlisted.'))) {
    expect(readFileSync(file).toString('latin1').includes('Pogwizzle'), file).toBe(false)
  }
})

for (const address of [
  '/blog/backend/draft',
  '/blog/scheduled',
  '/blog/expired',
  '/blog/old-draft',
  '/tags/mumblecrust',
  '/tags/fizzlebrook',
  '/authors/ghost',
  '/hidden',
  '/drafts',
]) {
  test(`${address} answers as an address that never was`, async ({ request }) => {
    const [asked, invented] = await Promise.all([request.get(address), request.get(`${address}-never-was`)])
    expect(asked.status()).toBe(404)
    const plain = (text: string) =>
      text.replaceAll(`${address}-never-was`, address).replaceAll(`${address.slice(1)}-never-was`, address.slice(1))
    const reader = (text: string) => /<body[\s\S]*?<\/main>/.exec(plain(text))?.[0]
    expect(reader(await asked.text())).toBe(reader(await invented.text()))
  })
}

function files(folder: string): string[] {
  if (!existsSync(folder)) throw new Error(`${folder} has not been built.`)
  const all = readdirSync(folder, { recursive: true, encoding: 'utf8' }).map((name) => path.join(folder, name))
  return all.filter((file) => statSync(file).isFile())
}
