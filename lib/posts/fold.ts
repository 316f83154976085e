/** Letters that Unicode does not decompose, as readers type them. */
const PLAIN: Record<string, string> = {
  ß: 'ss',
  æ: 'ae',
  œ: 'oe',
  ø: 'o',
  ł: 'l',
  đ: 'd',
  ð: 'd',
  þ: 'th',
  ı: 'i',
  ς: 'σ',
}

const isAscii = (text: string) => /^[\n\r\t -~]*$/.test(text)

/**
 * A text as it is compared: Unicode's compatibility forms (NFKC), small letters, without the accents of Latin, Greek and Cyrillic.
 * Marks of other scripts are letters of their words, and stay.
 */
export function folded(text: string): string {
  // Most texts are ASCII, for which there is nothing else to do.
  if (isAscii(text)) return text.toLowerCase()
  return text
    .normalize('NFKC')
    .toLowerCase()
    .normalize('NFD')
    .replace(/[\u0300-\u036f]/g, '')
    .replace(/[ßæœøłđðþıς]/g, (letter) => PLAIN[letter] ?? letter)
    .normalize('NFC')
}

/** Scripts that write no spaces between words. */
const SCRIPTS = ['Han', 'Hiragana', 'Katakana', 'Thai', 'Lao', 'Khmer', 'Myanmar']
const unspaced = SCRIPTS.map((name) => `\\p{scx=${name}}`).join('')
const UNSPACED = new RegExp(`[${unspaced}]`, 'u')
const isLetter = /[\p{L}\p{N}\p{M}]/u
/** Letters and digits without a space between them, of a script without spaces or of the others. */
const RUNS = new RegExp(`[${unspaced}]+|(?:(?![${unspaced}])[\\p{L}\\p{N}\\p{M}])+`, 'gu')

/** Whether a text is of a script that writes no spaces. */
export const isUnspaced = (text: string) => UNSPACED.test(text)

/**
 * The keys under which a folded text is kept in an index: each word; in a script without spaces each pair of neighbouring letters, since
 * it takes a dictionary to know the words.
 */
export function keysOf(text: string): string[] {
  const keys: string[] = []
  for (const run of text.match(RUNS) ?? []) {
    if (!UNSPACED.test(run)) keys.push(run)
    else for (let at = 0; at < run.length; at++) keys.push(run.slice(at, at + 2))
  }
  return keys
}

const segmenters = new Map<string, Intl.Segmenter>()
/** A segmenter takes milliseconds to make, so each is made once. */
function segmenterOf(language: string, granularity: 'word' | 'grapheme'): Intl.Segmenter {
  const key = `${granularity} ${language}`
  const segmenter = segmenters.get(key) ?? new Intl.Segmenter(language, { granularity })
  segmenters.set(key, segmenter)
  return segmenter
}

/**
 * The words of a query, folded and each once. Words between spaces are taken as they are typed (`c++`, `node.js`), without punctuation
 * around them; a text of a script without spaces is cut by Intl.Segmenter.
 *
 * @param language BCP 47; decides how the segmenter cuts.
 */
export function wordsOf(query: string, language: string): string[] {
  const words = folded(query)
    .split(/\s+/)
    .flatMap((word) =>
      UNSPACED.test(word)
        ? [...segmenterOf(language, 'word').segment(word)]
            .filter(({ isWordLike }) => isWordLike)
            .map(({ segment }) => segment)
        : word.replace(/^[^\p{L}\p{N}\p{M}.]+|[^\p{L}\p{N}\p{M}+#]+$/gu, ''),
    )
  return [...new Set(words.filter((word) => isLetter.test(word)))]
}

/**
 * Where a word begins in a text, both folded: at the beginning of a word; anywhere in a script without spaces.
 *
 * @returns the first place, or -1, and whether the text has the word whole there.
 */
export function placeOfWord(text: string, word: string, from = 0): { at: number; isWhole: boolean } {
  const isAnywhere = UNSPACED.test(word)
  for (let at = text.indexOf(word, from); at >= 0; at = text.indexOf(word, at + 1)) {
    if (!isAnywhere && at > 0 && isLetter.test(text.charAt(at - 1))) continue
    const after = text.charAt(at + word.length)
    return { at, isWhole: isAnywhere || after === '' || !isLetter.test(after) }
  }
  return { at: -1, isWhole: false }
}

/** A part of a text; `mark` is a word that was asked for. */
export type Piece = string | { mark: string }

/** A text in pieces, with every place of the words marked. */
export function marked(text: string, words: string[], language: string): Piece[] {
  const shown = text.normalize('NFC')
  const { plain, starts } = isAscii(shown) ? { plain: shown.toLowerCase() } : foldedWithStarts(shown, language)
  const spans: [number, number][] = []
  for (const word of words) {
    for (let { at } = placeOfWord(plain, word); at >= 0; at = placeOfWord(plain, word, at + word.length).at) {
      let end = at + word.length
      while (starts && end < starts.length && starts[end] === starts[end - 1]) end++
      spans.push(starts ? [starts[at] ?? shown.length, starts[end] ?? shown.length] : [at, end])
    }
  }
  spans.sort(([a], [b]) => a - b)
  const pieces: Piece[] = []
  let done = 0
  for (const [from, to] of spans) {
    if (to <= done) continue
    const start = Math.max(from, done)
    if (start > done) pieces.push(shown.slice(done, start))
    pieces.push({ mark: shown.slice(start, to) })
    done = to
  }
  if (done < shown.length) pieces.push(shown.slice(done))
  return pieces
}

/** A folded letter may have another length than the letter itself, so `starts` says for each where its letter begins. */
function foldedWithStarts(text: string, language: string) {
  const starts: number[] = []
  let plain = ''
  for (const { segment, index } of segmenterOf(language, 'grapheme').segment(text)) {
    const letter = folded(segment)
    for (let at = 0; at < letter.length; at++) starts.push(index)
    plain += letter
  }
  return { plain, starts }
}
