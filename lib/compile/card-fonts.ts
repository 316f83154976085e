import { existsSync, readFileSync } from 'node:fs'
import { readFile } from 'node:fs/promises'
import { createRequire } from 'node:module'
import path from 'node:path'
import postcss from 'postcss'
import type { CardFont } from './card'

/** Fonts of this blog, as style sheets of packages. Literata's have the axis of optical size, which makes large letters finer. */
const own: [string, string][] = [
  ['@fontsource-variable/literata', 'opsz.css'],
  ['@fontsource-variable/literata', 'opsz-italic.css'],
  ['@fontsource-variable/instrument-sans', 'index.css'],
]

/** Arrows and signs, which Fontsource's Latin files lack. KaTeX has them, in letters that stand well beside Literata. */
const signs: Face[] = ['Main-Bold', 'AMS-Regular'].map((name) => ({
  family: `KaTeX ${name}`,
  style: 'normal',
  file: `node_modules/katex/dist/fonts/KaTeX_${name}.woff2`,
  said: [
    [0x2100, 0x23ff],
    [0x25a0, 0x27bf],
    [0x2a00, 0x2aff],
  ],
}))

/** Sheets of another package, the first that it has: one weight of it, or a variable font with all of them. */
const sheetsOfOthers = ['600.css', 'wght.css', 'index.css']

/** A file of a font, and the letters that its style sheet says it is for. */
type Face = Pick<CardFont, 'family' | 'style'> & { file: string; said: [number, number][] }

/** The faces of all fonts, in the order in which they are asked for a letter. */
export type Fonts = Face[]

/** A package that has no fonts here. */
export class NoFont extends Error {}

/**
 * Reads which fonts there are: ours, then those of `packages` in their order.
 *
 * @throws NoFont
 */
export const readFonts = (packages: string[], root = 'node_modules'): Fonts => [
  ...[...own, ...packages.map((name) => [name, sheetOf(name, root)] as const)].flatMap(([name, sheet]) =>
    facesOf(path.join(root, name, sheet)),
  ),
  ...signs,
]

/**
 * The packages of `readFonts` and the renderer, each with its version.
 *
 * @throws NoFont
 */
export function fontVersions(packages: string[], root = 'node_modules'): string[] {
  for (const name of packages) sheetOf(name, root)
  return [...new Set(own.map(([name]) => name)), ...packages, 'katex', '@takumi-rs/core'].map((name) => {
    const { version } = JSON.parse(readFileSync(path.join(root, name, 'package.json'), 'utf8'))
    return `${name}@${version}`
  })
}

function sheetOf(name: string, root: string): string {
  const folder = path.join(root, name)
  if (!existsSync(path.join(folder, 'package.json')))
    throw new NoFont(`cards.fonts names "${name}", which is not installed. Type: npm install ${name}`)
  const sheet = sheetsOfOthers.find((one) => existsSync(path.join(folder, one)))
  if (!sheet)
    throw new NoFont(
      `cards.fonts names "${name}", which has no style sheet with fonts. Name a package of Fontsource: '@fontsource-variable/noto-serif-jp'.`,
    )
  return sheet
}

/** The `@font-face` rules of a style sheet (CSS Fonts 4 §4). */
function facesOf(sheet: string): Face[] {
  const faces: Face[] = []
  postcss.parse(readFileSync(sheet, 'utf8')).walkAtRules('font-face', (rule) => {
    const values: Record<string, string> = {}
    rule.walkDecls(({ prop, value }) => {
      values[prop] = value
    })
    const file = postcss.list
      .comma(values.src ?? '')
      .map((source) => /^url\(["']?([^"')]+\.woff2)["']?\)/.exec(source)?.[1])
      .find((url) => url !== undefined)
    if (!file) return
    faces.push({
      family: (values['font-family'] ?? '').replace(/^["']|["']$/g, '').replace(/ Variable$/, ''),
      style: values['font-style'] === 'italic' ? 'italic' : 'normal',
      file: path.join(path.dirname(sheet), file),
      said: postcss.list.comma(values['unicode-range'] ?? 'U+0-10FFFF').map(rangeOf),
    })
  })
  return faces
}

/** `U+0400-045F` as its first and last letter. */
function rangeOf(range: string): [number, number] {
  const [first = '', last = first] = range.replace(/^U\+/i, '').split('-')
  return [Number.parseInt(first.replaceAll('?', '0'), 16), Number.parseInt(last.replaceAll('?', 'F'), 16)]
}

const has = (ranges: [number, number][], letter: number) =>
  ranges.some(([first, last]) => first <= letter && letter <= last)

/**
 * Reads the files of fonts that a text needs.
 *
 * @returns the fonts, and the letters of the text that none of them has, each once. What the fonts have is read from the files.
 */
export async function fontsFor(text: string, faces: Fonts): Promise<{ fonts: CardFont[]; missing: string[] }> {
  const letters = [...new Set(text)].filter((letter) => !/[\s\p{Default_Ignorable_Code_Point}]/u.test(letter))
  const codes = letters.map((letter) => letter.codePointAt(0) ?? 0)
  const needed = faces.filter(({ said }) => codes.some((code) => has(said, code)))
  const fonts = await Promise.all(needed.map(readFont))
  const missing = letters.filter((letter) => !fonts.some(({ ranges }) => has(ranges, letter.codePointAt(0) ?? 0)))
  return { fonts, missing }
}

const read = new Map<string, Promise<CardFont>>()
let last: Promise<unknown> = Promise.resolve()

/** Reads a file once. Files are unpacked one after the other: all are unpacked in the same memory. */
function readFont({ family, style, file }: Face): Promise<CardFont> {
  let font = read.get(file)
  if (!font) {
    font = last.then(async () => {
      const [{ Blob, Face }, packed] = await Promise.all([import('harfbuzzjs'), readFile(file)])
      // The package has no types.
      const { decompress } = createRequire(import.meta.url)('wawoff2') as {
        decompress: (packed: Uint8Array) => Promise<Uint8Array>
      }
      const data = new Uint8Array(await decompress(packed))
      return { family, style, data, ranges: rangesOf(new Face(new Blob(data)).collectUnicodes()) }
    })
    last = font.catch(() => undefined)
    read.set(file, font)
  }
  return font
}

/** Numbers as ranges of neighbours, the smallest first. */
function rangesOf(codes: Uint32Array): [number, number][] {
  const ranges: [number, number][] = []
  for (const code of codes.sort()) {
    const last = ranges.at(-1)
    if (last && last[1] === code - 1) last[1] = code
    else ranges.push([code, code])
  }
  return ranges
}
