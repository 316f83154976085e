// A stored page without the framework. Next.js sends 135 kB of script that a reading page does nothing with, the text a
// second time as data for it, and one style sheet for all pages. What a page does in the browser is in components/reader.ts.
import { createHash } from 'node:crypto'
import { readFileSync } from 'node:fs'
import path from 'node:path'
import { parseSheet, writeSheet } from './sheet.mjs'

/** What Next.js 16 writes for its own client: chunks and their preloads, its runtime, the lines that fill `__next_f`, and markers. */
const FRAMEWORK = [
  /<script src="\/_next\/[^"]*"[^>]*><\/script>/g,
  /<link rel="preload" as="script"[^>]*>/g,
  /<script id="_R_">[\s\S]*?<\/script>/g,
  /<script>(?:\(self\.__next_f|self\.__next_f)[\s\S]*?<\/script>/g,
  /<meta name="next-size-adjust"[^>]*>/g,
  /<div hidden=""><!--\$--><!--\/\$--><\/div>/g,
  /<!--\/?\$-->/g,
]
/** What may stay: our module, the line in the head that sets the theme, and data. */
const OURS =
  /^<script(?: type="module" src="\/assets\/| type="(?:application\/ld\+json|speculationrules)"|>try\{let t=localStorage)/
const SHEET = /<link rel="stylesheet" href="([^"]+)"[^>]*>|<style(?: [^>]*)?>([\s\S]*?)<\/style>/g

/** Pages of the site that are read next: fetched when their link is seen, made ready when it is pointed at or touched. */
const NEXT_PAGES = {
  and: [
    { href_matches: '/*' },
    { not: { href_matches: ['/drafts*', '/sign-in*', '/api/*', '/media/*', '/video/*', '/*.*'] } },
    { not: { selector_matches: '[download], [target], [rel~="external"], [href^="#"]' } },
  ],
}
const SPECULATION = JSON.stringify({
  prefetch: [{ where: NEXT_PAGES, eagerness: 'eager' }],
  prerender: [{ where: NEXT_PAGES, eagerness: 'moderate' }],
})

/**
 * @param {string} html a page as Next.js stores it, or as this function left it.
 * @param {string} dist where the build is (`.next`), for the style sheets.
 * @returns {{ html: string, policy: string }} the page with the style it needs in its head, and its content security policy.
 * @throws {Error} naming the first script it does not know: the page is then best left as it is.
 */
export function lighten(html, dist) {
  let light = FRAMEWORK.reduce((text, pattern) => text.replace(pattern, ''), html)
  // The words of a post are escaped, and never look like the beginning of a script.
  const unknown = [...light.matchAll(/<script[^>]*>[^<]{0,80}/g)].find(([script]) => !OURS.test(script))
  if (unknown) throw new Error(`There is a script that lib/light/page.mjs does not know: ${unknown[0].slice(0, 120)}`)

  const words = wordsOf(light)
  const style = [...light.matchAll(SHEET)]
    .map(([, href, text = '']) => (href ? writeSheet(readSheet(href, dist), words) : text))
    .join('')
  let first = true
  light = light.replace(SHEET, () => {
    if (!first) return ''
    first = false
    return `${preloadsFor(light, style)}<style>${style}</style>`
  })
  if (!light.includes('<script type="speculationrules">'))
    light = light.replace('</head>', () => `<script type="speculationrules">${SPECULATION}</script></head>`)
  return { html: light, policy: policyFor(light) }
}

/** Fonts besides that of the text, to be fetched early: of formulas; italics where a text has them, else that of the furniture. */
function preloadsFor(html, style) {
  const files = [/<(em|i|cite|dfn|address)\b/.test(html) ? 'literata_latin_italic' : 'instrument_sans_latin']
  if (html.includes('class="katex"')) files.push('KaTeX_Main-Regular', 'KaTeX_Math-Italic')
  if (html.includes(' large-op')) files.push('KaTeX_Size2-Regular')
  return files
    .map((file) => new RegExp(`url\\(([^)]*/${file}[^)]*)\\)`).exec(style)?.[1])
    .filter((address) => address && !html.includes(`href="${address}"`))
    .map((address) => `<link rel="preload" href="${address}" as="font" crossorigin="" type="font/woff2"/>`)
    .join('')
}

/** Names of elements, classes and ids in a page and in the scripts that add to it. */
function wordsOf(html) {
  const words = new Set()
  for (const [, name = '', attributes = ''] of html.matchAll(/<([a-z][\w-]*)((?:[^>"']|"[^"]*"|'[^']*')*)>/gi)) {
    words.add(name.toLowerCase())
    for (const [, list = ''] of attributes.matchAll(/ (?:class|id)="([^"]*)"/g))
      for (const word of list.split(/\s+/)) words.add(word.replaceAll('&amp;', '&').replaceAll('&gt;', '>'))
  }
  for (const [, file = ''] of html.matchAll(/ (?:src|data-diagrams)="(\/assets\/[^"]+\.js)"/g))
    for (const word of readScript(file)) words.add(word)
  return words
}

const scripts = new Map()
function readScript(address) {
  if (!scripts.has(address))
    scripts.set(
      address,
      readFileSync(path.join(/*turbopackIgnore: true*/ 'public', address), 'utf8').match(/[\w-]+/g) ?? [],
    )
  return scripts.get(address)
}

const sheets = new Map()
function readSheet(address, dist) {
  if (!sheets.has(address)) {
    // A build with NEXT_DEPLOYMENT_ID, as all of Vercel's, puts it after a question mark.
    const [name = ''] = address.split('?')
    const file = name.startsWith('/_next/')
      ? path.join(/*turbopackIgnore: true*/ dist, name.slice('/_next/'.length))
      : path.join(/*turbopackIgnore: true*/ 'public', name)
    sheets.set(address, parseSheet(readFileSync(/*turbopackIgnore: true*/ file, 'utf8'), name))
  }
  return sheets.get(address)
}

/** What a page may load, and nothing else: a content security policy (W3C CSP 3). */
function policyFor(html) {
  const drawsDiagrams = html.includes(' data-diagrams="')
  const hashes = (pattern) =>
    [...html.matchAll(pattern)].map(([, text = '']) => `'sha256-${createHash('sha256').update(text).digest('base64')}'`)
  /** Where the attributes of these elements lead that is not the site. */
  const origins = (elements, attributes) => {
    const found = new Set()
    for (const [tag] of html.matchAll(new RegExp(`<(?:${elements})\\b(?:[^>"']|"[^"]*"|'[^']*')*>`, 'g')))
      for (const [, value = ''] of tag.matchAll(new RegExp(` (?:${attributes})="([^"]*)"`, 'g')))
        for (const [address] of value.matchAll(/(?<![^\s,])(?:https?:)?\/\/[^\s,]+/g)) {
          const whole = address.startsWith('//') ? `https:${address}` : address
          // A star would be every host.
          if (URL.canParse(whole) && !new URL(whole).host.includes('*'))
            found.add(whole === address ? new URL(whole).origin : new URL(whole).host)
        }
    return [...found]
  }
  const rules = {
    'default-src': ["'none'"],
    'script-src': ["'self'", ...hashes(/<script(?: type="speculationrules")?>([\s\S]*?)<\/script>/g)],
    // Mermaid writes a style sheet into each drawing.
    'style-src': drawsDiagrams ? ["'unsafe-inline'"] : hashes(/<style>([\s\S]*?)<\/style>/g),
    'font-src': ["'self'"],
    'img-src': ["'self'", 'data:', ...origins('img|source|video', 'src|srcset|poster')],
    'media-src': ["'self'", ...origins('video|audio|source|track', 'src')],
    'frame-src': origins('figure|iframe', 'data-frame|src'),
    'connect-src': ["'self'"],
    'form-action': ["'self'", ...origins('form', 'action')],
    'frame-ancestors': ["'self'"],
    'base-uri': ["'none'"],
    // Mermaid writes its drawings as text.
    ...(drawsDiagrams ? {} : { 'require-trusted-types-for': ["'script'"], 'trusted-types': ["'none'"] }),
  }
  return Object.entries(rules)
    .filter(([, sources]) => sources.length > 0)
    .map(([name, sources]) => [name, ...sources].join(' '))
    .join('; ')
}
