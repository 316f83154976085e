import { site } from '@/site.config'
import { sections } from '../site/sections.mjs'
import { barePolicy } from './policies.mjs'

const words: Record<number, { title: string; text: string }> = {
  403: {
    title: 'This form was not sent from this site.',
    text: 'Open the sign-in page and try again. If this is your site, set NEXTAUTH_URL to the address you see in the browser.',
  },
  404: { title: 'Nothing is here.', text: 'The address may be mistyped.' },
  408: { title: 'This form took too long to arrive.', text: 'Go back and send it again.' },
  413: { title: 'That is too much text for this form.', text: 'Go back and try again with less.' },
  415: { title: 'This address takes forms only.', text: 'Open the sign-in page and use the form on it.' },
  429: {
    title: 'Too many tries.',
    text: 'A browser that has signed in here before, and has not tried too often itself, is let in now, whatever others try.',
  },
  500: { title: 'Something broke on our side.', text: 'It was not your doing. Trying once more often helps.' },
  503: {
    title: 'Nobody can sign in, sign out or read drafts at the moment.',
    text: 'Too many try at once, or the server cannot reach what it keeps count with, and then it lets nobody in; its log says which. Try again in a minute.',
  },
}

const style = `:root{color-scheme:light dark;font:1.1rem/1.6 Georgia,serif}
main{max-width:34rem;margin:18vh auto 0;padding:0 1.25rem}h1{font-size:2rem;line-height:1.15;font-weight:600}small{font:.8rem ui-monospace,monospace;opacity:.75}a{color:inherit}`
const policy = barePolicy(style)

/**
 * An error page that loads nothing, for addresses that belong to no page of the site.
 *
 * @param seconds with 429, the time to wait.
 */
export function plainPage(status: number, seconds = 0): Response {
  const { html, headers } = plainDocument(status, { seconds })
  return new Response(html, { status, headers: { ...headers, ...(seconds ? { 'retry-after': String(seconds) } : {}) } })
}

/** The same page as HTML and headers. `id` is the id of the request, under which the log has the cause. */
export function plainDocument(status: number, { seconds = 0, id = '' } = {}) {
  const { title, text } = words[status] ?? { title: 'That did not work.', text: '' }
  const wait = status === 429 ? `Wait ${waiting(seconds)}, then sign in again. ` : ''
  const link = status === 500 ? '<a href="/">Front page</a>' : `<a href="${sections.signIn}">Sign in</a>`
  const html = `<!doctype html><html lang="en"><meta charset="utf-8"><meta name="viewport" content="width=device-width">
<meta name="robots" content="noindex"><title>${title} · ${site.title.replace(/[<&]/g, '')}</title>
<style>${style}</style>
<main><small>${status}</small><h1>${title}</h1><p>${wait}${text}${id && ` It is noted as<br><small>${id}</small>`}</p><p>${link}</p></main></html>`
  const headers = {
    'content-type': 'text/html; charset=utf-8',
    'content-security-policy': policy,
    'cache-control': 'private, no-store',
  }
  return { html, headers }
}

function waiting(seconds: number): string {
  const [count, unit] = seconds <= 5400 ? [Math.ceil(seconds / 60), 'minute'] : [Math.ceil(seconds / 3600), 'hour']
  return `${count} ${count === 1 ? unit : `${unit}s`}`
}
