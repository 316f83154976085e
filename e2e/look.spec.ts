/** The colours that are made of `look` in site.config.ts. */
import { expect, test } from '@playwright/test'
import { wcagContrast } from 'culori'
import { checkSite } from '../lib/compile/check-site'
import { type ColourName, coloursOfLook, sheetOfLook } from '../lib/compile/look'
import type { Look } from '../lib/site/look'
import { site } from './site.config'

const papers = ['white', 'cream', 'grey'] as const
const schemes = ['light', 'dark'] as const

/** The contrast on paper that each colour of text has at least. WCAG 2.2 asks for 4.5. */
const least: { [scheme in (typeof schemes)[number]]: { [name in ColourName]?: number } } = {
  light: { ink: 15, soft: 6.5, pencil: 5 },
  dark: { ink: 14, soft: 9, pencil: 7.5 },
}

test('whatever hue and paper are chosen, text can be read on paper, on a panel and on a marked line', () => {
  let compared = 0
  const tooAlike: string[] = []
  for (const paper of papers) {
    for (let hue = 0; hue < 360; hue++) {
      const look: Look = { hue, paper }
      const colours = coloursOfLook(look)
      for (const scheme of schemes) {
        for (const [name, most] of Object.entries(least[scheme]) as [ColourName, number][]) {
          for (const ground of ['paper', 'panel', 'wash'] as const) {
            compared++
            const contrast = wcagContrast(colours[name][scheme], colours[ground][scheme])
            if (contrast < (ground === 'paper' ? most : 4.5))
              tooAlike.push(`${paper} ${hue} ${scheme}: ${name} on ${ground} has ${contrast.toFixed(2)}`)
          }
        }
      }
    }
  }
  expect(tooAlike).toEqual([])
  expect(compared).toBe(papers.length * 360 * 2 * 3 * 3)
})

test('the pencil has the hue that is asked for, and no other colour moves with it', () => {
  const [red, blue] = [coloursOfLook({ hue: 25, paper: 'white' }), coloursOfLook({ hue: 250, paper: 'white' })]
  const channels = (hex: string) => [1, 3, 5].map((at) => Number.parseInt(hex.slice(at, at + 2), 16))
  const [r = 0, , b = 0] = channels(red.pencil.light)
  const [r2 = 0, , b2 = 0] = channels(blue.pencil.light)
  expect(r).toBeGreaterThan(b)
  expect(b2).toBeGreaterThan(r2)
  for (const name of ['paper', 'panel', 'ink', 'soft', 'rule'] as const) expect(red[name]).toEqual(blue[name])
})

test('a hue or a paper that there is not is named with what to write', () => {
  const said = (look: unknown) =>
    checkSite({ ...site, look }, 'e2e/site.config.ts').problems.map(({ message }) => message)
  expect(said({ hue: 250, paper: 'white' })).toEqual([])
  expect(said({ hue: 360, paper: 'pink' })).toEqual([
    '"look.hue" is no hue: 360. Write degrees from 0 to 359: 25 is red, 145 green, 250 blue.',
    expect.stringContaining('"look.paper" is none of its values: "pink". Write \'white\' or'),
  ])
  expect(said(undefined)).toEqual([expect.stringContaining('"look" is missing its settings')])
})

test('the style sheet of a look has each colour once, and is the same for the same look', () => {
  const sheet = sheetOfLook(site.look)
  expect(sheet.match(/--look-\w+/g)).toHaveLength(7)
  expect(sheet).toBe(sheetOfLook({ ...site.look }))
})
