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
  /** The browser, when it is one that has signed in with this name before (`knownDevice`). */
  device: string | undefined
}

/** What an attempt was refused for. */
export type Limit = 'address' | 'device' | 'name'

type Counted =
  | { limit?: undefined; failures: number; takeBack: () => Promise<void> }
  | { limit: Limit; seconds: number; takeBack?: undefined }

/**
 * Counts an attempt to sign in before it is judged, so that many at once cannot slip through. One that is refused is
 * not counted.
 *
 * - An address has five failures in ten minutes, whatever the names. The first 48 bits of an IPv6 address have 40: whoever has one
 *   network has thousands of them.
 * - A known device has five in ten minutes and 50 in a day. Nothing else holds for it, so strangers cannot keep it out.
 * - A name has, from everybody else, in a day the first failures of a thousand addresses, and of further ones 500, 50 of them in ten
 *   minutes. Whoever tries it from hundreds of addresses uses up what is further, and not the first try of somebody elsewhere.
 *
 * @param redis what several servers count in; nothing for one that is alone.
 * @returns for how many seconds to wait, and the limit that was met; else how many failures the address has had lately (-1 for a known
 * device), and `takeBack`, to be called when the attempt was right or has not been judged.
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
 * Names share 65,536 counters, chosen by our secret: however many names strangers invent, they neither fill the memory nor know which
 * of them counts for an editor's.
 */
const counterOf = (name: string) =>
  createHmac('sha256', settings().secret).update(`counter ${name}`).digest().readUInt16BE()

/** Where an address is, for first tries: itself; for IPv6 one of eight parts of its network of 48 bits, which comes second. */
function placeOf(address: string): [string, string?] {
  if (!address.endsWith('::/64')) return [address]
  const network = address.split(':').slice(0, 3).join(':')
  return [`${network}/${createHmac('sha256', settings().secret).update(address).digest().readUInt8() % 8}`, network]
}

/** At most `most` marks in any `seconds`: it slides, where one count for ten minutes would let nine through around its end. */
type Window = { key: string; most: number; seconds: number; mark: string }

const atMost = (most: number, seconds: number, key: string): Window => ({
  // What braces enclose a sharded Redis puts in one place, and one script may then ask for all of it.
  key: `galley:{tries}:${key}`,
  most,
  seconds,
  mark: randomUUID(),
})

/**
 * Marks an attempt in all of some windows, or in none when one is full or has its mark already.
 *
 * @returns the seconds until each window has room, the longest of these, and how many marks each had.
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
      // It stays counted until its time is over.
      console.error(`Sign-in: an attempt cannot be taken back: ${(error as Error).message}`)
    }
  }
  return { wait: Math.max(...waits), waits, counts: answer.slice(windows.length), takeBack }
}

/** The same as `takeHere`, for several servers: Redis runs it as one step. */
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

/** The windows of a server that is alone, each with when it was marked (ms), oldest first. */
type Here = { ms: number; marks: Map<string, number> }
const here = () => once('tries', () => new Map<string, Here>())
const tidied = () => once('tries tidied', () => ({ at: 0 }))

/** @returns as the script: the ms until each window has room, then how many marks each had. */
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

/** Takes a mark back, and its window when that was the last one in it. */
function forget(key: string, mark: string) {
  const marks = here().get(key)?.marks
  marks?.delete(mark)
  if (marks?.size === 0) here().delete(key)
}

/** Forgets the windows that nobody has been seen in for as long as they are. */
function tidy(now: number) {
  tidied().at = now
  for (const [key, { ms, marks }] of here()) {
    if ([...marks.values()].every((at) => at <= now - ms)) here().delete(key)
  }
}
