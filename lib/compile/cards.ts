import { createHash } from 'node:crypto'
import { existsSync } from 'node:fs'
import { readdir, readFile } from 'node:fs/promises'
import path from 'node:path'
import postcss from 'postcss'
import { site } from '@/site.config'
import type { Manifest } from '../store/manifest'
import { cardFile } from '../store/paths'
import type { Problem } from '../store/types'
import { replaceFile } from '../store/write'
import { type CardColours, drawCard, rendererError } from './card'
import { type Fonts, fontsFor, fontVersions, NoFont, readFonts } from './card-fonts'
import { type CardPage, cardPages, type Said } from './card-pages'
import { placeOfSetting } from './check-site'
import type { Document } from './documents'
import { forEach } from './for-each'
import { type ColourName, coloursOfLook, type Pair } from './look'
import { isEmoji, packageFor, withoutEmoji } from './missing-letters'

/** The cards of a compilation, the names of their files in the store's `cards`, and what is wrong. */
export type Cards = { cards: Manifest['cards']; kept: Set<string>; problems: Problem[] }

/** What a compilation for a writer has. */
export const noCards: Cards = { cards: {}, kept: new Set(), problems: [] }

/**
 * Makes the cards of public pages, unless the store has them. A card is named by what went into it: its words, colours and fonts, and the
 * code that draws it.
 *
 * No card has a box in place of a letter. A page with a letter that no font has gets no card, and a problem names the letter and its
 * place. The store keeps that answer too, in a file of the same name that ends in `.json`.
 *
 * @param now decides what is published.
 * @param packages with further fonts.
 */
export async function makeCards(
  manifest: Manifest,
  documents: Document[],
  now: Date,
  packages = site.cards.fonts,
): Promise<Cards> {
  const made: Cards = { cards: {}, kept: new Set(), problems: [] }
  const look = await lookOf(packages)
  if ('problem' in look) return { ...made, problems: [look.problem] }
  const folder = path.dirname(cardFile('x'))
  const there = new Set(existsSync(folder) ? await readdir(folder) : [])
  const problems = new Map<string, Problem>()
  let fonts: Fonts | undefined
  let error: Error | undefined
  let left = 0

  const take = ({ page, words }: CardPage, key: string) => {
    const file = `${key}.png`
    made.kept.add(file)
    made.cards[page] = { file, alt: [words.title, ...words.notes, words.site].join(', ') }
  }
  const refuse = (of: CardPage, key: string, missing: string[]) => {
    made.kept.add(`${key}.json`)
    for (const problem of problemsOf(of, missing, packages)) problems.set(JSON.stringify(problem), problem)
  }
  const make = async (of: CardPage) => {
    const key = hash(JSON.stringify([of.words, look.parts]))
    if (there.has(`${key}.png`)) return take(of, key)
    if (there.has(`${key}.json`)) return refuse(of, key, JSON.parse(await readFile(cardFile(`${key}.json`), 'utf8')))
    error ??= await rendererError()
    if (error) {
      left += 1
      return
    }
    fonts ??= readFonts(packages)
    const { site: owner, title, notes } = of.words
    const { fonts: needed, missing } = await fontsFor([owner, title, ...notes, '…'].join(' '), fonts)
    const plain = (text: string) => withoutEmoji(text, missing)
    const words = { ...of.words, site: plain(owner), title: plain(title), notes: notes.map(plain).filter(Boolean) }
    const letters = missing.filter((letter) => !isEmoji(letter))
    if (letters.length > 0 || words.title === '') {
      await replaceFile(cardFile(`${key}.json`), JSON.stringify(letters))
      return refuse(of, key, letters)
    }
    const picture = await drawCard(words, look.colours, needed).catch((error) => {
      const colours =
        'Its colours are those of app/theme.css: write each as #rrggbb, rgb(), hsl() or oklch(), or two of them in light-dark().'
      throw new Error(`The card of ${of.page} cannot be drawn: ${error.message} ${colours}`, { cause: error })
    })
    await replaceFile(cardFile(`${key}.png`), picture)
    take(of, key)
  }
  const pages = cardPages(manifest, documents, now)
  await forEach(pages, make)
  // Pages have their order whatever was made first, so that the same content gives the same manifest.
  made.cards = Object.fromEntries(pages.flatMap(({ page }) => (made.cards[page] ? [[page, made.cards[page]]] : [])))
  made.problems.push(...[...problems].sort(([one], [other]) => (one < other ? -1 : 1)).map(([, problem]) => problem))
  if (error) made.problems.push(noRenderer(error, left))
  return made
}

type Look = { colours: CardColours; parts: unknown[] }

/** Everything besides words that a card is made of. */
async function lookOf(packages: string[]): Promise<Look | { problem: Problem }> {
  const colours = coloursOf(await readFile('app/theme.css', 'utf8'), coloursOfLook(site.look))
  const code = ['card.ts', 'card-fonts.ts', 'missing-letters.ts'].map((file) => readFile(`lib/compile/${file}`, 'utf8'))
  try {
    return { colours, parts: [colours, ...fontVersions(packages), hash((await Promise.all(code)).join('\0'))] }
  } catch (error) {
    if (!(error instanceof NoFont)) throw error
    return { problem: { ...placeOfSetting(['cards']), message: error.message, severity: 'error' } }
  }
}

/**
 * The colours of the theme, by day.
 *
 * @param theme the text of app/theme.css; a colour that it lacks is black or white.
 * @param look what its variables stand for.
 */
export function coloursOf(theme: string, look: Record<ColourName, Pair>): CardColours {
  const colours: CardColours = { paper: '#fff', ink: '#000', rule: '#ccc', pencil: '#000' }
  postcss.parse(theme).walkDecls(/^--color-(paper|ink|rule|pencil)$/, ({ prop, value }) => {
    const [, inside] = /^light-dark\((.*)\)$/s.exec(value.trim()) ?? []
    const [light = value] = inside ? postcss.list.comma(inside) : []
    const name = prop.replace('--color-', '') as keyof CardColours
    colours[name] = value.trim() === `var(--look-${name})` ? look[name].light : light
  })
  return colours
}

/** What is wrong with the words of a page: one problem for each place that has letters which no font has. */
function problemsOf({ said, words }: CardPage, missing: string[], packages: string[]): Problem[] {
  return said.flatMap((one) => {
    const letters = missing.filter((letter) => one.text.includes(letter)).join('')
    if (!letters) return []
    const name = packageFor(letters, words.lang)
    const list = [...packages, name ?? '@fontsource/…'].map((font) => `'${font}'`).join(', ')
    const message = `no font has ${JSON.stringify(letters)}, so there is no card with these words. Type "npm install ${name ?? '@fontsource/…'}"${name ? '' : ' with a font that has them'}, and write cards: { fonts: [${list}] } in site.config.ts.`
    return [{ ...placeOf(one), message, severity: 'warning' as const }]
  })
}

function noRenderer(error: Error, left: number): Problem {
  const message = `${left} cards are left out, and links to these pages are shown without a picture: @takumi-rs/core has no program for this machine (${process.platform} ${process.arch}). It has one for Linux, macOS and Windows on x64 and arm64; there, type "npm ci --include=optional". (${error.message.split('\n')[0]})`
  return { ...placeOfSetting(['cards']), message, severity: 'warning' }
}

/** Where words were written, as a problem names it: relative to the content folder. */
function placeOf(said: Said): Pick<Problem, 'file' | 'line'> {
  return 'file' in said ? { file: said.file, line: said.line } : placeOfSetting([said.setting])
}

const hash = (text: string) => createHash('sha256').update(text).digest('base64url').slice(0, 27)
