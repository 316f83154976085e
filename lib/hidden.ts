import { subscribe } from 'node:diagnostics_channel'
import type { IncomingMessage, ServerResponse } from 'node:http'

const below = /^[/\\]+(drafts|api[/\\]+draft-media)([/\\?]|$)/i

/**
 * Gives every answer below /drafts the headers that next.config.js asks for, those too that Next.js gives before it looks
 * there: the redirects of `/drafts/` and `/drafts//x`, and the 500 of `/drafts/%`.
 */
export function hideDrafts() {
  subscribe('http.server.request.start', (message) => {
    const { request, response } = message as { request: IncomingMessage; response: ServerResponse }
    if (!below.test(request.url ?? '')) return
    response.setHeader('Cache-Control', 'private, no-store')
    response.setHeader('X-Robots-Tag', 'noindex, nofollow, noarchive')
    response.setHeader('Referrer-Policy', 'no-referrer')
  })
}
