import { getDraftMedia } from '@/lib/posts/drafts'
import { plainPage } from '@/lib/server/refusal-page'
import { mediaAnswer } from '@/lib/server/send-file'
import { decode } from '@/lib/site/address'

/** A picture or other file of a draft, for editors. */
export async function GET(request: Request, { params }: RouteContext<'/api/draft-media/[hash]/[name]'>) {
  const { hash, name: encoded } = await params
  const name = decode(encoded)
  const file = await getDraftMedia(hash, name)
  return file ? mediaAnswer(file, { name, tag: hash, cacheControl: 'private, no-store', request }) : plainPage(404)
}
