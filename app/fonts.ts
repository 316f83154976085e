import localFont from 'next/font/local'

/** Literata for reading, Instrument Sans for the furniture, JetBrains Mono for code: Latin, then the rest of Latin when a page has it. */
const serif = localFont({
  src: [
    {
      path: '../node_modules/@fontsource-variable/literata/files/literata-latin-wght-normal.woff2',
      weight: '200 900',
      style: 'normal',
    },
  ],
  variable: '--font-literata',
  adjustFontFallback: 'Times New Roman',
})
const serifItalic = localFont({
  src: [
    {
      path: '../node_modules/@fontsource-variable/literata/files/literata-latin-wght-italic.woff2',
      weight: '200 900',
      style: 'italic',
    },
  ],
  variable: '--font-literata-italic',
  preload: false,
  adjustFontFallback: 'Times New Roman',
})
const sans = localFont({
  src: '../node_modules/@fontsource-variable/instrument-sans/files/instrument-sans-latin-wght-normal.woff2',
  weight: '400 700',
  variable: '--font-instrument',
  adjustFontFallback: 'Arial',
})
const mono = localFont({
  src: '../node_modules/@fontsource-variable/jetbrains-mono/files/jetbrains-mono-latin-wght-normal.woff2',
  weight: '100 800',
  variable: '--font-jetbrains',
  preload: false,
  adjustFontFallback: false,
})

const serifMore = localFont({
  src: '../node_modules/@fontsource-variable/literata/files/literata-latin-ext-wght-normal.woff2',
  weight: '200 900',
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

/** The class that brings the font variables. */
export const fonts = [serif, serifItalic, sans, mono, serifMore].map((font) => font.variable).join(' ')
