import { whatIsMissing } from '@/lib/server/ready'

export const dynamic = 'force-dynamic'

/** Whether whoever shares out requests may send any here. */
export async function GET() {
  const missing = await whatIsMissing()
  return new Response(`${missing.join('\n') || 'ready'}\n`, {
    status: missing.length > 0 ? 503 : 200,
    headers: { 'Cache-Control': 'no-store' },
  })
}
