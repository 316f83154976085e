/** Scripts with a font package of their own, `@fontsource-variable/noto-sans-<script>`. */
const scripts = [
  'Arabic',
  'Hebrew',
  'Thai',
  'Devanagari',
  'Bengali',
  'Tamil',
  'Telugu',
  'Georgian',
  'Armenian',
  'Khmer',
  'Lao',
  'Ethiopic',
]

/** @returns a package that has letters like these, or undefined. Han letters look otherwise in Japan, China and Korea: `lang` decides. */
export function packageFor(letters: string, lang: string): string | undefined {
  const is = (script: string) => new RegExp(`\\p{Script=${script}}`, 'u').test(letters)
  const serif = (place: string) => `@fontsource-variable/noto-serif-${place}`
  if (is('Hiragana') || is('Katakana')) return serif('jp')
  if (is('Hangul')) return serif('kr')
  if (is('Han')) {
    const { language, script, region = '' } = new Intl.Locale(lang).maximize()
    if (language === 'zh') return serif(script === 'Hant' || ['HK', 'MO', 'TW'].includes(region) ? 'tc' : 'sc')
    return serif(language === 'ko' ? 'kr' : 'jp')
  }
  const script = scripts.find(is)
  return script && `@fontsource-variable/noto-sans-${script.toLowerCase()}`
}

const emoji = /[\p{Extended_Pictographic}\p{Regional_Indicator}\p{Emoji_Modifier}]|\u20e3/u

/** Whether a letter is an emoji, or a part of one. */
export const isEmoji = (letter: string) => emoji.test(letter)

/**
 * Takes emoji out of a text; the digit in a keycap stays.
 *
 * @param missing the emoji, and parts of them, that go.
 */
export function withoutEmoji(text: string, missing: string[]): string {
  const gone = new Set(missing.filter(isEmoji))
  if (gone.size === 0) return text
  const kept = [...new Intl.Segmenter().segment(text)].map(({ segment }) =>
    [...segment].some((letter) => gone.has(letter)) ? segment.replace(/[^\p{L}\p{N}]/gu, '') : segment,
  )
  return kept.join('').replace(/ +/g, ' ').trim()
}
