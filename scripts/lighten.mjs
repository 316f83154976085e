// Takes Next.js's and React's scripts, and the second copy of the text that is their data, out of the pages that a build
// has stored: a reading page is complete without them, and what it does in the browser is in components/reader.ts.
import { readdirSync, readFileSync, writeFileSync } from 'node:fs'
import path from 'node:path'

/** What Next.js 16 writes for its own client: chunks and their preloads, its runtime, and the lines that fill `__next_f`. */
const FRAMEWORK = [
  /<script src="\/_next\/[^"]*"[^>]*><\/script>/g,
  /<link rel="preload" as="script"[^>]*>/g,
  /<script id="_R_">[\s\S]*?<\/script>/g,
  /<script>(?:\(self\.__next_f|self\.__next_f)[\s\S]*?<\/script>/g,
]
/** What may stay: our module, the line in the head that sets the theme, and data. */
const OURS =
  /^<script(?: type="module" src="\/assets\/| type="(?:application\/ld\+json|speculationrules)"|>try\{let t=localStorage)/

const folder = path.join(process.env.DIST_DIR || '.next', 'server')
const pages = readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter((name) => name.endsWith('.html'))
const unknown = []
for (const name of pages) {
  const file = path.join(folder, name)
  const html = readFileSync(file, 'utf8')
  const light = FRAMEWORK.reduce((text, pattern) => text.replace(pattern, ''), html)
  // The words of a post are escaped, and never look like the beginning of a script.
  const left = [...light.matchAll(/<script[^>]*>[^<]{0,80}/g)].find(([script]) => !OURS.test(script))
  if (left) unknown.push(`${name}: ${left[0].slice(0, 120)}`)
  else if (light !== html) writeFileSync(file, light)
}
if (unknown.length > 0) {
  const list = unknown.slice(0, 10).join('\n')
  console.warn(
    `${unknown.length} pages have a script that scripts/lighten.mjs does not know. They work, and are heavier:\n${list}`,
  )
}
