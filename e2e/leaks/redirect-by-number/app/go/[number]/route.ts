import { redirect } from 'next/navigation'
import { readManifest } from '@/lib/store/read'

/** The leak: a short address for every post, in the order of all posts. */
export async function GET(_request: Request, { params }: { params: Promise<{ number: string }> }) {
  const post = readManifest().posts[Number((await params).number)]
  redirect(post ? `/blog/${post.slug}` : '/blog')
}
