import { getMediaFile } from '@/lib/posts/published'
import { mediaCaching } from '@/lib/server/caching'
import { plainPage } from '@/lib/server/refusal-page'
import { mediaAnswer } from '@/lib/server/send-file'
import { decode } from '@/lib/site/address'

/** A film or a sound of a public document, whole or in parts. It is a route because Safari plays only with parts, which a stored answer of Next.js does not have. */
export async function GET(request: Request, { params }: RouteContext<'/video/[hash]/[name]'>) {
  const { hash, name: encoded } = await params
  const name = decode(encoded)
  const file = getMediaFile('video', hash, name)
  return file ? mediaAnswer(file, { name, tag: hash, cacheControl: mediaCaching, request }) : plainPage(404)
}
