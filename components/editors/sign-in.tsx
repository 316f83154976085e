import type { Way } from '@/lib/auth/ways'

type Props = {
  ways: Way[]
  /** The address to go to afterwards. */
  to: string
  /** Why the last try failed, or that the editor has signed out. */
  message: string | undefined
}

/** A plain form for each configured way to sign in. */
export function SignIn({ ways, to, message }: Props) {
  const providers = ways.filter(({ id }) => id !== 'password')
  const hasPassword = providers.length < ways.length
  return (
    <div className="mx-auto max-w-[26rem]">
      <p className="slug-line">For editors</p>
      <h1 className="mt-2 text-3xl font-semibold tracking-tight">Sign in to read drafts</h1>
      {message && (
        <p role="alert" className="mt-4 border-l-3 border-pencil bg-panel px-3 py-2 font-sans text-sm leading-snug">
          {message}
        </p>
      )}
      {providers.length > 0 && (
        <div className="mt-6 grid gap-2">
          {providers.map(({ id, label }) => (
            <form key={id} method="post" action={`/api/auth/signin/${id}`}>
              <input type="hidden" name="to" value={to} />
              <button type="submit" className={`button w-full ${hasPassword ? 'plain' : ''}`}>
                Continue with {label}
              </button>
            </form>
          ))}
        </div>
      )}
      {providers.length > 0 && hasPassword && (
        <p className="furniture mt-4 flex items-center gap-3 before:h-px before:flex-1 before:bg-rule after:h-px after:flex-1 after:bg-rule">
          or
        </p>
      )}
      {hasPassword && (
        <form method="post" action="/api/auth/callback/password" className="mt-4 grid gap-3 font-sans">
          <input type="hidden" name="to" value={to} />
          <label>
            <span className="text-sm">E-mail address</span>
            <input
              name="name"
              type="text"
              inputMode="email"
              autoComplete="username"
              autoCapitalize="none"
              spellCheck={false}
              required
              maxLength={200}
              className="field mt-0.5"
            />
          </label>
          <label>
            <span className="text-sm">Password</span>
            <input
              name="password"
              type="password"
              autoComplete="current-password"
              required
              maxLength={200}
              className="field mt-0.5"
            />
          </label>
          <button type="submit" className="button mt-1">
            Sign in
          </button>
        </form>
      )}
      <p className="furniture mt-6">
        Readers need no account: everything published is on the <a href="/">front page</a>.
      </p>
    </div>
  )
}
