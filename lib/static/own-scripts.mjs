// The inline scripts that pages of ours have: their policies allow these by hash, and any other is the owner's.

/** Runs before anything is painted: sets the theme that the reader has chosen, if there is one. */
export const themeScript =
  "try{let t=localStorage.getItem('theme');if(t=='light'||t=='dark')document.documentElement.dataset.theme=t}catch{}"

/** Pages of the site that are read next: fetched when their link is seen, made ready when it is pointed at or touched. */
const NEXT_PAGES = {
  and: [
    { href_matches: '/*' },
    { not: { href_matches: ['/drafts*', '/sign-in*', '/api/*', '/media/*', '/video/*', '/*.*'] } },
    { not: { selector_matches: '[download], [target], [rel~="external"], [href^="#"]' } },
  ],
}

/** The text of `<script type="speculationrules">` in a light page. */
export const SPECULATION = JSON.stringify({
  prefetch: [{ where: NEXT_PAGES, eagerness: 'eager' }],
  prerender: [{ where: NEXT_PAGES, eagerness: 'moderate' }],
})
