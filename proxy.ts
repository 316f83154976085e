import { type NextRequest, NextResponse } from 'next/server'
import { renewedCookie, sessionCookieName } from './lib/editor'

/** Carries a session on while its editor works. It decides nothing: the lock is on the drafts (lib/content/drafts.ts). */
export async function proxy(request: NextRequest) {
  const answer = NextResponse.next()
  const cookie = await renewedCookie(request.cookies.get(sessionCookieName())?.value)
  if (cookie) answer.cookies.set(cookie)
  return answer
}

export const config = { matcher: ['/drafts/:path*'] }
