import localFont from 'next/font/local'

/**
 * Literata for text, Instrument Sans for the furniture, JetBrains Mono for code (scripts/fonts.mjs). A stand-in of the same widths
 * (app/globals.css) is shown until each has loaded. Text and furniture are preloaded, since every page has both. `serifMore` has the
 * rarer Latin letters; like the italics it is loaded only by pages that use it.
 */
const serif = localFont({
  src: [{ path: './fonts/literata-latin-normal.woff2', weight: '400 700', style: 'normal' }],
  variable: '--font-literata',
  adjustFontFallback: false,
})
const serifItalic = localFont({
  src: [
    { path: './fonts/literata-latin-italic.woff2', weight: '400', style: 'italic' },
    { path: './fonts/literata-latin-bold-italic.woff2', weight: '700', style: 'italic' },
  ],
  variable: '--font-literata-italic',
  preload: false,
  adjustFontFallback: false,
})
const sans = localFont({
  src: './fonts/instrument-sans-latin-normal.woff2',
  weight: '400 600',
  variable: '--font-instrument',
  adjustFontFallback: 'Arial',
})
const mono = localFont({
  src: './fonts/jetbrains-mono-latin-normal.woff2',
  weight: '400 700',
  variable: '--font-jetbrains',
  preload: false,
  adjustFontFallback: false,
})

const serifMore = localFont({
  src: './fonts/literata-latin-ext-normal.woff2',
  weight: '400 700',
  variable: '--font-literata-more',
  preload: false,
  adjustFontFallback: false,
  declarations: [
    {
      prop: 'unicode-range',
      value:
        'U+0100-02BA, U+02BD-02C5, U+02C7-02CC, U+02CE-02D7, U+02DD-02FF, U+0304, U+0308, U+0329, U+1D00-1DBF, U+1E00-1E9F, U+1EF2-1EFF, U+2020, U+20A0-20AB, U+20AD-20C0, U+2113, U+2C60-2C7F, U+A720-A7FF',
    },
  ],
})

/** The classes that define the CSS variables of the fonts. */
export const fonts = [serif, serifItalic, sans, mono, serifMore].map((font) => font.variable).join(' ')
