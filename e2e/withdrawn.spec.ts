import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import type http from 'node:http'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { expect, test } from '@playwright/test'
import { findProgram } from '../scripts/steps.mjs'
import { send } from '../scripts/verify/http'
import { beforeStandIns, hasPrograms, makeInstance, programs, startCaddy, startNginx } from './fleet'
import { needs } from './server'

// A post that was taken back is gone as soon as the build without it is served, although nginx or Caddy is in front.
test.describe.configure({ mode: 'default', timeout: 120_000 })

const dist = '.next-e2e'
const page = '/blog/frontend/pictures'
const shown = JSON.parse(readFileSync('.contentlayer/e2e/manifest.json', 'utf8')).posts as {
  slug: string
  pictures: { src: string }[]
}[]
const media = (slug: string) => shown.filter((post) => post.slug === slug).flatMap(({ pictures }) => pictures)
const others = new Set(
  shown
    .filter(({ slug }) => slug !== 'frontend/pictures')
    .flatMap(({ slug }) => media(slug))
    .map(({ src }) => src),
)
const pictures = media('frontend/pictures')
  .map(({ src }) => src)
  .filter((src) => src.startsWith('/media/') && !others.has(src))
const encodings = ['br, gzip', 'br', 'gzip', 'identity']

/** The bundle as it was built, and as it would be built after the post was taken back. */
function twoBuilds() {
  const folder = mkdtempSync(path.join(tmpdir(), 'galley-'))
  const [before, after] = [path.join(folder, 'before'), path.join(folder, 'after')]
  for (const bundle of [before, after]) cpSync('bundle-e2e', bundle, { recursive: true })
  const file = path.join(after, dist, 'prerender-manifest.json')
  const manifest = JSON.parse(readFileSync(file, 'utf8'))
  for (const address of [page, ...pictures]) {
    expect(manifest.routes[decodeURIComponent(address)], address).toBeDefined()
    delete manifest.routes[decodeURIComponent(address)]
  }
  writeFileSync(file, JSON.stringify(manifest))
  const list = path.join(after, '.contentlayer/e2e/manifest.json')
  const content = JSON.parse(readFileSync(list, 'utf8'))
  writeFileSync(
    list,
    JSON.stringify({
      ...content,
      posts: content.posts.filter((post: { slug: string }) => post.slug !== 'frontend/pictures'),
    }),
  )
  return { before, after, remove: () => rmSync(folder, { recursive: true }) }
}

for (const [name, start, isHere, packages] of [
  ['nginx', startNginx, hasPrograms, Object.values(programs).join(' ')],
  ['Caddy', startCaddy, findProgram('caddy') !== undefined, 'caddy'],
] as const) {
  test.describe(`behind ${name}`, () => {
    needs(name, isHere, packages)
    test('a post, its pictures and its attachments are gone with the build that has them no more', async () => {
      const { before, after, remove } = twoBuilds()
      let bundle = before
      const instance = await makeInstance({ TRUSTED_PROXIES: '1', DRAIN_SECONDS: '0' }, () => bundle)
      await instance.start()
      const proxy = await start([instance.port, instance.port, instance.port])
      const url = 'https' in proxy ? proxy.https : proxy.url
      const ask = (address: string, encoding: string, headers = {}) =>
        send(`${url}${address}`, { headers: { 'accept-encoding': encoding, ...headers } }, address)
      expect(pictures.length).toBeGreaterThan(3)
      for (const address of [page, ...pictures]) {
        for (const encoding of encodings) {
          const first = await ask(address, encoding)
          expect([first.status, first.headers['cache-control']], address).toEqual([
            200,
            address === page
              ? 'public, max-age=0, s-maxage=60, must-revalidate'
              : 'public, max-age=600, s-maxage=60, must-revalidate',
          ])
          // A browser that has the file gets 304 without a body.
          const again = await ask(address, encoding, { 'if-none-match': first.headers.etag })
          expect([again.status, again.body.length], address).toEqual([304, 0])
        }
      }
      bundle = after
      await instance.stop()
      await instance.start()
      // The proxy may answer from its cache for one more second.
      await expect.poll(async () => (await ask(page, 'br, gzip')).status, { intervals: [100] }).toBe(404)
      await expect.poll(async () => (await ask(pictures[0] ?? '', 'br, gzip')).status, { intervals: [100] }).toBe(404)
      for (const address of [page, ...pictures])
        for (const encoding of encodings) expect((await ask(address, encoding)).status, address).toBe(404)
      expect((await ask('/blog', 'br')).status).toBe(200)
      await instance.stop('SIGKILL')
      // When no instance answers, nginx must not send the withdrawn post again, but still sends published pages.
      if (name === 'nginx') {
        for (const address of [page, ...pictures])
          for (const encoding of encodings)
            expect((await ask(address, encoding)).status, `${encoding} ${address}`).toBe(404)
        expect((await ask('/blog', 'br')).status).toBe(200)
      }
      await proxy.stop()
      remove()
    })
  })
}

test.describe('what nginx keeps', () => {
  needs('nginx', hasPrograms, Object.values(programs).join(' '))
  const behind = beforeStandIns(
    (ports: number[]) => startNginx(ports),
    ({ https }) => https,
  )

  test('invented addresses, and odd ways to write those that there are, take no room from what is kept', async () => {
    const page: http.RequestListener = ({ url = '', headers }, response) => {
      const [address = ''] = url.split(/[?#]/)
      const plain = path.posix.normalize(decodeURIComponent(address)).replace(/\/$/, '')
      const isThere = ['/kept', '/media/1/kept.png', '/assets/kept.js', '/tags/c++'].includes(plain)
      if (isThere && headers['if-none-match'] === '"kept"') return response.writeHead(304, { etag: '"kept"' }).end()
      const tag = isThere ? { etag: '"kept"' } : {}
      const caching = plain.startsWith('/assets')
        ? 'public, max-age=31536000, immutable'
        : 'public, max-age=0, s-maxage=60'
      response.writeHead(isThere ? 200 : address.endsWith('/') ? 308 : 404, { 'cache-control': caching, ...tag })
      response.end('x'.repeat(26_000))
    }
    await behind([page, page, page], async (nginx, ask) => {
      const kept = ['/kept', '/media/1/kept.png', '/assets/kept.js', '/tags/c%2B%2B']
      for (const address of kept) expect((await ask(address)).status).toBe(200)
      const files = () => (['pages', 'media', 'assets'] as const).map((zone) => nginx.kept(zone).sort().join())
      await expect.poll(() => files().join().split(',').length).toBe(kept.length)
      const before = files()
      for (let turn = 0; turn < 12; turn++) {
        const dots = './'.repeat(turn + 1)
        for (const address of kept) {
          for (const way of [
            `${address}-${turn}`,
            `/${dots}${address.slice(1)}`,
            `/${'x/../'.repeat(turn + 1)}${address.slice(1)}`,
            `${address}?${turn}`,
            `${address}#${turn}`,
            `${address}/`.replace('/kept/', `/kept-${turn}/`),
            address.replace('k', '%6b').replace('e', turn % 2 ? '%65' : 'e'),
            address.replace('k', '%6B').replace('%2B%2B', '%2b+'),
            address.replace(/^\//, '/'.repeat(turn + 2)),
          ]) {
            if (way !== address) expect((await ask(way)).status, way).toBeLessThan(500)
          }
        }
      }
      expect(files()).toEqual(before)
      for (const address of kept)
        expect((await ask(address)).headers['x-cache-status'], address).toMatch(/HIT|REVALIDATED/)
    })
  })
})
