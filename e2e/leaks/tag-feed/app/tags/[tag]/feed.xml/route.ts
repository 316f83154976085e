import { decode, tagKey } from '@/lib/site/address'
import { readManifest } from '@/lib/store/read'

export const dynamic = 'force-static'
export const generateStaticParams = () =>
  readManifest()
    .posts.flatMap((post) => post.tags)
    .map((tag) => ({ tag: tagKey(tag) }))

/** The leak: a feed of a tag made from all posts, where it should be made from those that are published. */
export async function GET(_request: Request, { params }: { params: Promise<{ tag: string }> }) {
  const tag = decode((await params).tag)
  const posts = readManifest().posts.filter((post) => post.tags.map(tagKey).includes(tag))
  const items = posts.map((post) => `<item><title>${post.title}</title><link>/blog/${post.slug}</link></item>`)
  return new Response(`<rss version="2.0"><channel>${items.join('')}</channel></rss>`, {
    headers: { 'Content-Type': 'application/rss+xml' },
  })
}
