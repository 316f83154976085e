// node scripts/fonts.mjs: makes app/fonts from Fontsource's files with only the weights, features and letters that the pages use: half
// as much to download. Run it by hand after a change in this file or a new version of a font.
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { createRequire } from 'node:module'

/** The package has no types, so TypeScript refuses an import. */
const subsetFont = createRequire(import.meta.url)('subset-font')

const weights = { min: 400, max: 700 }
const text = ['kern', 'mark', 'mkmk', 'liga', 'tnum', 'pnum', 'locl', 'ccmp']

/** @type {Record<string, { from: string, wght: number | { min: number, max: number }, features: string[] }>} */
const FONTS = {
  'literata-latin-normal': { from: 'literata-latin-wght-normal', wght: weights, features: text },
  'literata-latin-italic': { from: 'literata-latin-wght-italic', wght: 400, features: text },
  'literata-latin-bold-italic': { from: 'literata-latin-wght-italic', wght: 700, features: text },
  'literata-latin-ext-normal': { from: 'literata-latin-ext-wght-normal', wght: weights, features: [...text, 'rvrn'] },
  'instrument-sans-latin-normal': {
    from: 'instrument-sans-latin-wght-normal',
    wght: { min: 400, max: 600 },
    features: text,
  },
  // Without the ligatures, which turn "=>" into another sign.
  'jetbrains-mono-latin-normal': { from: 'jetbrains-mono-latin-wght-normal', wght: weights, features: ['ccmp'] },
}

mkdirSync('app/fonts', { recursive: true })
for (const [name, { from, wght, features }] of Object.entries(FONTS)) {
  const family = from.replace(/-latin.*/, '')
  const whole = readFileSync(`node_modules/@fontsource-variable/${family}/files/${from}.woff2`)
  const options = { targetFormat: 'woff2', variationAxes: { wght }, keepFeatures: features, noHinting: true }
  const part = await subsetFont(whole, name.includes('-ext-') ? everyCharacter() : latin(), options)
  writeFileSync(`app/fonts/${name}.woff2`, part)
  console.log(`${name}: ${whole.length} → ${part.length} bytes`)
}

/** The letters of Western Europe and the signs of its typography. Fontsource's own file for Latin has combining accents besides. */
function latin() {
  const signs = '\u0131\u0152\u0153\u02c6\u02da\u02dc\u2009\u200b–—‘’‚“”„•…′″‹›⁄€™←↑→↓−'
  return everyCharacter().slice(0, 0xe0) + signs
}

/** Every character: Fontsource has a file for each script, and all its characters are kept. */
function everyCharacter() {
  return Array.from({ length: 0x3000 }, (_, code) => (code < 0x20 ? '' : String.fromCodePoint(code))).join('')
}
