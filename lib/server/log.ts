import { formatWithOptions } from 'node:util'
import { readings } from '../site/address'

type Line = { level: 'info' | 'warn' | 'error'; message: string } & Record<string, unknown>

/** Writes one line of JSON; `time` is ISO 8601, UTC. */
function write(line: Line) {
  process.stdout.write(`${JSON.stringify({ time: new Date().toISOString(), ...line })}\n`)
}

/**
 * A closed pipe for the log does not stop a server. Without this each line is an error, which Next.js (16.4.6) writes to the same
 * pipe, for ever: the server uses a whole processor and does not end when it is asked to.
 */
export function ignoreClosedLog() {
  for (const stream of [process.stdout, process.stderr]) stream.on('error', () => undefined)
}

/** From here on, what anything says on the console is a line of JSON each, however many lines it had. */
export function logAsJson() {
  for (const [name, level] of [
    ['log', 'info'],
    ['info', 'info'],
    ['warn', 'warn'],
    ['error', 'error'],
  ] as const) {
    console[name] = (...said: unknown[]) =>
      write({ level, message: formatWithOptions({ colors: false }, ...(said as [unknown])) })
  }
}

type LoggedRequest = { id: string; method: string; path: string; status: number; ms: number; aborted: boolean }

/** One line for a request. It says neither who asked nor, when its path is a `loggedPath`, what only editors may know. */
export function logRequest({ status, ms, aborted, ...rest }: LoggedRequest) {
  write({
    level: status >= 500 ? 'error' : 'info',
    message: 'request',
    ...rest,
    status,
    ms: Math.round(ms * 10) / 10,
    ...(aborted ? { aborted } : {}),
  })
}

/**
 * An address (as `plainTarget` writes it) as it may stand in a log: without its query, which can have codes and what somebody looks
 * for, and without the names of drafts, however it is spelled.
 */
export function loggedPath(url: string): string {
  const path = url.replace(/\?.*$/s, '')
  const plain = (readings(path).texts.at(-1) ?? '').normalize('NFKC').replace(/\p{Cf}/gu, '')
  const [, before = '', desk = ''] = /^(.*?)((?:^|[/\\])(?:drafts|draft-media)(?![\w-]))./is.exec(plain) ?? []
  // Other names may stand before it.
  return desk ? `${/^[/\\]*(api)?$/i.test(before) ? before : '/…'}${desk}/…` : path.slice(0, 300)
}
