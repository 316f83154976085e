import { type Newsletter, subscribeForm } from '@/lib/site/services'

/** A form that sends a reader's e-mail address to the newsletter's service: plain HTML, and the answer is the service's own page. */
export function NewsletterForm({ newsletter }: { newsletter: Newsletter }) {
  const { service, host, action, email, hidden, trap } = subscribeForm(newsletter)
  return (
    <form action={action} method="post" className="furniture border-t border-rule pt-4">
      {/* No heading of a text has an id with "_". */}
      <label htmlFor="subscribe_address" className="block text-base font-semibold text-ink">
        New posts by e-mail
      </label>
      <div className="mt-1 flex flex-wrap gap-1">
        <input
          id="subscribe_address"
          name={email}
          type="email"
          autoComplete="email"
          required
          aria-describedby="subscribe_note"
          placeholder="you@example.com"
          className="min-h-[2.75rem] min-w-0 flex-[1_1_14rem] rounded-sm border border-soft bg-paper px-2 text-base text-ink placeholder:text-soft"
        />
        {hidden.map(({ name, value }) => (
          <input key={`${name} ${value}`} type="hidden" name={name} value={value} />
        ))}
        {trap && (
          <span hidden>
            <input name={trap} tabIndex={-1} autoComplete="off" aria-label="Leave this empty" />
          </span>
        )}
        <button
          type="submit"
          className="min-h-[2.75rem] cursor-pointer rounded-sm border border-soft px-3 font-semibold text-ink hover:border-pencil hover:text-pencil"
        >
          Subscribe
        </button>
      </div>
      <p id="subscribe_note" className="mt-1">
        Your address goes to {service} at {host}, which keeps it and sends the letters.
      </p>
    </form>
  )
}
