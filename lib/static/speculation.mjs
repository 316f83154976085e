import { sections } from '../site/sections.mjs'

const { drafts, signIn, media, video } = sections

/** Pages of the site that are read next: fetched when their link is seen, made ready when it is pointed at or touched. */
const NEXT_PAGES = {
  and: [
    { href_matches: '/*' },
    { not: { href_matches: [`${drafts}*`, `${signIn}*`, '/api/*', `${media}/*`, `${video}/*`, '/*.*'] } },
    { not: { selector_matches: '[download], [target], [rel~="external"], [href^="#"]' } },
  ],
}

/** The text of `<script type="speculationrules">` in a light page. */
export const SPECULATION = JSON.stringify({
  prefetch: [{ where: NEXT_PAGES, eagerness: 'eager' }],
  prerender: [{ where: NEXT_PAGES, eagerness: 'moderate' }],
})
