import { namesHidden } from './posts/hidden-names'
import { decidedAt, getRedirect } from './posts/published'
import { compiledFirst } from './server/compiled-first'
import { drainOnSignal } from './server/drain'
import { ignoreClosedLog, logAsJson } from './server/log'
import { serveMetrics } from './server/metrics'
import { refuseOdd } from './server/refuse'
import { answerFirst, prepareRequests } from './server/requests'
import { readSettings } from './server/settings'
import { toMoved } from './static/not-found'
import { answerFromBuild } from './static/serve'

/** Prepares the server before it answers its first request. If the settings are not safe, it prints every problem and ends. */
export function start() {
  const read = readSettings(process.env)
  if (!('settings' in read)) return refuse(read.problems)
  const { settings } = read
  ignoreClosedLog()
  if (settings.logsJson) logAsJson()
  prepareRequests(settings, namesHidden)
  // In development the pages take every address and answer 404 themselves; only aliases are redirected here.
  if (process.env.NODE_ENV !== 'production') return compiledFirst(process.env.CONTENT_COMPILER, toMoved(getRedirect))
  // Vercel serves the stored pages itself, and ends its functions itself.
  if (process.env.VERCEL) return answerFirst(refuseOdd)
  answerFirst(refuseOdd, answerFromBuild(process.env.DIST_DIR || '.next', getRedirect, decidedAt))
  drainOnSignal(settings.drainSeconds)
  if (settings.metrics) serveMetrics(settings.metrics)
}

function refuse(problems: string[]) {
  const text = `The server does not start, since it would not be safe:\n${problems.map((one) => `- ${one}`).join('\n')}`
  // Vercel shows a thrown error in its log.
  if (process.env.VERCEL) throw new Error(text)
  console.error(`\n${text}\n`)
  process.exit(1)
}
