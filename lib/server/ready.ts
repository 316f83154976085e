import 'server-only'
import { getSlugs } from '../posts/published'
import { isDraining } from './drain'
import { answerOf, connectedRedis } from './redis'
import { settings } from './settings'

/** @returns what keeps this server from answering well, in plain words without details; nothing when it is ready. */
export async function whatIsMissing(): Promise<string[]> {
  const missing: string[] = []
  const check = async (what: string, look: () => unknown) => {
    try {
      await look()
    } catch (error) {
      console.error(`Not ready: ${what}: ${(error as Error).message}`)
      missing.push(what)
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
