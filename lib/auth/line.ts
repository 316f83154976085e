type Waiting = { failures: number; start: (mayStart: boolean) => void }

/** A check takes some tenths of a second, so the last of 60 waits for about half a minute. */
const LONGEST = 60
/** In ms. Proxies and people give up after a minute. */
const LONGEST_WAIT = 50_000
const waiting: Waiting[] = []
let isBusy = false

/**
 * Checks passwords one at a time, because each check takes 32 MB and a thread that is also needed to read files. The next in line is
 * the request whose address has the fewest recent failures; among equals, the newest request. So an address that sends many requests
 * does not make others wait. When the line is full, its last request leaves; every request leaves after 50 seconds.
 *
 * @param failures of the address before this attempt (`countAttempt`).
 * @returns the result of the work, or undefined when the request had to leave.
 */
export async function inTurn<Result>(failures: number, work: () => Promise<Result>): Promise<Result | undefined> {
  if (isBusy && !(await mayStart(failures))) return undefined
  isBusy = true
  try {
    return await work()
  } finally {
    isBusy = waiting.length > 0
    waiting.shift()?.start(true)
  }
}

function mayStart(failures: number): Promise<boolean> {
  return new Promise((resolve) => {
    const start = (may: boolean) => {
      clearTimeout(timer)
      resolve(may)
    }
    const own = { failures, start }
    const timer = setTimeout(() => {
      waiting.splice(waiting.indexOf(own), 1)
      start(false)
    }, LONGEST_WAIT)
    const at = waiting.findIndex((other) => other.failures >= failures)
    waiting.splice(at < 0 ? waiting.length : at, 0, own)
    if (waiting.length > LONGEST) waiting.pop()?.start(false)
  })
}
