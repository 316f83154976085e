// After `next build`: makes every stored page a light one (lib/light/page.mjs), with its policy beside it.
import { readdirSync, readFileSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { lighten } from '../lib/light/page.mjs'

const dist = process.env.DIST_DIR || '.next'
const folder = path.join(dist, 'server', 'app')
const heavy = []
for (const name of readdirSync(folder, { recursive: true, encoding: 'utf8' })) {
  if (!name.endsWith('.html')) continue
  const file = path.join(folder, name)
  try {
    const { html, policy } = lighten(readFileSync(file, 'utf8'), dist)
    const meta = JSON.parse(readFileSync(file.replace(/html$/, 'meta'), 'utf8'))
    meta.headers = { ...meta.headers, 'content-security-policy': policy }
    writeFileSync(file, html)
    writeFileSync(file.replace(/html$/, 'meta'), JSON.stringify(meta))
  } catch (error) {
    heavy.push(`${name}: ${error.message}`)
  }
}
if (heavy.length > 0) {
  console.warn(
    `${heavy.length} pages were left as Next.js made them. They work, and are heavier:\n${heavy.slice(0, 10).join('\n')}`,
  )
}

// The answer for what is missing is a page of this folder, and was not there yet when its route was traced.
const trace = path.join(folder, 'moved/[...path]/route.js.nft.json')
const traced = JSON.parse(readFileSync(trace, 'utf8'))
const answers = ['html', 'meta'].map((ending) => `../../_not-found.${ending}`)
writeFileSync(trace, JSON.stringify({ ...traced, files: [...new Set([...traced.files, ...answers])] }))
