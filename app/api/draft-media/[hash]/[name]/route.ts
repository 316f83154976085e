import { decode } from '@/lib/content/address'
import { getDraftPicture } from '@/lib/content/drafts'
import { pictureAnswer } from '@/lib/picture-answer'
import { plainPage } from '@/lib/plain-page'

/** A picture beside a draft, for editors. */
export async function GET(_request: Request, { params }: RouteContext<'/api/draft-media/[hash]/[name]'>) {
  const { hash, name } = await params
  const file = await getDraftPicture(hash, decode(name))
  return file ? pictureAnswer(file, 'private, no-store') : plainPage(404)
}
