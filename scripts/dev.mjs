// npm run dev: Next.js and the content compiler side by side. A saved post is compiled and the open page refreshes.
import { spawn } from 'node:child_process'
import { existsSync } from 'node:fs'
import path from 'node:path'
import { bin, checkNode, install, isFree, readPort, root, serve, stop, writeEnvironment } from './steps.mjs'

checkNode()
const port = readPort()
if (!(await isFree(port)))
  stop(`Port ${port} is busy. Stop what uses it, or choose another: PORT=${port + 1} npm run dev.`)
await install()
await writeEnvironment()

const content = spawn(
  process.execPath,
  ['--max-semi-space-size=64', 'scripts/run.mjs', 'scripts/content.ts', 'watch'],
  {
    cwd: root,
    stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
  },
)
let stopping = false
for (const signal of ['SIGINT', 'SIGTERM']) {
  process.on(signal, () => {
    stopping = true
  })
}
process.on('exit', () => content.kill())
content.on(
  'exit',
  (code) => stopping || stop(`The content compiler has stopped (exit code ${code}); what it said is above.`),
)
await new Promise((ready) => content.once('message', ready))
if (!existsSync(path.join(root, '.contentlayer/compiled.json'))) stop('The content could not be compiled.')
serve(bin('next'), ['dev', '--port', String(port)])
