import type { Instrumentation } from 'next'

/** Next.js runs this before the server answers its first request. */
export async function register() {
  if (process.env.NEXT_RUNTIME === 'nodejs') {
    const { start } = await import('./lib/start')
    start()
  }
}

/** Next.js logs the error itself. This line adds the id of the request and the digest that Next.js gave the error. */
export const onRequestError: Instrumentation.onRequestError = (error, request) => {
  const { digest } = error as { digest?: string }
  console.error(`Request ${request.headers['x-request-id']} failed; the error is ${digest ?? 'above'}.`)
}
