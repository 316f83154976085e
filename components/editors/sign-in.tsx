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
    <div className="crop mx-auto max-w-[30rem] px-6 py-10 sm:px-12 sm:py-14">
      <p className="slug-line">For editors</p>
      <h1 className="mt-3 text-3xl font-semibold tracking-tight">Sign in to read drafts</h1>
      {message && (
        <p role="alert" className="mt-6 border-l-3 border-accent bg-panel px-4 py-3 font-sans text-sm leading-snug">
          {message}
        </p>
      )}
      {providers.length > 0 && (
        <div className="mt-8 grid gap-3">
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
        <p className="furniture mt-6 flex items-center gap-4 before:h-px before:flex-1 before:bg-rule after:h-px after:flex-1 after:bg-rule">
          or
        </p>
      )}
      {hasPassword && (
        <form method="post" action="/api/auth/callback/password" className="mt-6 grid gap-4 font-sans">
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
              className="field mt-1"
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
              className="field mt-1"
            />
          </label>
          <button type="submit" className="button mt-2">
            Sign in
          </button>
        </form>
      )}
      <p className="furniture mt-8">
        Readers need no account: everything published is on the <a href="/">front page</a>.
      </p>
    </div>
  )
}
