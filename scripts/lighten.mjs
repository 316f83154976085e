// After `next build`: makes every stored page a light one (lib/light/page.mjs), with its policy beside it.
import { readdirSync, readFileSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { lighten } from '../lib/light/page.mjs'

const dist = process.env.DIST_DIR || '.next'
const folder = path.join(dist, 'server', 'app')
const heavy = []
const policies = new Map()
for (const name of readdirSync(folder, { recursive: true, encoding: 'utf8' })) {
  if (!name.endsWith('.html')) continue
  const file = path.join(folder, name)
  try {
    const { html, policy } = lighten(readFileSync(file, 'utf8'), dist)
    const meta = JSON.parse(readFileSync(file.replace(/html$/, 'meta'), 'utf8'))
    meta.headers = { ...meta.headers, 'content-security-policy': policy }
    writeFileSync(file, html)
    writeFileSync(file.replace(/html$/, 'meta'), JSON.stringify(meta))
    const address = `/${name.split(path.sep).join('/').slice(0, -'.html'.length)}`
    policies.set(address === '/index' ? '/' : address, policy)
  } catch (error) {
    heavy.push(`${name}: ${error.message}`)
  }
}
if (heavy.length > 0) {
  console.warn(
    `${heavy.length} pages were left as Next.js made them. They work, and are heavier:\n${heavy.slice(0, 10).join('\n')}`,
  )
}

// Vercel takes the headers of stored pages from here. Our own server does not, and would read them all when it starts.
if (process.env.VERCEL) {
  const file = path.join(dist, 'prerender-manifest.json')
  const manifest = JSON.parse(readFileSync(file, 'utf8'))
  for (const [address, policy] of policies) {
    const route = manifest.routes[address]
    if (!route) throw new Error(`${file} has no ${address}, so its policy would not be sent.`)
    route.initialHeaders = {
      ...route.initialHeaders,
      'content-security-policy': policy,
      'x-content-type-options': 'nosniff',
      'referrer-policy': 'strict-origin-when-cross-origin',
    }
  }
  writeFileSync(file, JSON.stringify(manifest))
}

// The answer for what is missing is a page of this folder, and was not there yet when its route was traced.
const trace = path.join(folder, 'moved/[...path]/route.js.nft.json')
const traced = JSON.parse(readFileSync(trace, 'utf8'))
const answers = ['html', 'meta'].map((ending) => `../../_not-found.${ending}`)
writeFileSync(trace, JSON.stringify({ ...traced, files: [...new Set([...traced.files, ...answers])] }))
