import { settings } from '../server/settings'

/** A way to sign in on this site. */
export type Way = { id: 'github' | 'oidc' | 'password'; label: string }

/** The ways to sign in that the settings allow, in the order of the sign-in page. */
export function getWays(): Way[] {
  const { github, oidc, passwords } = settings()
  return [
    ...(github ? [{ id: 'github' as const, label: 'GitHub' }] : []),
    ...(oidc ? [{ id: 'oidc' as const, label: oidc.name }] : []),
    ...(passwords.size > 0 ? [{ id: 'password' as const, label: 'a password' }] : []),
  ]
}
