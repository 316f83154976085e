import type { Instrumentation } from 'next'

/** Next.js runs this before the server answers anything. */
export async function register() {
  if (process.env.NEXT_RUNTIME === 'nodejs') {
    const { start } = await import('./lib/start')
    start()
  }
}

/** Next.js says what broke; this says for whom: the id that the answer has, and the number that Next.js gave the error. */
export const onRequestError: Instrumentation.onRequestError = (error, request) => {
  const { digest } = error as { digest?: string }
  console.error(`Request ${request.headers['x-request-id']} failed; the error is ${digest ?? 'above'}.`)
}
