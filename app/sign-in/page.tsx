import '../editors.css'
import type { Metadata } from 'next'
import { redirect } from 'next/navigation'
import { SignIn } from '@/components/editors/sign-in'
import { getEditor, getWays, safeAddress } from '@/lib/auth/editor'
import { signInMessage } from '@/lib/auth/sign-in-message'

export const metadata: Metadata = { title: 'Sign in', robots: { index: false } }

export default async function SignInPage({ searchParams }: PageProps<'/sign-in'>) {
  const { to, error, out } = await searchParams
  const address = safeAddress(to)
  if (!error && (await getEditor())) redirect(address)
  return <SignIn ways={getWays()} to={address} message={signInMessage(error, out)} />
}
