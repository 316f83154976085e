import { formatWithOptions } from 'node:util'
import { readings } from '../site/address'

type Line = { level: 'info' | 'warn' | 'error'; message: string } & Record<string, unknown>

/** Writes one line of JSON; `time` is ISO 8601, UTC. */
function write(line: Line) {
  process.stdout.write(`${JSON.stringify({ time: new Date().toISOString(), ...line })}\n`)
}

/**
 * Lets the server go on when the pipe of its log is closed. Without this, each line is an error that Next.js (16.4.6, 2026-11) writes
 * to the same pipe, again and again: the server uses a whole processor and does not end on SIGTERM.
 */
export function ignoreClosedLog() {
  for (const stream of [process.stdout, process.stderr]) stream.on('error', () => undefined)
}

/** From now on each message on the console is one line of JSON, even when it has several lines. */
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

/** Logs a request. The line does not say who sent it, and with a path of `loggedPath` it does not name a draft. */
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
 * The path of an address (as `plainTarget` writes it) for the log: without its query, which can hold secret codes and search words, and
 * without the name of a draft, however `/drafts` is spelled.
 */
export function loggedPath(url: string): string {
  const path = url.replace(/\?.*$/s, '')
  const plain = (readings(path).texts.at(-1) ?? '').normalize('NFKC').replace(/\p{Cf}/gu, '')
  const [, before = '', desk = ''] = /^(.*?)((?:^|[/\\])(?:drafts|draft-media)(?![\w-]))./is.exec(plain) ?? []
  // The name of a draft may also stand before `drafts`.
  return desk ? `${/^[/\\]*(api)?$/i.test(before) ? before : '/…'}${desk}/…` : path.slice(0, 300)
}
