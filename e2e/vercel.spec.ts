/** The pages and headers that `vercel build` (64.0.2) reads from a build and its prerender-manifest.json. */
import { execFileSync } from 'node:child_process'
import { cpSync, mkdirSync, readFileSync, rmSync } from 'node:fs'
import path from 'node:path'
import { expect, test } from '@playwright/test'

const built = '.next-e2e'

test('every stored page has its policy where Vercel looks for it, and only there is it written twice', () => {
  const dist = `.verify/vercel-${process.pid}`
  mkdirSync(dist, { recursive: true })
  try {
    for (const part of ['server/app', 'static', 'prerender-manifest.json'])
      cpSync(path.join(built, part), path.join(dist, part), { recursive: true })
    const manifest = () => JSON.parse(readFileSync(path.join(dist, 'prerender-manifest.json'), 'utf8'))
    const run = (env: Record<string, string>) =>
      execFileSync(process.execPath, ['scripts/run.mjs', 'scripts/lighten.ts'], {
        env: { ...process.env, STORE_DIR: '.contentlayer/e2e', DIST_DIR: dist, ...env },
      })
    const before = manifest()
    run({ VERCEL: '' })
    expect(manifest()).toEqual(before)
    run({ VERCEL: '1' })
    const pages = Object.entries<{ routeType: string; initialHeaders: Record<string, string> }>(
      manifest().routes,
    ).filter(([, { routeType }]) => routeType === 'page')
    expect(pages.length).toBeGreaterThan(20)
    for (const [address, { initialHeaders }] of pages) {
      const meta = path.join(dist, 'server/app', `${address === '/' ? 'index' : address}.meta`)
      const { headers } = JSON.parse(readFileSync(meta, 'utf8'))
      expect(initialHeaders['content-security-policy'], address).toContain("default-src 'none'")
      expect(initialHeaders['content-security-policy'], address).toBe(headers['content-security-policy'])
      expect(initialHeaders['x-content-type-options'], address).toBe('nosniff')
    }
  } finally {
    rmSync(dist, { recursive: true })
  }
})
