export const dynamic = 'force-dynamic'

/** Whether the process answers. */
export const GET = () => new Response('ok\n', { headers: { 'Cache-Control': 'no-store' } })
