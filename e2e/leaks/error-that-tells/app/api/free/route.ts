import { readManifest } from '@/lib/store/read'

/** The leak: an address that a draft has taken is an error, by which a stranger learns that there is one. */
export async function PUT(request: Request) {
  const form = await request.formData()
  const isTaken = readManifest().posts.some(({ slug }) => slug === form.get('address'))
  return isTaken ? Response.json({ error: 'This address is taken.' }, { status: 409 }) : new Response('It is free.')
}
