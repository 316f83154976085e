import { sections } from '../site/sections.mjs'

const { drafts, signIn, media, video, search } = sections

// The two inline scripts of our own pages. Any other inline script on a page is the owner's.

/** Runs before the first paint, and sets the theme that the reader has chosen before. */
export const themeScript =
  "try{let t=localStorage.getItem('theme');if(t=='light'||t=='dark')document.documentElement.dataset.theme=t}catch{}"

/** Links to other pages of the site: a browser fetches a page when its link is seen, and renders it when the pointer is on the link. */
const NEXT_PAGES = {
  and: [
    { href_matches: '/*' },
    { not: { href_matches: [`${drafts}*`, `${signIn}*`, `${search}*`, '/api/*', `${media}/*`, `${video}/*`, '/*.*'] } },
    { not: { selector_matches: '[download], [target], [rel~="external"], [href^="#"]' } },
  ],
}

/** The text of `<script type="speculationrules">` in a light page. */
export const SPECULATION = JSON.stringify({
  prefetch: [{ where: NEXT_PAGES, eagerness: 'eager' }],
  prerender: [{ where: NEXT_PAGES, eagerness: 'moderate' }],
})
