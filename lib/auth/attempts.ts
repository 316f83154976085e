import { createHmac, randomUUID } from 'node:crypto'
import { once } from '../server/process-wide'
import { answerOf, type Redis } from '../server/redis'
import { settings } from '../server/settings'

const TEN_MINUTES = 600
const DAY = 24 * 3600

type Attempt = {
  /** As `clientAddress` gives it. */
  address: string
  /** As `identityKey` gives it. */
  name: string
  /** The id of the browser, if it has signed in with this name before (`knownDevice`). */
  device: string | undefined
}

/** The limit that an attempt has reached. */
export type Limit = 'address' | 'device' | 'name'

type Counted =
  | { limit?: undefined; failures: number; takeBack: () => Promise<void> }
  | { limit: Limit; seconds: number; takeBack?: undefined }

/**
 * Counts an attempt to sign in before its password is checked, so that many attempts at once cannot slip through. A refused attempt
 * is not counted.
 *
 * - An address may fail five times in ten minutes, with any names. A /48 network of IPv6 may fail 40 times, because its owner has
 *   65,536 networks of 64 bits.
 * - A known device may fail five times in ten minutes and 50 times in a day. No other limit holds for it, so strangers cannot lock its
 *   editor out.
 * - A name may fail from unknown devices: once a day from each of 1,000 addresses, and besides that 500 times a day, 50 of them in ten
 *   minutes. So a stranger who tries a name from hundreds of addresses leaves the editor at another address a first try.
 *
 * @param redis shared by several servers; undefined on a single server.
 * @returns the limit that was reached and the seconds to wait. Otherwise the recent failures of the address (-1 for a known device),
 * and `takeBack`, which the caller runs when the password was right or was not checked.
 * @throws when Redis cannot be reached.
 */
export async function countAttempt({ address, name, device }: Attempt, redis: Redis | undefined): Promise<Counted> {
  if (device) {
    const { wait, takeBack } = await take(
      [atMost(5, TEN_MINUTES, `device:${device}`), atMost(50, DAY, `device-day:${device}`)],
      redis,
    )
    return wait > 0 ? { seconds: wait, limit: 'device' } : { failures: -1, takeBack }
  }
  const [place, network] = placeOf(address)
  const own = [atMost(5, TEN_MINUTES, `address:${address}`)]
  if (network) own.push(atMost(40, TEN_MINUTES, `network:${network}`))
  const among = counterOf(name)
  const first = { ...atMost(1000, DAY, `first:${among}`), mark: place }
  const further = [atMost(50, TEN_MINUTES, `further:${among}`), atMost(500, DAY, `further-day:${among}`)]
  let seconds = Number.POSITIVE_INFINITY
  for (const rest of [[first], further]) {
    const { wait, waits, counts, takeBack } = await take([...own, ...rest], redis)
    if (wait === 0) return { failures: (counts[0] ?? 0) + (network ? Math.floor((counts[1] ?? 0) / 8) : 0), takeBack }
    const ownWait = Math.max(...waits.slice(0, own.length))
    if (ownWait > 0) return { seconds: ownWait, limit: 'address' }
    seconds = Math.min(seconds, wait)
  }
  return { seconds, limit: 'name' }
}

/**
 * All names share 65,536 counters, so invented names cannot fill the memory. The secret decides which name has which counter, so a
 * stranger cannot find a name that shares the counter of an editor.
 */
const counterOf = (name: string) =>
  createHmac('sha256', settings().secret).update(`counter ${name}`).digest().readUInt16BE()

/**
 * @returns the address under which a first try is counted, and for IPv6 its /48 network. Each /48 network has eight such addresses, so
 * that one network cannot use up the first tries of all.
 */
function placeOf(address: string): [string, string?] {
  if (!address.endsWith('::/64')) return [address]
  const network = address.split(':').slice(0, 3).join(':')
  return [`${network}/${createHmac('sha256', settings().secret).update(address).digest().readUInt8() % 8}`, network]
}

/** At most `most` marks in any `seconds`. The window slides: with fixed windows, nine failures could fall around the end of one. */
type Window = { key: string; most: number; seconds: number; mark: string }

const atMost = (most: number, seconds: number, key: string): Window => ({
  // A Redis cluster keeps all keys with the same text in braces on one node, where one script may read them.
  key: `galley:{tries}:${key}`,
  most,
  seconds,
  mark: randomUUID(),
})

/**
 * Marks an attempt in all of the windows, or in none of them when a window is full or has the mark already.
 *
 * @returns `waits`, the seconds until each window has room; `wait`, the longest of them; `counts`, the marks that each window had.
 */
async function take(windows: Window[], redis: Redis | undefined) {
  const now = Date.now()
  const answer = redis
    ? ((await answerOf(
        redis.eval(script, {
          keys: windows.map(({ key }) => key),
          arguments: [now, ...windows.flatMap(({ most, seconds, mark }) => [most, seconds * 1000, mark])].map(String),
        }),
      )) as number[])
    : takeHere(windows, now)
  const waits = answer.slice(0, windows.length).map((ms) => Math.ceil(ms / 1000))
  const takeBack = async () => {
    try {
      if (redis) await answerOf(Promise.all(windows.map(({ key, mark }) => redis.zRem(key, mark))))
      else for (const { key, mark } of windows) forget(key, mark)
    } catch (error) {
      // The attempt stays counted until its window has passed.
      console.error(`Sign-in: an attempt cannot be taken back: ${(error as Error).message}`)
    }
  }
  return { wait: Math.max(...waits), waits, counts: answer.slice(windows.length), takeBack }
}

/** Does in Redis, as one step, the same as `takeHere` does in memory. */
const script = `
local now, answer, isFree = tonumber(ARGV[1]), {}, true
for i, key in ipairs(KEYS) do
  local most, ms, mark = tonumber(ARGV[3 * i - 1]), tonumber(ARGV[3 * i]), ARGV[3 * i + 1]
  redis.call('ZREMRANGEBYSCORE', key, '-inf', now - ms)
  local count = redis.call('ZCARD', key)
  local since = redis.call('ZSCORE', key, mark)
  if not since and count >= most then
    since = redis.call('ZRANGE', key, count - most, count - most, 'WITHSCORES')[2]
  end
  answer[i] = since and since + ms - now or 0
  answer[#KEYS + i] = count
  isFree = isFree and not since
end
for i, key in ipairs(KEYS) do
  if isFree then
    redis.call('ZADD', key, now, ARGV[3 * i + 1])
    redis.call('PEXPIRE', key, ARGV[3 * i])
  end
end
return answer`

/** The windows of a single server, each with the times of its marks (ms since 1970), oldest first. */
type Here = { ms: number; marks: Map<string, number> }
const here = () => once('tries', () => new Map<string, Here>())
const tidied = () => once('tries tidied', () => ({ at: 0 }))

/** @returns the same list as the script: the ms until each window has room, then the marks that each window had. */
function takeHere(windows: Window[], now: number): number[] {
  if (Math.abs(now - tidied().at) > TEN_MINUTES * 1000) tidy(now)
  const states = windows.map(({ key, most, seconds, mark }) => {
    const ms = seconds * 1000
    const marks = here().get(key)?.marks ?? new Map<string, number>()
    for (const [old, at] of marks) {
      if (at > now - ms) break
      marks.delete(old)
    }
    const count = marks.size
    const [oldest] = marks.values()
    const since = marks.get(mark) ?? (count >= most ? oldest : undefined)
    return { key, mark, ms, marks, count, wait: since === undefined ? 0 : since + ms - now }
  })
  if (states.every(({ wait }) => wait === 0)) {
    for (const { key, mark, ms, marks } of states) here().set(key, { ms, marks: marks.set(mark, now) })
  }
  return [...states.map(({ wait }) => wait), ...states.map(({ count }) => count)]
}

/** Removes a mark, and its window when no mark is left in it. */
function forget(key: string, mark: string) {
  const marks = here().get(key)?.marks
  marks?.delete(mark)
  if (marks?.size === 0) here().delete(key)
}

/** Removes the windows whose marks are all too old to count. */
function tidy(now: number) {
  tidied().at = now
  for (const [key, { ms, marks }] of here()) {
    if ([...marks.values()].every((at) => at <= now - ms)) here().delete(key)
  }
}
