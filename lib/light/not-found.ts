import { readFile } from 'node:fs/promises'
import path from 'node:path'
import { once } from '../once'

/** The page that says there is none, as the build has stored it: `notFound()` would make it anew, with all of its scripts. */
export async function notFoundAnswer(request: Request): Promise<Response> {
  const { html, policy } =
    process.env.NODE_ENV === 'production' ? await once('not found', readNotFound) : await askNotFound(request.url)
  return new Response(html, {
    status: 404,
    headers: {
      'Content-Type': 'text/html; charset=utf-8',
      'Cache-Control': 'public, max-age=0, s-maxage=60, must-revalidate',
      ...(policy ? { 'Content-Security-Policy': policy } : {}),
    },
  })
}

async function readNotFound() {
  const file = path.join(/*turbopackIgnore: true*/ process.env.DIST_DIR || '.next', 'server', 'app', '_not-found')
  const { headers } = JSON.parse(await readFile(/*turbopackIgnore: true*/ `${file}.meta`, 'utf8'))
  return {
    html: await readFile(/*turbopackIgnore: true*/ `${file}.html`, 'utf8'),
    policy: headers?.['content-security-policy'] as string | undefined,
  }
}

/** In development nothing is stored, and Next.js makes the page where it is asked not to come back here (next.config.js). */
async function askNotFound(url: string) {
  const answer = await fetch(url, { headers: { 'x-not-found': '1' } })
  return { html: await answer.text(), policy: undefined }
}
