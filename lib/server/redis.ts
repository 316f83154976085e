import { createClient } from '@redis/client'
import { once } from './process-wide'
import { settings } from './settings'

export type Redis = ReturnType<typeof createClient>

/**
 * The client of the Redis at REDIS_URL, which several servers share. While Redis cannot be reached a command fails at once, and the
 * client goes on trying to connect.
 */
function redis(): Redis | undefined {
  const url = settings().redisUrl
  if (!url) return undefined
  return once('redis', () => {
    const client = createClient({
      url,
      disableOfflineQueue: true,
      // A ping each second finds a Redis that takes commands and never answers.
      pingInterval: 1000,
      socket: {
        connectTimeout: 2000,
        socketTimeout: 2000,
        reconnectStrategy: (tries) => Math.min(2000, 50 * 2 ** tries),
      },
    })
    // Every request that waits for the connection adds a listener.
    client.setMaxListeners(0)
    let said = false
    client.on('error', (error: Error) => {
      if (!said) console.error(`Redis cannot be reached, so nobody can sign in or read drafts: ${error.message}`)
      said = true
    })
    client.on('ready', () => {
      said = false
    })
    client.connect().catch(() => undefined)
    return client as Redis
  })
}

/**
 * @returns the connected Redis client; undefined without REDIS_URL.
 * @throws when it is not connected within two seconds.
 */
export async function connectedRedis(): Promise<Redis | undefined> {
  const client = redis()
  if (!client || client.isReady) return client
  await new Promise<void>((resolve, reject) => {
    const done = () => {
      clearTimeout(timer)
      resolve()
    }
    const timer = setTimeout(() => {
      client.off('ready', done)
      reject(new Error('Redis cannot be reached.'))
    }, 2000)
    client.once('ready', done)
  })
  return client
}

/**
 * @returns the answer to a command.
 * @throws when Redis does not answer within two seconds.
 */
export function answerOf<Value>(command: Promise<Value>): Promise<Value> {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(() => reject(new Error('Redis does not answer.')), 2000)
    command.then(resolve, reject).finally(() => clearTimeout(timer))
  })
}
