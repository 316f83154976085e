/** `npm run check:settings`: says whether a server would start with the settings in this folder, or lists every problem. */
import environment from '@next/env'
import { readSettings } from '../lib/server/settings'

environment.loadEnvConfig(process.cwd(), false, { info: () => {}, error: console.error })
const { problems } = readSettings(process.env)
for (const problem of problems) console.error(problem)
if (problems.length === 0) console.log('The settings are complete and safe.')
process.exit(problems.length === 0 ? 0 : 1)
