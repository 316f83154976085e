export const dynamic = 'force-dynamic'

/** Answers while the process runs. */
export const GET = () => new Response('ok\n', { headers: { 'Cache-Control': 'no-store' } })
