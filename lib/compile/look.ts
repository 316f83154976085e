import { formatHex, toGamut, wcagContrast } from 'culori'
import type { Look } from '../site/look'

/** The names of the colours, without the `--color-` that they have in app/theme.css. */
export const colourNames = ['paper', 'panel', 'ink', 'soft', 'rule', 'pencil', 'wash'] as const
export type ColourName = (typeof colourNames)[number]

/** A colour by day and by night, each as `#rrggbb`. */
export type Pair = { light: string; dark: string }

/** Lightness from 0 to 1, chroma, and hue in degrees: OKLCH (CSS Color 4 §9). */
type Lch = [number, number, number]

/** The paper, and the panel that code and alerts are set on. */
const papers: Record<Look['paper'], Record<'light' | 'dark', { paper: Lch; panel: Lch; hue: number }>> = {
  white: {
    light: { paper: [0.995, 0.001, 250], panel: [0.968, 0.004, 250], hue: 260 },
    dark: { paper: [0.19, 0.006, 260], panel: [0.235, 0.008, 260], hue: 90 },
  },
  cream: {
    light: { paper: [0.984, 0.012, 88], panel: [0.955, 0.017, 86], hue: 65 },
    dark: { paper: [0.19, 0.008, 75], panel: [0.235, 0.011, 75], hue: 85 },
  },
  grey: {
    light: { paper: [0.958, 0.003, 260], panel: [0.926, 0.005, 260], hue: 260 },
    dark: { paper: [0.225, 0.004, 260], panel: [0.272, 0.006, 260], hue: 90 },
  },
}

/** Where each colour begins, and the contrast on paper that it has at least (WCAG 2.2 §1.4.3 asks for 4.5). */
const starts = {
  light: { ink: [0.23, 0.012, 15], soft: [0.46, 0.012, 6.5], pencil: [0.5, 0.13, 5] },
  dark: { ink: [0.925, 0.008, 14], soft: [0.775, 0.012, 9], pencil: [0.77, 0.115, 7.5] },
} as const

/** On the panel, and on a marked line, text has a lighter or darker ground than paper. */
const LEAST = 4.5

/**
 * The colours of a look. Whatever is chosen, text can be read on each ground: a colour that is too like its ground is made darker by
 * day and lighter by night, and a colour that screens cannot show (outside sRGB) loses chroma.
 */
export function coloursOfLook(look: Look): Record<ColourName, Pair> {
  const [light, dark] = [schemeOf(look, 'light'), schemeOf(look, 'dark')]
  return Object.fromEntries(colourNames.map((name) => [name, { light: light[name], dark: dark[name] }])) as Record<
    ColourName,
    Pair
  >
}

function schemeOf({ hue, paper: kind }: Look, scheme: 'light' | 'dark'): Record<ColourName, string> {
  const { paper: paperColour, panel: panelColour, hue: warmth } = papers[kind][scheme]
  const [paper, panel] = [hexOf(paperColour), hexOf(panelColour)]
  const wash = hexOf(scheme === 'light' ? [0.94, 0.03, hue] : [0.3, 0.045, hue])
  const rule = hexOf(
    scheme === 'light' ? [paperColour[0] - 0.125, 0.006, warmth] : [paperColour[0] + 0.17, 0.01, warmth],
  )
  const step = scheme === 'light' ? -0.005 : 0.005
  const readable = ([lightness, chroma, least]: readonly [number, number, number], of: number) => {
    for (let at = lightness; at > 0 && at < 1; at += step) {
      const colour = hexOf([at, chroma, of])
      if (
        wcagContrast(colour, paper) >= least &&
        [panel, wash].every((ground) => wcagContrast(colour, ground) >= LEAST)
      )
        return colour
    }
    return scheme === 'light' ? '#000000' : '#ffffff'
  }
  const { ink, soft, pencil } = starts[scheme]
  return {
    paper,
    panel,
    rule,
    wash,
    ink: readable(ink, warmth),
    soft: readable(soft, warmth),
    pencil: readable(pencil, hue),
  }
}

/** Less chroma where a screen cannot show the colour (CSS Color 4 §13.2). */
const intoSrgb = toGamut('rgb', 'oklch')

const hexOf = ([l, c, h]: Lch): string => formatHex(intoSrgb({ mode: 'oklch', l, c, h }))

/** The style sheet that app/globals.css imports: each colour as a variable of its name. */
export function sheetOfLook(look: Look): string {
  const lines = Object.entries(coloursOfLook(look)).map(
    ([name, { light, dark }]) => `  --look-${name}: light-dark(${light}, ${dark});`,
  )
  return `:root {\n${lines.join('\n')}\n}\n`
}
