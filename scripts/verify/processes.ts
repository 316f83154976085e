/** Starts and ends the servers of `npm run verify:drafts` and of the tests. */
import { type ChildProcess, type SpawnOptions, spawn } from 'node:child_process'
import { createServer } from 'node:net'

const onWindows = process.platform === 'win32'
const running = new Set<ChildProcess>()
// A test that fails does not stop its servers; they end with the process that has started them.
process.on('exit', stopAll)

export type Running = ReturnType<typeof start>

/**
 * Starts a program in a process group of its own and keeps the last 10 MB of its output.
 *
 * `ended` resolves with its exit code, or with `null` after a signal. `stop` sends a signal to the whole group and waits for the
 * end, after `patience` milliseconds with SIGKILL.
 */
export function start(command: string, args: string[], options: Omit<SpawnOptions, 'stdio' | 'detached'> = {}) {
  const child = spawn(command, args, { ...options, stdio: ['ignore', 'pipe', 'pipe'], detached: !onWindows })
  running.add(child)
  let said = ''
  for (const stream of [child.stdout, child.stderr]) {
    stream?.on('data', (data) => {
      said = `${said}${data}`.slice(-10_000_000)
    })
  }
  const ended = new Promise<number | null>((resolve) => {
    child.once('error', (error) => {
      said += error.message
      resolve(-1)
    })
    child.once('close', resolve)
  })
  ended.then(() => running.delete(child))
  const stop = async (signal: NodeJS.Signals = 'SIGTERM', patience = 60_000) => {
    kill(child, signal)
    const timer = setTimeout(() => kill(child, 'SIGKILL'), patience)
    await ended
    clearTimeout(timer)
  }
  return { child, ended, output: () => said, stop }
}

/** Asks everything that `start` has started to end. SIGTERM lets a program end the servers that it has started itself. */
export function stopAll() {
  for (const child of running) {
    kill(child, 'SIGTERM')
    // A process that a test has stopped gets the signal once it goes on.
    if (!onWindows) kill(child, 'SIGCONT')
  }
}

function kill(child: ChildProcess, signal: NodeJS.Signals) {
  if (!child.pid || child.exitCode !== null || child.signalCode !== null) return
  try {
    if (onWindows) child.kill(signal)
    else process.kill(-child.pid, signal)
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error
  }
}

/**
 * Waits until a server is ready. A check that throws counts as "not yet".
 *
 * @throws with the server's output, when it ends before or is not ready within two minutes.
 */
export async function untilReady(
  isReady: () => Promise<boolean>,
  { child, output }: Pick<Running, 'child' | 'output'>,
) {
  const name = child.spawnargs.join(' ')
  for (const started = Date.now(); Date.now() - started < 120_000; ) {
    // A server may accept the connection and never answer.
    const late = new Promise<boolean>((resolve) => setTimeout(resolve, 10_000, false).unref())
    if (await Promise.race([isReady().catch(() => false), late])) return
    // Without a pid the program could not be started.
    if (!child.pid || child.exitCode !== null || child.signalCode !== null)
      throw new Error(`${name} has ended:\n${output()}`)
    await new Promise((resolve) => setTimeout(resolve, 50))
  }
  throw new Error(`${name} is not ready after two minutes:\n${output()}`)
}

/** @returns a port of this machine that no program listens on. */
export function freePort(): Promise<number> {
  return new Promise((resolve) => {
    const server = createServer().listen(0, '127.0.0.1', () => {
      const { port } = server.address() as { port: number }
      server.close(() => resolve(port))
    })
  })
}
