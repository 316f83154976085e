// Makes app/fonts from Fontsource's files: the weights that the pages use, and no others, which is a third less to download.
// Run it by hand after a change here or of a font's version: node scripts/fonts.mjs
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { createRequire } from 'node:module'

/** It has no types, so TypeScript refuses an import. */
const subsetFont = createRequire(import.meta.url)('subset-font')

const FONTS = {
  'literata-latin-wght-normal': { min: 400, max: 700 },
  'literata-latin-wght-italic': { min: 400, max: 700 },
  'literata-latin-ext-wght-normal': { min: 400, max: 700 },
  'instrument-sans-latin-wght-normal': { min: 400, max: 700 },
  'jetbrains-mono-latin-wght-normal': { min: 400, max: 700 },
}

mkdirSync('app/fonts', { recursive: true })
for (const [name, wght] of Object.entries(FONTS)) {
  const family = name.replace(/-latin.*/, '')
  const whole = readFileSync(`node_modules/@fontsource-variable/${family}/files/${name}.woff2`)
  const part = await subsetFont(whole, everyCharacter(), { targetFormat: 'woff2', variationAxes: { wght } })
  writeFileSync(`app/fonts/${name.replace('-wght', '')}.woff2`, part)
  console.log(`${name}: ${whole.length} → ${part.length} bytes`)
}

/** Fontsource has cut its files by script; all that is in one stays. */
function everyCharacter() {
  return Array.from({ length: 0x3000 }, (_, code) => (code < 0x20 ? '' : String.fromCodePoint(code))).join('')
}
