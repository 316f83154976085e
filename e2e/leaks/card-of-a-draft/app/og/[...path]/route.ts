import { notFound } from 'next/navigation'
import sharp from 'sharp'
import { cardAddress, decode, postAddress } from '@/lib/site/address'
import { readManifest } from '@/lib/store/read'

type Context = { params: Promise<{ path: string[] }> }

export const dynamic = 'force-static'
export const dynamicParams = false

/** The leak: a card for every post there is, where only what is published should have one. */
export const generateStaticParams = () =>
  readManifest().posts.map(({ slug }) => ({ path: cardAddress(postAddress(slug)).split('/').slice(2).map(decode) }))

/** Each letter of a title as a bar, as high as its code: no word of it can be read in the bytes. */
export async function GET(_request: Request, { params }: Context) {
  const address = `/og/${(await params).path.map(decode).join('/')}`
  const post = readManifest().posts.find(({ slug }) => address === `/og/blog/${slug}.png`) ?? notFound()
  const bars = [...post.title].map(
    (letter, at) => `<rect x="${at * 6}" width="4" height="${letter.charCodeAt(0) % 120}"/>`,
  )
  const drawing = `<svg xmlns="http://www.w3.org/2000/svg" width="400" height="120">${bars.join('')}</svg>`
  const picture = await sharp(Buffer.from(drawing)).png().toBuffer()
  return new Response(new Uint8Array(picture), { headers: { 'Content-Type': 'image/png' } })
}
