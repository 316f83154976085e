import '../editors.css'
import type { Metadata } from 'next'
import { redirect } from 'next/navigation'
import { SignIn } from '@/components/editors/sign-in'
import { PageFrame } from '@/components/page-frame'
import { getEditor } from '@/lib/auth/editor'
import { safeAddress } from '@/lib/auth/safe-address'
import { signInMessage } from '@/lib/auth/sign-in-message'
import { getWays } from '@/lib/auth/ways'

export const metadata: Metadata = { title: 'Sign in', robots: { index: false } }

export default async function SignInPage({ searchParams }: PageProps<'/sign-in'>) {
  const { to, error, out } = await searchParams
  const address = safeAddress(to)
  if (!error && (await getEditor())) redirect(address)
  return (
    <PageFrame>
      <SignIn ways={getWays()} to={address} message={signInMessage(error, out)} />
    </PageFrame>
  )
}
