import { answerFromStore } from './light/stored'
import { prepareRequests } from './requests'
import { readSettings } from './settings'

/** What a server does before it answers anything. A configuration that is not safe ends it, with every problem said. */
export function start() {
  const { problems } = readSettings(process.env)
  if (problems.length > 0) {
    const text = `The server does not start, since it would not be safe:\n${problems.map((one) => `- ${one}`).join('\n')}`
    // Vercel's functions report what is thrown.
    if (process.env.VERCEL) throw new Error(text)
    console.error(`\n${text}\n`)
    process.exit(1)
  }
  prepareRequests()
  // Vercel has a store of its own, and in development there is none.
  if (process.env.NODE_ENV === 'production' && !process.env.VERCEL) answerFromStore(process.env.DIST_DIR || '.next')
}
