import { type NextRequest, NextResponse } from 'next/server'
import { renewedCookie, sessionCookieName } from './lib/auth/session'
import { editorPolicy } from './lib/server/policies.mjs'
import { plainPage } from './lib/server/refusal-page'
import { settings } from './lib/server/settings'
import { themeScript } from './lib/static/own-scripts.mjs'

/**
 * Adds the policy to pages for editors, and renews a session while its editor works. It does not decide who may read: that is the lock
 * on drafts (lib/posts/drafts.ts).
 */
export async function proxy(request: NextRequest) {
  const headers = new Headers(request.headers)
  // The development server needs eval and web sockets, which no policy of ours allows.
  const policy = process.env.NODE_ENV === 'production' ? policyNow() : undefined
  // Next.js reads the nonce for its own scripts from this header.
  if (policy) headers.set('Content-Security-Policy', policy)
  const answer = NextResponse.next({ request: { headers } })
  if (policy) answer.headers.set('Content-Security-Policy', policy)
  try {
    const cookie = await renewedCookie(request.cookies.get(sessionCookieName())?.value)
    if (cookie) answer.cookies.set(cookie)
    return answer
  } catch (error) {
    // Without an answer from Redis, the session may have been ended.
    console.error(`An editor is turned away: ${(error as Error).message}`)
    return plainPage(503)
  }
}

function policyNow() {
  const { origin, github, oidc } = settings()
  return editorPolicy({ origin, hasProvider: Boolean(github || oidc), script: themeScript })
}

export const config = { matcher: ['/drafts/:path*', '/sign-in'] }
