// npm run up: takes a fresh clone to a running site.
import { bin, build, checkNode, install, isFree, readPort, serve, stop, writeEnvironment } from './steps.mjs'

checkNode()
const port = readPort()
if (!(await isFree(port)))
  stop(`Port ${port} is busy. Stop what uses it, or choose another: PORT=${port + 1} npm run up.`)
await install()
await build()
// This comes last, so that a new password is not lost above the output of the build.
await writeEnvironment()
console.log(`\nGalley is at http://localhost:${port}\nCtrl-C stops it.\n`)
serve(bin('next'), ['start', '--port', String(port)])
