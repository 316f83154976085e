type Parameter = string | string[] | undefined

const unfinished =
  'The provider did not finish signing you in. Try again, in one browser window and within fifteen minutes.'

const words = new Map([
  [
    'CredentialsSignin',
    'The e-mail address or the password is not right. After five wrong tries there is a pause of ten minutes.',
  ],
  [
    'AccessDenied',
    'You signed in, but you are not on the editor list of this blog. Its owner can add you to EDITORS; the server’s log has the name to add.',
  ],
  ['OAuthSignin', 'The provider could not be reached. Try again in a minute, or sign in another way.'],
])

/**
 * The message of the sign-in page about the last attempt.
 *
 * @param error the error code of next-auth in the address. @param out `1` after signing out.
 * @returns undefined when there was no attempt.
 */
export function signInMessage(error: Parameter, out: Parameter): string | undefined {
  if (typeof error === 'string') return words.get(error) ?? unfinished
  return out === '1' ? 'You are signed out.' : undefined
}
