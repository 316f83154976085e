import leven from 'leven'
import { safelyDecoded, tagKey } from './address'

/** Something with an address, and its name in words. */
export type Place = { label: string; href: string; lang?: string | undefined }

/** A longer address is compared with nothing, and more letters than these are no slip of a hand. */
const LONGEST = 200
const MOST_LETTERS = 3
/** Likeness runs from 0 to 1, and below this an offer would be nonsense. */
const LEAST = 0.6

/**
 * Makes a function that finds the places whose address is most like one that is not there: by the letters of its last part, or by the
 * words in it.
 *
 * @param places the first of two that are equally like it is offered first.
 * @returns takes a path, and gives at most three places, the most like first. A place that is less than 60 % like it is left out.
 */
export function nearestIn(places: Place[]): (address: string) => Place[] {
  const names = places.map(({ href }) => nameOf(href))
  const byWord = new Map<string, number[]>()
  for (const [at, name] of names.entries())
    for (const word of wordsOf(name)) {
      const having = byWord.get(word)
      if (having) having.push(at)
      else byWord.set(word, [at])
    }
  return (address) => {
    const name = address.length > LONGEST ? '' : nameOf(address)
    if (!name) return []
    const words = wordsOf(name)
    const letters = words.reduce((sum, word) => sum + word.length, 0)
    /** How much of the words asked for each place has. */
    const shared = new Float32Array(places.length)
    for (const word of words)
      for (const at of byWord.get(word) ?? []) shared[at] = (shared[at] ?? 0) + word.length / letters
    const found = names.flatMap((other, at) => {
      const likeness = Math.max(shared[at] ?? 0, likenessOf(name, other))
      return likeness >= LEAST ? [{ at, likeness }] : []
    })
    return found
      .sort((a, b) => b.likeness - a.likeness)
      .slice(0, 3)
      .flatMap(({ at }) => places[at] ?? [])
  }
}

/** The last part of an address as names are compared, without the ending of a file: `/2024/05/Spring_Cleaning.html` is `spring-cleaning`. */
function nameOf(address: string): string {
  const last = address.replace(/\/+$/, '').split('/').at(-1) ?? ''
  return tagKey(safelyDecoded(last).replace(/\.\w{1,5}$/, ''))
}

/** The different words of a name that say what it is about: those of four letters or more, and no numbers. */
const wordsOf = (name: string) => [...new Set(name.split('-'))].filter((word) => word.length > 3 && !/^\d+$/.test(word))

/** 1 for the same name, less for each letter that differs, and 0 when more than three or a quarter do. */
function likenessOf(a: string, b: string): number {
  const longest = Math.max(a.length, b.length)
  const most = Math.min(MOST_LETTERS, Math.ceil(longest / 4))
  if (Math.abs(a.length - b.length) > most) return 0
  const distance = leven(a, b, { maxDistance: most + 1 })
  return distance > most ? 0 : 1 - distance / longest
}
