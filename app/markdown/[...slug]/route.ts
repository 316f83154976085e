import { notFound } from 'next/navigation'
import { textAnswer } from '@/lib/formats/answer'
import { categoryMarkdown, postMarkdown } from '@/lib/formats/post-markdown'
import { getBlogPage, getBlogPaths } from '@/lib/posts/blog'
import { getAuthorsOf, getTagsOf } from '@/lib/posts/published'
import { decode, postAddress } from '@/lib/site/address'
import { atBuild } from '@/lib/site/static-params'
import { site } from '@/site.config'

export const dynamic = 'force-static'
export const dynamicParams = false
export const generateStaticParams = atBuild(() => getBlogPaths().map((slug) => ({ slug })))

/** The markdown of `/blog/a`, for readers who ask for `/blog/a.md` or prefer markdown (next.config.js, lib/static/listing.ts). */
export async function GET(_request: Request, { params }: RouteContext<'/markdown/[...slug]'>) {
  const path = (await params).slug.map(decode)
  const { post, category, page } = (await getBlogPage(path)) ?? notFound()
  const original = post?.canonicalUrl ?? site.address + postAddress(path.join('/'))
  return textAnswer(
    post
      ? postMarkdown({ ...post, tags: getTagsOf(post).map(({ label }) => label) }, getAuthorsOf(post), site.address)
      : categoryMarkdown(category, page, site.address),
    'text/markdown',
    {
      Link: `<${new URL(original).href}>; rel="canonical"`,
      ...(post?.unlisted ? { 'X-Robots-Tag': 'noindex' } : {}),
    },
  )
}
