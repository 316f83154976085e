/** What an owner chooses of the look, in `site.config.ts`. */
export type Look = {
  /** The hue of the pencil, in degrees of OKLCH: 25 is red, 145 green, 250 blue. */
  hue: number
  paper: 'white' | 'cream' | 'grey'
}
