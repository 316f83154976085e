import type { Node, Renderer } from '@takumi-rs/core'

/** The words of a card, and the language that most of them are in (BCP 47). */
export type CardWords = {
  /** The name of the site, or its host on the card of the front page. */
  site: string
  title: string
  /** What is written in the margin: by whom and when, or what kind of page it is. Each begins a line. */
  notes: string[]
  lang: string
}

/** The colours of a card, as CSS writes them. */
export type CardColours = { paper: string; ink: string; rule: string; pencil: string }

/** A font file without compression, and the letters that it has, as ranges of code points. */
export type CardFont = {
  family: string
  style: 'normal' | 'italic'
  data: Uint8Array
  ranges: [number, number][]
}

/** The sheet in pixels: a column for the title, a gap, and the margin. */
const sheet = { width: 1200, height: 630 }
const gutter = 80
const column = 664
const gap = 76
const margin = sheet.width - 2 * gutter - column - gap
/** Where the title and the notes have their place. */
const room = { top: 140, height: 424 }

/** Sizes of a title, each with the lines that it may have. */
const sizes: [number, number][] = [
  [168, 1],
  [148, 1],
  [132, 2],
  [116, 2],
  [104, 3],
  [94, 3],
  [84, 3],
  [76, 4],
  [68, 4],
  [60, 5],
  [54, 6],
  [48, 7],
  [42, 8],
]

/** Text of one language and direction, and how the renderer sets it. */
type Setting = {
  lang: string
  direction: 'ltr' | 'rtl'
  fonts: { name: string; style: string; data: Uint8Array; unicodeRange: [number, number][] }[]
}
type Block = { text: string; style: Style; height: number }

let renderer: Renderer | undefined

/** @returns the error of loading the renderer, when there is no program for this machine. */
export const rendererError = (): Promise<Error | undefined> =>
  import('@takumi-rs/core').then(
    () => undefined,
    (error) => error,
  )

/**
 * Draws a card: a galley with the title in its column, and a note in the margin behind the bracket that a hand has drawn.
 *
 * @param fonts have every letter of the words. Literata and Instrument Sans are used first, the others in their order.
 * @returns a PNG of 1200 × 630 pixels.
 * @throws when @takumi-rs/core has no program for this machine.
 */
export async function drawCard(words: CardWords, colours: CardColours, fonts: CardFont[]): Promise<Uint8Array> {
  const { Renderer } = await import('@takumi-rs/core')
  renderer ??= new Renderer()
  const direction = isRightToLeft(words.title) ? 'rtl' : 'ltr'
  const setting: Setting = {
    lang: words.lang,
    direction,
    fonts: fonts.map(({ family, style, data, ranges }) => ({ name: family, style, data, unicodeRange: ranges })),
  }
  const title = await fitTitle(renderer, words.title, setting)
  const notes = await setNotes(renderer, words.notes, colours.pencil, setting)
  const tallest = Math.max(title.height, notes.height)
  const middle = room.top + room.height / 2 - (room.height - tallest) * 0.04
  const from = sideOf(setting)
  const at = (left: number, top: number, style: Style): Style => ({ position: 'absolute', [from]: left, top, ...style })
  const whole = sheet.width - 2 * gutter
  const children = [
    textNode({ text: words.site, style: siteStyle(setting) }, setting, at(gutter, 47, { width: whole })),
    box(at(gutter, 108, { width: whole, height: 2, background: colours.rule })),
    textNode(title, setting, at(gutter, middle - title.height / 2, {})),
    ...(words.notes.length > 0
      ? [
          box(at(gutter + column + 22, middle - tallest / 2 - 8, bracket(tallest + 16, colours.pencil, direction))),
          textNode(notes, setting, at(gutter + column + gap, middle - notes.height / 2, {})),
        ]
      : []),
  ]
  const style: Style = { ...sheet, position: 'relative', background: colours.paper, color: colours.ink }
  return renderer.render(
    { type: 'container', style, children },
    { ...sheet, lang: setting.lang, fonts: setting.fonts, format: 'png' },
  )
}

type Style = NonNullable<Node['style']>
const box = (style: Style): Node => ({ type: 'container', style })
const textNode = ({ text, style }: Omit<Block, 'height'>, { direction }: Setting, place: Style): Node => ({
  type: 'text',
  text: breakable(text),
  dir: direction,
  style: { ...style, ...place },
})

/** Where lines begin. */
const sideOf = ({ direction }: Setting) => (direction === 'rtl' ? 'right' : 'left')

const siteStyle = (setting: Setting): Style => ({
  fontFamily: 'Instrument Sans, Literata',
  fontSize: 36,
  fontWeight: 600,
  lineHeight: 1.3,
  textAlign: sideOf(setting),
  whiteSpace: 'nowrap',
  overflow: 'hidden',
  textOverflow: 'ellipsis',
})

/** Accents and vowel signs of other scripts need more space between lines. They have no italics, and some have no space between letters. */
const western = /^[\p{Script=Latin}\p{Script=Greek}\p{Script=Cyrillic}\P{L}]*$/u

/** The largest size at which a title fits without a broken word. At the smallest, long words break, and the end of what does not fit is left out. */
async function fitTitle(renderer: Renderer, text: string, setting: Setting): Promise<Block> {
  const isWestern = western.test(text)
  const leading = isWestern ? 1.1 : 1.3
  const styleOf = (size: number): Style => ({
    width: column,
    fontFamily: 'Literata',
    fontSize: size,
    fontWeight: 600,
    lineHeight: leading,
    letterSpacing: isWestern ? '-0.015em' : '0',
    textAlign: sideOf(setting),
    textWrap: 'balance',
  })
  // The first size that fits is found by halves.
  let fitting: Block | undefined
  let [first, end] = [0, sizes.length]
  while (first < end) {
    const at = (first + end) >> 1
    const [size, most] = sizes[at] as [number, number]
    const { height, lines, isWide } = await measure(renderer, { text, style: styleOf(size) }, setting)
    const fits = !isWide && lines <= most && height <= room.height
    if (fits) {
      fitting = { text, style: styleOf(size), height }
      end = at
    } else first = at + 1
  }
  if (fitting) return fitting
  const [size] = sizes.at(-1) as [number, number]
  const style: Style = {
    ...styleOf(size),
    overflowWrap: 'anywhere',
    lineClamp: Math.floor(room.height / (size * leading)),
    textOverflow: 'ellipsis',
  }
  return { text, style, height: (await measure(renderer, { text, style }, setting)).height }
}

async function setNotes(renderer: Renderer, notes: string[], color: string, setting: Setting): Promise<Block> {
  const text = notes.join('\n')
  const style: Style = {
    width: margin,
    fontFamily: 'Literata',
    fontStyle: western.test(text) ? 'italic' : 'normal',
    fontSize: 34,
    lineHeight: 1.3,
    color,
    textAlign: sideOf(setting),
    whiteSpace: 'pre-line',
    overflowWrap: 'anywhere',
    lineClamp: 8,
    textOverflow: 'ellipsis',
  }
  return { text, style, height: text ? (await measure(renderer, { text, style }, setting)).height : 0 }
}

/** @returns the height of a text in pixels, its lines, and whether a word is wider than its lines. */
async function measure(renderer: Renderer, block: Omit<Block, 'height'>, setting: Setting) {
  const root = {
    type: 'container' as const,
    style: { width: sheet.width, display: 'flex' as const, alignItems: 'flex-start' as const },
    children: [textNode(block, setting, {})],
  }
  const measured = await renderer.measure(root, { ...sheet, lang: setting.lang, fonts: setting.fonts })
  const { height, runs } = measured.children[0] ?? measured
  const { width, fontSize, lineHeight } = block.style as { width: number; fontSize: number; lineHeight: number }
  // The space at the end of a line may stand outside.
  const isWide = runs.some(
    (run) => run.text.trim() !== '' && run.width > width + fontSize * (/\s$/.test(run.text) ? 0.3 : 0.02),
  )
  return { height, lines: Math.round(height / (fontSize * lineHeight)), isWide }
}

/** The bracket, as a shape through which the pencil's colour is seen. */
function bracket(height: number, colour: string, direction: Setting['direction']): Style {
  const middle = height / 2
  const path = [
    `M7 4C16 1 22 5 22 14C24 ${height * 0.3} 20 ${height * 0.42} 21 ${middle - 14}C21 ${middle - 5} 26 ${middle - 1} 35 ${middle + 1}`,
    `C26 ${middle + 3} 21 ${middle + 8} 21.500 ${middle + 18}C23 ${height * 0.66} 19 ${height * 0.8} 21 ${height - 18}C21 ${height - 7} 15 ${height - 3} 6 ${height - 4}`,
  ].join('')
  const mirrored = direction === 'rtl' ? 'transform="matrix(-1 0 0 1 40 0)"' : ''
  const drawing = `<svg xmlns="http://www.w3.org/2000/svg" width="40" height="${height}" viewBox="0 0 40 ${height}"><path ${mirrored} d="${path}" fill="none" stroke="#000" stroke-width="3.500" stroke-linecap="round" stroke-linejoin="round"/></svg>`
  return {
    width: 40,
    height,
    background: colour,
    maskImage: `url(data:image/svg+xml;base64,${Buffer.from(drawing).toString('base64')})`,
    maskSize: '100% 100%',
  }
}

/** Whether the first letter of a text belongs to a script that is written from right to left. */
const isRightToLeft = (text: string) =>
  /^\P{L}*[\p{Script=Arabic}\p{Script=Hebrew}\p{Script=Syriac}\p{Script=Thaana}\p{Script=Nko}]/u.test(text)

/** These scripts have no spaces between words. The places where a line may break are marked, since the renderer has no dictionaries. */
const withoutSpaces = /[\p{Script=Thai}\p{Script=Lao}\p{Script=Khmer}\p{Script=Myanmar}]/u

const breakable = (text: string) =>
  withoutSpaces.test(text)
    ? [...new Intl.Segmenter('th', { granularity: 'word' }).segment(text)].map(({ segment }) => segment).join('\u200b')
    : text
