/** node scripts/run.mjs e2e/fleet-up.ts PORT: a fleet at http://localhost:PORT, until it is ended. */
import { startFleet } from './fleet'

const fleet = await startFleet({ over: 'http', port: Number(process.argv[2]) })
console.log(`${fleet.url} is served by three instances behind nginx.`)
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, () => fleet.stop().then(() => process.exit(0)))
