/** The colours of the style sheets. The owner may change them, so tests do not name them and get them from here. */
import { readFileSync } from 'node:fs'
import AxeBuilder from '@axe-core/playwright'
import type { Page } from '@playwright/test'
import { type ColourName, coloursOfLook } from '../lib/compile/look'
import type { Look } from '../lib/site/look'
import { site } from './site.config'

const [theme, article] = ['app/theme.css', 'app/article.css'].map((file) => readFileSync(file, 'utf8')) as [
  string,
  string,
]
type Pair = { name: string; light: string; dark: string }
const pairs = (css: string, pattern: string): Pair[] =>
  [...css.matchAll(new RegExp(`(${pattern}): light-dark\\((#[\\da-f]{6}), (#[\\da-f]{6})\\)`, 'gi'))].map(
    ([, name = '', light = '', dark = '']) => ({ name, light, dark }),
  )
const tones = pairs(article, '--tone')

/** Colours of text, and of the background behind it. Only colours written as `light-dark(#rrggbb, #rrggbb)` are known. */
function coloursOf(chosen: Look) {
  const look = coloursOfLook(chosen)
  /** The colours of the look, unless the owner has written others in their place. */
  const page = (...names: ColourName[]) =>
    names.flatMap((name) =>
      theme.includes(`--color-${name}: var(--look-${name})`)
        ? [{ name, ...look[name] }]
        : pairs(theme, `--color-${name}`),
    )
  const code = [...pairs(article, '\\.prose pre \\.\\w \\{\\s+color'), ...tones]
  return {
    texts: { page: page('ink', 'soft', 'pencil'), code },
    grounds: { page: page('paper', 'panel'), code: [...pairs(article, '--ground'), ...page('panel', 'wash')] },
  }
}

/** @returns the pairs that are too alike to be read (WCAG 2.2 AA asks for 4.5), with their contrast, and how many were compared. */
export function compareColours(look: Look = site.look) {
  const { texts, grounds } = coloursOf(look)
  const compared = [
    ...texts.page.flatMap((text) => grounds.page.map((ground) => [text, ground] as const)),
    ...[...texts.code, ...texts.page].flatMap((text) => grounds.code.map((ground) => [text, ground] as const)),
  ]
  const tooAlike = compared.flatMap(([text, ground]) =>
    (['light', 'dark'] as const)
      .filter((scheme) => contrast(text[scheme], ground[scheme]) < 4.5)
      .map(
        (scheme) =>
          `${scheme}: ${text.name} ${text[scheme]} on ${ground.name} ${ground[scheme]} has ${contrast(text[scheme], ground[scheme]).toFixed(1)}`,
      ),
  )
  return { count: compared.length, tooAlike }
}

/** Whether the page's own colours are known and far enough apart, so that contrast that axe misses is a fault of a component. */
function isReadable() {
  const { texts, grounds } = coloursOf(site.look)
  return texts.page.length === 3 && grounds.page.length === 2 && compareColours().tooAlike.length === 0
}

/**
 * Axe for a page. Its rule on contrast is off when the owner's colours are too alike, or are written in another way
 * than `texts` and `grounds` know. theme.spec.ts reports these colours in `npm run test:all`.
 */
export const axe = (page: Page) => new AxeBuilder({ page }).disableRules(isReadable() ? [] : ['color-contrast'])

/** @returns a colour of theme.css as the browser computes it in the light or in the dark theme: `rgb(…)`. */
export const colourOf = (page: Page, name: string, scheme: 'light' | 'dark') =>
  page.evaluate(
    ([name, scheme]) => {
      // Sets the theme on the root element, as readers do: older browsers get a light-dark() that follows only the
      // root.
      const root = document.documentElement
      const chosen = root.dataset.theme
      root.dataset.theme = scheme
      const probe = document.body.appendChild(document.createElement('i'))
      probe.style.color = `var(--color-${name})`
      const { color } = getComputedStyle(probe)
      probe.remove()
      if (chosen) root.dataset.theme = chosen
      else delete root.dataset.theme
      return color
    },
    [name, scheme] as const,
  )

/** WCAG 2.2's contrast ratio of two colours written as #rrggbb. */
function contrast(one: string, other: string) {
  const [light = 0, dark = 0] = [one, other]
    .map((hex) => {
      const [r = 0, g = 0, b = 0] = [1, 3, 5]
        .map((at) => Number.parseInt(hex.slice(at, at + 2), 16) / 255)
        .map((part) => (part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4))
      return 0.2126 * r + 0.7152 * g + 0.0722 * b
    })
    .sort((a, b) => b - a)
  return (light + 0.05) / (dark + 0.05)
}
