import { readFile } from 'node:fs/promises'
import { notFound } from 'next/navigation'
import { decode } from '@/lib/content/address'
import { getMedia } from '@/lib/content/posts'

export const dynamic = 'force-static'
export const dynamicParams = false
export const generateStaticParams = () => getMedia().map(({ hash, name }) => ({ hash, name }))

const TYPES: Record<string, string> = {
  png: 'image/png',
  jpg: 'image/jpeg',
  jpeg: 'image/jpeg',
  gif: 'image/gif',
  webp: 'image/webp',
  avif: 'image/avif',
  svg: 'image/svg+xml',
}

/** A picture beside something public. Its address changes with its bytes, so it may be kept for good. */
export async function GET(_request: Request, { params }: RouteContext<'/media/[hash]/[name]'>) {
  const { hash, name } = await params
  const picture = getMedia().find((one) => one.hash === hash && one.name === decode(name)) ?? notFound()
  const type = TYPES[picture.name.split('.').pop()?.toLowerCase() ?? ''] ?? 'application/octet-stream'
  return new Response(new Uint8Array(await readFile(/*turbopackIgnore: true*/ picture.file)), {
    headers: {
      'Content-Type': type,
      'Cache-Control': 'public, max-age=31536000, immutable',
      'Content-Security-Policy': "default-src 'none'; style-src 'unsafe-inline'; sandbox",
      'X-Content-Type-Options': 'nosniff',
    },
  })
}
