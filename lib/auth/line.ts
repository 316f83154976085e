type Waiting = { failures: number; start: (mayStart: boolean) => void }

/** Each check takes some tenths of a second: nobody should be made to join a longer line than this. */
const LONGEST = 60
/** Proxies and people give up after a minute, in ms. */
const LONGEST_WAIT = 50_000
const waiting: Waiting[] = []
let isBusy = false

/**
 * Does work one after the other, for passwords: each check takes 32 MB and a thread that reading files needs too. The address with the
 * fewest recent failures is next; among equals, the newest request: addresses take turns, and whoever has filled the line makes no
 * newcomer wait. When it is full, the one who would be last has to leave, and so has whoever has waited for 50 seconds.
 *
 * @param failures of the address, this attempt not among them (`countAttempt`).
 * @returns what the work returns, or nothing when it was not done.
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
