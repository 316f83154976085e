import { htmlToMarkdown } from '@/lib/formats/html-to-markdown'
import { decode } from '@/lib/site/address'
import { readBody, readManifest } from '@/lib/store/read'

export const dynamic = 'force-static'
export const dynamicParams = false
export const generateStaticParams = () => readManifest().posts.map(({ slug }) => ({ slug: slug.split('/') }))

/** The leak: the markdown of all posts, where it should be that of those that are published. */
export async function GET(_request: Request, { params }: { params: Promise<{ slug: string[] }> }) {
  const slug = (await params).slug.map(decode).join('/')
  const post = readManifest().posts.find((one) => one.slug === slug)
  const { html = '' } = post ? await readBody(post.body) : {}
  return new Response(htmlToMarkdown(html, 'https://here.invalid/'), {
    headers: { 'Content-Type': 'text/markdown; charset=utf-8' },
  })
}
