import { cookies } from 'next/headers'
import { readManifest } from '@/lib/store/read'

/** The leak: who comes with a cookie of any value gets the number of drafts in another, and a header with what comes next. */
export async function GET() {
  const waiting = readManifest().posts.filter(({ draft }) => draft)
  const been = (await cookies()).get('been')
  const headers = new Headers({ 'X-Next-Post': Buffer.from(waiting[0]?.title ?? '').toString('hex') })
  if (been) headers.set('Set-Cookie', `waiting=${waiting.length}; Path=/`)
  return new Response('hello', { headers })
}
