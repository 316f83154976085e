import { sections } from '../site/sections.mjs'

const { drafts, signIn, media, video, search } = sections

// The inline scripts of our own pages. Any other inline script on a page is the owner's.

/**
 * Runs before the first paint, and sets the theme that the reader has chosen before. Of the two colours for the browser's own bars
 * (`theme-color`, the light one first), the one of that theme then holds whatever the system has.
 */
export const themeScript =
  "try{let t=localStorage.getItem('theme');if(t=='light'||t=='dark'){document.documentElement.dataset.theme=t;document.querySelectorAll('[name=theme-color]').forEach((m,i)=>m.media=i^t=='dark'?'not all':'all')}}catch{}"

/** Links to other pages of the site: a browser fetches a page when its link is seen, and renders it when the pointer is on the link. */
const NEXT_PAGES = {
  and: [
    { href_matches: '/*' },
    { not: { href_matches: [`${drafts}*`, `${signIn}*`, `${search}*`, '/api/*', `${media}/*`, `${video}/*`, '/*.*'] } },
    { not: { selector_matches: '[download], [target], [rel~="external"], [href^="#"]' } },
  ],
}

const prefetch = [{ where: NEXT_PAGES, eagerness: 'eager' }]

/** The text of `<script type="speculationrules">` in a light page. */
export const SPECULATION = JSON.stringify({ prefetch, prerender: [{ where: NEXT_PAGES, eagerness: 'moderate' }] })

/** The same in a site that counts visits: a page is not rendered before it is visited, since a counter in it would count that. */
export const PREFETCH = JSON.stringify({ prefetch })
