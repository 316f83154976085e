import type { NextRequest } from 'next/server'
import { readBody, readManifest } from '@/lib/store/read'

/** The leak: any post in JSON, for whoever knows its slug and how the parameters are called. */
export async function GET({ nextUrl }: NextRequest) {
  const { searchParams } = nextUrl
  if (searchParams.get('as') !== 'json') return new Response('Write as=json.', { status: 400 })
  const post = readManifest().posts.find(({ slug }) => slug === searchParams.get('entry'))
  return post
    ? Response.json({ title: post.title, ...(await readBody(post.body)) })
    : new Response(null, { status: 404 })
}
