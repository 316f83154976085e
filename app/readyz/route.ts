import { getSlugs } from '@/lib/posts/published'
import { isDraining } from '@/lib/server/drain'
import { answerOf, connectedRedis } from '@/lib/server/redis'
import { settings } from '@/lib/server/settings'

export const dynamic = 'force-dynamic'

/** Whether a load balancer may send requests here. */
export async function GET() {
  const missing = await findProblems()
  return new Response(`${missing.join('\n') || 'ready'}\n`, {
    status: missing.length > 0 ? 503 : 200,
    headers: { 'Cache-Control': 'no-store' },
  })
}

/** @returns the reasons why this server is not ready, without details; an empty list when it is ready. */
async function findProblems(): Promise<string[]> {
  const missing: string[] = []
  const check = async (reason: string, look: () => unknown) => {
    try {
      await look()
    } catch (error) {
      console.error(`Not ready: ${reason}: ${(error as Error).message}`)
      missing.push(reason)
    }
  }
  if (isDraining()) missing.push('the server is ending')
  await check('the content cannot be read', getSlugs)
  await check('the configuration is not safe', settings)
  await check('Redis cannot be reached', async () => {
    const redis = await connectedRedis()
    if (redis) await answerOf(redis.ping())
  })
  return missing
}
