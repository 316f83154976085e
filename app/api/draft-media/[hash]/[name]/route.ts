import { decode } from '@/lib/content/address'
import { getDraftMedia } from '@/lib/content/drafts'
import { mediaAnswer } from '@/lib/media-answer'
import { plainPage } from '@/lib/plain-page'

/** What a draft shows, for editors. */
export async function GET(request: Request, { params }: RouteContext<'/api/draft-media/[hash]/[name]'>) {
  const { hash, name: encoded } = await params
  const name = decode(encoded)
  const file = await getDraftMedia(hash, name)
  return file ? mediaAnswer(file, { name, tag: hash, cacheControl: 'private, no-store', request }) : plainPage(404)
}
