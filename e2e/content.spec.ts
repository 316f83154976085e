import { spawnSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, readdirSync, renameSync, rmSync, statSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { test as base, expect } from '@playwright/test'
import { compile } from './compile'

const test = base

const post = (matter: string, body = 'Text.') => `---\n${matter}\n---\n\n${body}\n`
const good = 'title: Good\ndate: 2026-01-01'

/** Each mistake, and the one message it gets. */
const mistakes: Record<string, [string, string, string?]> = {
  'no title': [post('date: 2026-01-01'), '1: there is no "title" (the title of the post). Write title: ….'],
  'an empty title': [
    post('title: ""\ndate: 2026-01-01'),
    '2: there is no "title" (the title of the post). Write title: ….',
  ],
  'no date': [
    post('title: A'),
    '1: there is no "date" (when it is published, in the time zone of the site). Write date: 2026-11-21.',
  ],
  'an impossible date': [
    post('title: A\ndate: 2026-02-30'),
    '3: "date" is not a date: "2026-02-30". Write it as 2026-03-02.',
  ],
  'an impossible hour': [
    post('title: A\ndate: 2026-02-03 25:10'),
    '3: "date" is not a date: "2026-02-03 25:10". Write it as 2026-02-04 01:10.',
  ],
  'a date in words': [
    post('title: A\ndate: yesterday'),
    '3: "date" is not a date: "yesterday". Write it as year-month-day, for example 2026-11-21 or 2026-11-21 18:30.',
  ],
  'a list for a title': [
    post('title: [A]\ndate: 2026-01-01'),
    '2: "title" is a list, where text belongs. Write title: "…".',
  ],
  'a word for a number': [
    post(`${good}\nseries: { name: S, part: one }`),
    '4: "series.part" is "one", where a number belongs. Write series.part: 1.',
  ],
  'half a series': [post(`${good}\nseries: { name: S }`), '4: "series" has no "part". Write part: 1 in it.'],
  'a word for a boolean': [
    post(`${good}\ntoc: nope`),
    '4: "toc" is "nope", where true or false belongs. Write toc: true or toc: false.',
  ],
  'a misspelt field': [post(`${good}\ntag: [a]`), '4: "tag" is no field. Write "tags".'],
  'a misspelt draft': [post(`${good}\ndrfat: true`), '4: "drfat" is no field. Write "draft".'],
  'an unknown author': [
    post(`${good}\nauthors: [bob]`),
    '4: there is no author "bob". Write content/authors/bob.md, or one of: default.',
  ],
  'broken YAML': [post('title: "A\ndate: 2026-01-01'), '2: the front matter is not YAML: Missing closing quote.'],
  'no front matter': [
    '# A\n',
    '1: there is no front matter. Begin the file with "---", "title: …", "date: …" and "---", each on a line.',
  ],
  'a fence left open': [
    '---\ntitle: A\ndate: 2026-01-01\n',
    '1: the front matter is never closed. Write "---" alone on the line after its last field.',
  ],
  'JavaScript front matter': [
    '---js\n{ title: process.exit(7) }\n---\n',
    '1: front matter opens with "---js". Galley reads YAML only: write "---" alone on the line.',
  ],
  'TOML front matter': [
    '+++\ntitle = "A"\n+++\n',
    '1: front matter opens with "+++". Galley reads YAML only: write "---" alone on the line.',
  ],
  'a picture that is not there': [
    post(good, 'Text.\n\n![A shot](./shot.png)'),
    '8: there is no picture ./shot.png. Put it at content/posts/shot.png, or mend the name.',
  ],
  'a cover that is not there': [
    post(`${good}\nimages: [gone.png]`),
    '4: there is no picture gone.png. Put it at content/posts/gone.png, or mend the name.',
  ],
  'a relative alias': [post(`${good}\naliases: [old/a]`), '4: the alias "old/a" is no path. Write "/old/a".'],
  'a canonical address that is none': [
    post(`${good}\ncanonicalUrl: example.com`),
    '4: "canonicalUrl" is not a web address: "example.com". Write it with https://.',
  ],
  'a language that is none': [
    post(`${good}\nlang: klingon language`),
    '4: "lang" is not a language tag: "klingon language". Write one like en or pt-BR.',
  ],
  'a reserved address': [
    post(`${good}\nslug: page/2`),
    '4: the address /blog/page/2 belongs to a page of a list. Write another slug.',
  ],
  'MDX that does not parse': [post(good, 'Text {'), '6: MDX cannot read this:', 'mdx'],
}

/** Each mistake is in its own file. All files are compiled together, once for each worker. */
const together = base.extend<object, { compiled: Awaited<ReturnType<typeof compile>> }>({
  compiled: [
    // biome-ignore lint/correctness/noEmptyPattern: Playwright reads the names of the fixtures from it.
    async ({}, use) => {
      const files = Object.values(mistakes).map(([text, , type = 'md'], index) => [`posts/m${index}.${type}`, text])
      await use(await compile(Object.fromEntries(files)))
    },
    { scope: 'worker' },
  ],
})

for (const [index, [name, [, message, type = 'md']]] of Object.entries(mistakes).entries()) {
  together(`${name} stops the build with its place and its remedy`, ({ compiled }) => {
    const file = `content/posts/m${index}.${type}:`
    expect(compiled.said.filter((line) => line.startsWith(file))).toEqual([expect.stringContaining(file + message)])
    expect(compiled.said.filter((line) => line.startsWith(file) && line.endsWith('(warning)'))).toEqual([])
    expect(compiled.status).toBe(1)
    expect(compiled.manifest).toBeUndefined()
  })
}

test('all mistakes of all files are said at once', async () => {
  const { said, status } = await compile({
    'posts/a.md': post('date: 2026-02-30\nauthors: [bob]'),
    'posts/b.md': '---js\n1\n---\n',
    'posts/c/one.md': post(`${good}\nslug: same`),
    'posts/c/two.md': post(`${good}\nslug: same\naliases: [/blog/same]`),
    'posts/c.md': post(good),
    'authors/x.md': post('nam: X'),
  })
  expect(status).toBe(1)
  expect(said).toEqual([
    'content/authors/x.md:1: there is no "name". Write name: ….',
    'content/authors/x.md:2: "nam" is no field. Write "name".',
    'content/posts/a.md:1: there is no "title" (the title of the post). Write title: ….',
    'content/posts/a.md:2: "date" is not a date: "2026-02-30". Write it as 2026-03-02.',
    'content/posts/a.md:3: there is no author "bob". Write content/authors/bob.md, or one of: default, x.',
    'content/posts/b.md:1: front matter opens with "---js". Galley reads YAML only: write "---" alone on the line.',
    'content/posts/c.md:1: /blog/c lists the category "c". Write another slug, or rename the folder.',
    'content/posts/c/two.md:4: the address /blog/same is taken by posts/c/one.md. Write another slug.',
    'content/posts/c/two.md:5: the alias /blog/same is the address of posts/c/one.md. Remove it.',
    'Content: 9 errors in 7 documents.',
  ])
})

test('the mistakes of a draft are warnings, and it is compiled as far as it goes', async () => {
  const { status, said, manifest } = await compile({
    'posts/a.md': post('draft: true\ndate: soon\nauthors: [bob]', '![](missing.png)'),
    'posts/b.md': post('title: "B\ndraft: true'),
    'posts/c.md': post('title: C\ndate: 2026-01-01\ndraft: yes'),
    'posts/d.md': post(good),
  })
  expect(said.filter((line) => line.startsWith('content/')).every((line) => line.endsWith('(warning)'))).toBe(true)
  expect(said).toContain(
    'content/posts/a.md:3: "date" is not a date: "soon". Write it as year-month-day, for example 2026-11-21 or 2026-11-21 18:30. (warning)',
  )
  expect(status).toBe(0)
  expect(
    manifest.posts
      .filter((one: { draft: boolean }) => one.draft)
      .map((one: { slug: string }) => one.slug)
      .sort(),
  ).toEqual(['a', 'b', 'c'])
  expect(manifest.posts.find((one: { slug: string }) => one.slug === 'a').problems).toHaveLength(5)
})

test('a draft never makes a published post wrong', async () => {
  const { status, said } = await compile({
    'posts/web.md': post(`${good}\naliases: [/blog/web/idea]`),
    'posts/web/idea.md': post(`${good}\ndraft: true`),
    'posts/web/other.md': post(`${good}\ndraft: true\nslug: web`),
  })
  expect(said.filter((line) => line.startsWith('content/posts/web.md'))).toEqual([])
  expect(said).toContain(
    'content/posts/web/other.md:5: the address /blog/web is taken by posts/web.md. Write another slug. (warning)',
  )
  expect(status).toBe(0)
})

test('what is no post, author or page is left alone', async () => {
  const { status, said, manifest } = await compile({
    'README.md': '# Our words\n',
    'posts/chart/index.md': post(good),
    'posts/chart/data.json': '[1, 2',
    'posts/chart/more.yaml': 'a: [',
  })
  expect(said.filter((line) => !line.startsWith('Content:'))).toEqual([])
  expect([status, manifest.posts.length]).toEqual([0, 1])
})

test('a published post that fails keeps what was compiled before', async () => {
  const folder = mkdtempSync(path.join(tmpdir(), 'galley-'))
  expect((await compile({ 'posts/a.md': post(good) }, folder)).status).toBe(0)
  const { status, manifest } = await compile({ 'posts/a.md': post('title: A') }, folder)
  expect(status).toBe(1)
  expect(manifest.posts[0].title).toBe('Good')
  rmSync(folder, { recursive: true })
})

test('an unchanged post is not compiled again, wherever it is checked out', async () => {
  const folder = mkdtempSync(path.join(tmpdir(), 'galley-'))
  const first = await compile({ 'posts/a.md': post(good), 'posts/b.md': post(good, 'Other.') }, folder)
  const second = await compile({ 'posts/a.md': post(good), 'posts/b.md': post(good, 'Changed.') }, folder)
  expect(first.bodies).toHaveLength(3)
  expect(second.bodies).toHaveLength(4)
  expect(second.manifest.posts.find((one: { slug: string }) => one.slug === 'a').body).toBe(
    first.manifest.posts.find((one: { slug: string }) => one.slug === 'a').body,
  )
  rmSync(folder, { recursive: true })
})

test('a blog that is moved together with its store is not compiled again', async () => {
  const folder = mkdtempSync(path.join(tmpdir(), 'galley-'))
  const made = (place: string) => {
    const bodies = path.join(place, 'store/bodies')
    return readdirSync(bodies).map((name) => [name, statSync(path.join(bodies, name)).mtimeMs])
  }
  const files = {
    'posts/a.mdx': post(good, "import word from './word.json'\n\n{word} ![A dot](./dot.svg)"),
    'posts/word.json': '"one"',
    'posts/dot.svg': '<svg xmlns="http://www.w3.org/2000/svg" width="4" height="3"/>',
  }
  await compile(files, folder)
  const before = made(folder)
  renameSync(folder, `${folder}-moved`)
  await compile({}, `${folder}-moved`)
  expect(made(`${folder}-moved`)).toEqual(before)
  rmSync(`${folder}-moved`, { recursive: true })
})

test('what no document can cause stops the build with the name of the file, and nothing is kept of it', async () => {
  const folder = mkdtempSync(path.join(tmpdir(), 'galley-'))
  mkdirSync(path.join(folder, 'store'))
  writeFileSync(path.join(folder, 'store/pictures'), 'in the way')
  const { status, said, bodies } = await compile(
    {
      'posts/a.md': post(`${good}\ndraft: true`, '![A dot](./dot.svg)'),
      'posts/dot.svg': '<svg xmlns="http://www.w3.org/2000/svg" width="4" height="3"/>',
    },
    folder,
  )
  expect(status).toBe(1)
  expect(said.join('\n')).toMatch(/posts\/a\.md could not be compiled: E\w+: .*pictures/)
  // At most the body of the author is stored.
  expect(bodies.length).toBeLessThan(2)
  rmSync(folder, { recursive: true })
})

test('every field is read, and what follows from it is derived', async () => {
  const { manifest, status, said } = await compile({
    'posts/web/deep/a/index.md': post(
      'title: 2024\ndate: 2026-07-01 09:00\nsummary: S\ntags: one\nauthors: [default]\nunlisted: true\nlastmod: 2026-07-02\nexpires: 2027-01-01T00:00:00+02:00\nimages: ./p.svg\ncanonicalUrl: https://example.com/a\naliases: [/x]\nseries: { name: S, part: 2 }\ntoc: false\ncomments: false\nlang: pt',
      'One two three.',
    ),
    'posts/web/deep/a/p.svg': '<svg xmlns="http://www.w3.org/2000/svg" width="4" height="3"/>',
  })
  expect(said.filter((line) => line.startsWith('content/'))).toEqual([])
  expect(status).toBe(0)
  expect(manifest.posts[0]).toMatchObject({
    title: '2024',
    date: '2026-07-01T08:00:00.000Z',
    lastmod: '2026-07-01T23:00:00.000Z',
    expires: '2026-12-31T22:00:00.000Z',
    tags: ['one'],
    images: ['./p.svg'],
    series: { name: 'S', part: 2 },
    slug: 'web/deep/a',
    category: 'web',
    words: 3,
    minutes: 1,
    toc: false,
    cover: { width: 1200, height: 900 },
    pictures: [
      { src: expect.stringMatching(/^\/media\/\w{12}\/p-cover\.png$/) },
      { src: expect.stringMatching(/^\/media\/\w{12}\/p-240\.webp$/) },
    ],
  })
})

test('a name that the file system refuses is said with its line, and everything else is checked', async () => {
  const folder = mkdtempSync(path.join(tmpdir(), 'galley-'))
  const posts = path.join(folder, 'content/posts')
  mkdirSync(path.join(posts, 'folder.png'), { recursive: true })
  mkdirSync(path.join(posts, 'dotted.md'))
  symlinkSync('loop.png', path.join(posts, 'loop.png'))
  symlinkSync('nowhere', path.join(posts, 'broken.md'))
  for (const name of ['pipe.png', 'pipe.pdf', 'pipe.json', 'pipe.md']) spawnSync('mkfifo', [path.join(posts, name)])
  const long = 'l'.repeat(300)
  const short = (before: string) => `${before}${'l'.repeat(60 - before.length)}…`
  const noName = 'has a character that no file has in its name. Write the name of one that can be read.'
  const tooLong = 'is longer than the name of a file can be. Write the name of one that can be read.'
  const noAddress = 'is too long for an address, which has 240 bytes between two "/" and 1,000 in all.'
  const noCharacter = (code: string) => `has a character in it that nobody can read (U+${code}). Take it out.`
  const cases: [string, string, string?][] = [
    [post(good, '![a](./a%00.png)'), `6: ./a%00.png ${noName}`],
    [post(good, `![a](./${long}.png)`), `6: ${short('./')} ${tooLong}`],
    [post(good, `![a](./${'d/'.repeat(2500)}x.png)`), `6: ./${'d/'.repeat(29)}… ${tooLong}`],
    [post(good, '![a](/a%00.png)'), `6: /a%00.png ${noName}`],
    [post(good, '![a](./v%00.mp4)'), `6: ./v%00.mp4 ${noName}`],
    [post(good, '<video poster="./p%00.png"></video>'), `6: ./p%00.png ${noName}`],
    [post(`${good}\nimages: [a%00.png]`), `4: a%00.png ${noName}`],
    [post(`${good}\nimages: ["a\\0.png"]`), `4: "images" ${noCharacter('0000')}`],
    [post(`${good}\nimages: [${long}.png]`), `4: ${short('')} ${tooLong}`],
    [post(good, '![a](./folder.png)'), '6: ./folder.png is a folder. Write the name of one that can be read.'],
    [post(good, '![a](./pipe.png)'), '6: ./pipe.png is no file. Write the name of one that can be read.'],
    [post(good, '![a](./loop.png)'), '6: there is no picture ./loop.png.'],
    [post(good, '![a](./a%zz.png)'), '6: there is no picture ./a%zz.png.'],
    [post(good, '![a](./a%ED%A0%80.png)'), '6: there is no picture ./a%ED%A0%80.png.'],
    [post(good, '![a](./r0.md/x.png)'), '6: there is no picture ./r0.md/x.png.'],
    [post(good, '[a](./a%00.pdf)'), '6: there is nothing at ./a%00.pdf.'],
    [post(good, '[a](./pipe.pdf)'), '6: there is nothing at ./pipe.pdf.'],
    [post(good, '[a](/fonts/x%00)'), '6: there is nothing at /fonts/x%00.'],
    [post(good, `[a](/${long})`), `6: there is nothing at /${'l'.repeat(159)}….`],
    [
      post(good, 'import x from "./pipe.json"\n\n{x}'),
      '6: MDX cannot read this: pipe.json cannot be imported, since it is not a file',
      'mdx',
    ],
    [post(good, `import x from "./${long}.json"\n\n{x}`), '6: MDX cannot read this: a file that is imported', 'mdx'],
    [post(`${good}\nslug: ${long}`), `4: "${short('')}" ${noAddress} Write slug: words-and-dashes.`],
    [post(`${good}\nslug: "a\\uD800b"`), `4: "slug" ${noCharacter('D800')}`],
    [
      post(`${good}\nslug: ${'s'.repeat(99)}${`/${'s'.repeat(99)}`.repeat(20)}`),
      `4: "${'s'.repeat(60)}…" ${noAddress}`,
    ],
    [post(`${good}\naliases: [/old/${long}]`), `4: the alias "${short('/old/')}" ${noAddress}`],
    [post(`${good}\ntags: [${long}]`), `4: the tag "${short('')}" ${noAddress} Write a word or two.`],
    [post(`${good}\ntags: [..]`), '4: the tag ".." cannot be an address.'],
    [post(`${good}\nseries: { name: ${long}, part: 1 }`), `4: the series "${short('')}" ${noAddress}`],
    [post(`${good}\nauthors: ["a\\0"]`), `4: "authors" ${noCharacter('0000')}`],
  ]
  const files = Object.fromEntries(cases.map(([text, , type = 'md'], at) => [`posts/r${at}.${type}`, text]))
  const { status, said } = await compile(
    { ...files, 'posts/dotted.md/fine.md': post('title: A'), [`pages/${'n'.repeat(245)}.md`]: post('title: N') },
    folder,
  )
  expect(status).toBe(1)
  for (const [at, [, message, type = 'md']] of cases.entries())
    expect(said.filter((line) => line.startsWith(`content/posts/r${at}.${type}:`))[0], message).toContain(
      `content/posts/r${at}.${type}:${message}`,
    )
  for (const file of ['pipe.md'])
    expect(said).toContain(
      `content/posts/${file}:1: this file cannot be read. Correct its link or its permissions, or remove it.`,
    )
  expect(said.find((line) => line.startsWith('content/pages/nnn'))).toContain(
    `:1: the name "${'n'.repeat(60)}…" ${noAddress}`,
  )
  expect(said.find((line) => line.startsWith('content/posts/dotted.md/fine.md:1: there is no "date"'))).toBeTruthy()
  rmSync(folder, { recursive: true })
})

test('a picture with a name as long as there can be is kept under a shorter one', async () => {
  const name = `${'日'.repeat(83)}.svg`
  const { status, manifest } = await compile({
    'posts/a.md': post(good, `![A dot](./${name})`),
    [`posts/${name}`]: '<svg xmlns="http://www.w3.org/2000/svg" width="4" height="3"/>',
  })
  expect(status).toBe(0)
  for (const { src } of manifest.posts[0].pictures)
    expect(Buffer.byteLength(decodeURIComponent(path.posix.basename(src)))).toBeLessThan(240)
})
