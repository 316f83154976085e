/** Next.js runs this before the server answers anything. */
export async function register() {
  if (process.env.NEXT_RUNTIME === 'nodejs') {
    const { start } = await import('./lib/start')
    start()
  }
}
