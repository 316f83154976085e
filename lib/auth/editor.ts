import 'server-only'
import { cookies } from 'next/headers'
import { notFound, redirect } from 'next/navigation'
import { cache } from 'react'
import { sections } from '../site/sections.mjs'
import { isOnList, readSession, sessionCookieName } from './session'

/** A signed-in person who may read drafts. */
export type Editor = { name: string }

/** The session of this request. `cache` reads it once, though a page may ask several times. */
const getSession = cache(async () => readSession((await cookies()).get(sessionCookieName())?.value))

/** @returns the editor who sent this request, or undefined. Each request reads the editor list again. */
export async function getEditor(): Promise<Editor | undefined> {
  const session = await getSession()
  return session && isOnList(session.ids) ? { name: session.name } : undefined
}

/**
 * The editor who sent this request. Anyone else gets no further: a signed-out visitor is redirected to sign in and then comes
 * back to `address`; a signed-in visitor who is not on the editor list gets the same 404 as for an address that never existed.
 */
export async function requireEditor(address: string): Promise<Editor> {
  const editor = await getEditor()
  if (editor) return editor
  if (await getSession()) notFound()
  redirect(`${sections.signIn}?to=${encodeURIComponent(address)}`)
}
