import { notFound } from 'next/navigation'
import { decode } from '@/lib/site/address'
import { readBody, readManifest } from '@/lib/store/read'

type Props = { params: Promise<{ slug: string[] }> }

export const dynamicParams = false
export const generateStaticParams = () => readManifest().posts.map(({ slug }) => ({ slug: slug.split('/') }))

/** The leak: a page for every post there is, where only what is published should have one. */
export default async function BlogEntry({ params }: Props) {
  const slug = (await params).slug.map(decode).join('/')
  const post = readManifest().posts.find((one) => one.slug === slug) ?? notFound()
  const { html } = await readBody(post.body)
  return (
    <article>
      <h1>{post.title}</h1>
      <div dangerouslySetInnerHTML={{ __html: html }} />
    </article>
  )
}
