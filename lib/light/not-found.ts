import { readFileSync } from 'node:fs'
import path from 'node:path'
import { once } from '../once'
import { pageCaching } from '../requests'

/** The page that says there is none, as the build has stored it: `notFound()` would make it anew, with all of its scripts. */
export async function notFoundAnswer(request: Request): Promise<Response> {
  const { html, policy } =
    process.env.NODE_ENV === 'production' ? once('not found', readNotFound) : await askNotFound(request.url)
  return new Response(html, {
    status: 404,
    headers: {
      'Content-Type': 'text/html; charset=utf-8',
      'Cache-Control': pageCaching,
      ...(policy ? { 'Content-Security-Policy': policy } : {}),
    },
  })
}

function readNotFound() {
  const file = path.join(/*turbopackIgnore: true*/ process.env.DIST_DIR || '.next', 'server', 'app', '_not-found')
  const { headers } = JSON.parse(readFileSync(/*turbopackIgnore: true*/ `${file}.meta`, 'utf8'))
  return {
    html: readFileSync(/*turbopackIgnore: true*/ `${file}.html`, 'utf8'),
    policy: headers?.['content-security-policy'] as string | undefined,
  }
}

/** In development nothing is stored, and Next.js makes the page where it is asked not to come back here (next.config.js). */
async function askNotFound(url: string) {
  const answer = await fetch(url, { headers: { 'x-not-found': '1' } })
  return { html: await answer.text(), policy: undefined }
}
