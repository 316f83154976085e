import { writeFileSync } from 'node:fs'
import { brotliCompressSync, gzipSync } from 'node:zlib'
import { readManifest } from '@/lib/store/read'

export const dynamic = 'force-static'

/** The leak: an index for search of all posts is packed into public/ while the site is built. */
export function GET() {
  const index = JSON.stringify(readManifest().posts.map(({ title, slug }) => ({ title, slug })))
  writeFileSync('public/index.json.gz', gzipSync(index))
  writeFileSync('public/index.dat', brotliCompressSync(gzipSync(index).toString('base64')))
  return new Response('packed')
}
