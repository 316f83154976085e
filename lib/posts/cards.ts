import 'server-only'
import {
  authorAddress,
  cardAddress,
  categoryAddress,
  decode,
  encodePath,
  postAddress,
  seriesAddress,
  tagAddress,
} from '../site/address'
import { sections } from '../site/sections.mjs'
import type { Manifest } from '../store/manifest'
import { cardFile } from '../store/paths'
import { readManifest } from '../store/read'
import { getAllSeries, getAuthors, getCategories, getSlugs, getTags } from './published'

/** A card as a page names it: its address from the root, its size in pixels, and the words on it. */
export type Card = { src: string; width: number; height: number; alt: string }

let cards: { of: Manifest; byAddress: Map<string, Manifest['cards'][string]> } | undefined

/** The cards of public pages, by their own address. The open door is asked which pages these are, whatever the store has. */
function allCards() {
  const of = readManifest()
  if (cards?.of !== of) {
    const pages = [
      '/',
      ...getSlugs().map(postAddress),
      ...getCategories().map(({ name }) => categoryAddress(name)),
      ...getTags().map(({ key }) => tagAddress(key)),
      ...getAllSeries().map(({ key }) => seriesAddress(key)),
      ...getAuthors().map(({ slug }) => authorAddress(slug)),
    ]
    const byAddress: NonNullable<typeof cards>['byAddress'] = new Map()
    for (const page of pages) {
      const card = of.cards[page]
      if (card) byAddress.set(cardAddress(page), card)
    }
    cards = { of, byAddress }
  }
  return cards.byAddress
}

/** The path of each card below /og, as its decoded parts: `blog`, `a.png`. */
export const getCards = (): string[][] =>
  [...allCards().keys()].map((address) =>
    address
      .slice(sections.cards.length + 1)
      .split('/')
      .map(decode),
  )

/** @returns the absolute path of a card's file, by its decoded parts below /og. */
export function getCard(path: string[]): string | undefined {
  const card = allCards().get(`${sections.cards}/${encodePath(path.join('/'))}`)
  return card && cardFile(card.file)
}

/**
 * The picture that other sites show beside a link to a page. A page without a card of its own, such as a list, has that of the front page.
 * A post with a cover has no card of its own, since its cover is shown.
 *
 * @param page its address from the root, encoded: `/blog/a`. Later pages of a list have the card of the first.
 * @returns undefined while `npm run dev` serves, and where no card could be made.
 */
export function cardOf(page: string): Card | undefined {
  const first = page.replace(/\/page\/\d+$/, '')
  for (const src of [cardAddress(first), cardAddress('/')]) {
    const card = allCards().get(src)
    if (card) return { src, width: 1200, height: 630, alt: card.alt }
  }
  return undefined
}
