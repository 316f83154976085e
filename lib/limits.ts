import 'server-only'
import { createHash } from 'node:crypto'
import { type RateLimiterAbstract, RateLimiterMemory, RateLimiterRedis, RateLimiterRes } from 'rate-limiter-flexible'
import { once } from './once'
import { answerOf, connectedRedis } from './redis'

/** Five wrong passwords in any ten minutes, from one address or for one name; no sixth. */
const MOST = 5
const slot = { points: 1, duration: 600, keyPrefix: 'galley:attempt' }

/**
 * Counts an attempt to sign in before it is judged, so that many at once cannot slip through. One that is refused is
 * not counted: whoever has had five from an address cannot use up other names from there.
 *
 * @returns how many seconds to wait when there were too many; else `takeBack`, to be called when the attempt was right or
 * has not been judged.
 * @throws when Redis is asked for and cannot be reached.
 */
export async function countAttempt(address: string, name: string) {
  const limiter = await slots()
  const taken: string[] = []
  const takeBack = async () => {
    try {
      for (const key of taken) await answerOf(limiter.delete(key))
    } catch (error) {
      // It stays counted: ten minutes later it is not.
      console.error(`Sign-in: an attempt cannot be taken back: ${(error as Error).message}`)
    }
  }
  for (const key of [`address:${address}`, `name:${createHash('sha256').update(name).digest('base64url')}`]) {
    const result = await takeSlot(limiter, key)
    if (typeof result === 'number') {
      await takeBack()
      return { seconds: result }
    }
    taken.push(result.slot)
  }
  return { takeBack }
}

/**
 * Each address and name has five slots, and an attempt fills one for ten minutes: a window that slides, where one count
 * for ten minutes would let nine through around its end.
 *
 * @returns the slot, or the seconds until one is free.
 */
async function takeSlot(limiter: RateLimiterAbstract, key: string): Promise<{ slot: string } | number> {
  let wait = Number.POSITIVE_INFINITY
  for (let number = 1; number <= MOST; number++) {
    try {
      await answerOf(limiter.consume(`${key}:${number}`))
      return { slot: `${key}:${number}` }
    } catch (refused) {
      if (!(refused instanceof RateLimiterRes)) throw refused
      wait = Math.min(wait, refused.msBeforeNext)
    }
  }
  return Math.max(1, Math.ceil(wait / 1000))
}

async function slots(): Promise<RateLimiterAbstract> {
  const storeClient = await connectedRedis()
  return once('slots', () =>
    storeClient ? new RateLimiterRedis({ ...slot, storeClient, useRedisPackage: true }) : new RateLimiterMemory(slot),
  )
}
