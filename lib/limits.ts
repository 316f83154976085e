import 'server-only'
import { createHash } from 'node:crypto'
import { type RateLimiterAbstract, RateLimiterMemory, RateLimiterRedis, RateLimiterRes } from 'rate-limiter-flexible'
import { once } from './once'
import { connectedRedis } from './redis'

/** Five wrong passwords in ten minutes, from one address or for one name; then no more until the ten minutes are over. */
const rule = { points: 5, duration: 600, keyPrefix: 'galley:attempts' }

/**
 * Counts an attempt to sign in before it is judged, so that many at once cannot slip through.
 *
 * @returns how many seconds to wait when there were too many; else `succeeded`, to be called when the attempt was right,
 * which takes it back.
 * @throws when Redis is asked for and cannot be reached.
 */
export async function countAttempt(address: string, name: string) {
  const limiter = await limits()
  const keys = [`address:${address}`, `name:${createHash('sha256').update(name).digest('base64url')}`]
  let seconds = 0
  for (const key of keys) {
    try {
      await limiter.consume(key)
    } catch (refused) {
      if (!(refused instanceof RateLimiterRes)) throw refused
      seconds = Math.max(seconds, Math.ceil(refused.msBeforeNext / 1000))
    }
  }
  if (seconds > 0) return { seconds }
  return {
    succeeded: async () => {
      for (const key of keys) await limiter.reward(key)
    },
  }
}

async function limits(): Promise<RateLimiterAbstract> {
  const storeClient = await connectedRedis()
  return once('limits', () =>
    storeClient ? new RateLimiterRedis({ ...rule, storeClient, useRedisPackage: true }) : new RateLimiterMemory(rule),
  )
}
