// node scripts/fonts.mjs: makes app/fonts from Fontsource's files with only the weights that the pages use, a third less to download.
// Run it by hand after a change in this file or a new version of a font.
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { createRequire } from 'node:module'

/** The package has no types, so TypeScript refuses an import. */
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

/** Every character: Fontsource has a file for each script, and all its characters are kept. */
function everyCharacter() {
  return Array.from({ length: 0x3000 }, (_, code) => (code < 0x20 ? '' : String.fromCodePoint(code))).join('')
}
