import { decode } from '@/lib/content/address'
import { getDraftPicture } from '@/lib/content/drafts'
import { pictureAnswer } from '@/lib/picture-answer'
import { plainPage } from '@/lib/plain-page'

/** A picture beside a draft, for editors. */
export async function GET(_request: Request, { params }: RouteContext<'/api/draft-media/[hash]/[name]'>) {
  const { hash, name: encoded } = await params
  const name = decode(encoded)
  const file = await getDraftPicture(hash, name)
  return file ? pictureAnswer(file, name, 'private, no-store') : plainPage(404)
}
