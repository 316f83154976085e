// npm run dev: Next.js and the content compiler side by side. A saved post is compiled and the open page refreshes.
import { spawn } from 'node:child_process'
import { existsSync, watch } from 'node:fs'
import path from 'node:path'
import { bin, checkNode, install, isFree, readPort, root, serve, stop, writeEnvironment } from './steps.mjs'

checkNode()
const port = readPort()
if (!(await isFree(port)))
  stop(`Port ${port} is busy. Stop what uses it, or choose another: PORT=${port + 1} npm run dev.`)
await install()
await writeEnvironment()

/** What the compiler reads once, when it starts: it starts anew when one of these has changed. */
const readOnce = {
  files: ['site.config.ts', 'contentlayer.config.ts', 'mdx-components.tsx'],
  folders: ['components/mdx', 'lib/compile', 'lib/markdown', 'lib/site', 'lib/store'],
}
/** @type {import('node:child_process').ChildProcess | undefined} */
let content
let stopping = false
for (const signal of ['SIGINT', 'SIGTERM']) {
  process.on(signal, () => {
    stopping = true
  })
}
process.on('exit', () => content?.kill())

/** Starts the compiler. Resolves with whether it has compiled the content. */
function startCompiler() {
  const started = spawn(
    process.execPath,
    ['--max-semi-space-size=64', 'scripts/run.mjs', 'scripts/content.ts', 'watch'],
    { cwd: root, stdio: ['ignore', 'inherit', 'inherit', 'ipc'] },
  )
  content = started
  return new Promise((resolve) => {
    let isReady = false
    started.once('message', () => {
      isReady = true
      resolve(true)
    })
    started.once('exit', (code) => {
      // One that has been ended for another says nothing.
      if (stopping || content !== started) return resolve(false)
      content = undefined
      if (isReady) stop(`The content compiler has stopped (exit code ${code}); what it said is above.`)
      resolve(false)
    })
  })
}

/**
 * Ends the compiler, waits until it has ended, since two would write the same files, and starts another.
 *
 * @param {string} name
 */
async function restartCompiler(name) {
  console.log(`${name} has changed: the content compiler starts anew.`)
  const old = content
  content = undefined
  if (old && old.exitCode === null) {
    const ended = new Promise((resolve) => old.once('exit', resolve))
    old.kill()
    await ended
  }
  if (!stopping && !(await startCompiler()) && !stopping && !content)
    console.error(
      'The content compiler does not start; what it said is above. It tries again when a file of it is saved.',
    )
}

let turn = Promise.resolve()
/** @type {NodeJS.Timeout | undefined} */
let timer
/**
 * An editor writes a file in several steps, and a branch brings many files.
 *
 * @param {string} name
 */
function restartSoon(name) {
  clearTimeout(timer)
  timer = setTimeout(() => {
    turn = turn.then(() => restartCompiler(name))
  }, 100)
}

if (!(await startCompiler()) || !existsSync(path.join(root, '.contentlayer/compiled.json')))
  stop('The content could not be compiled.')
watch(root, (_event, name) => name && readOnce.files.includes(name) && restartSoon(name))
for (const folder of readOnce.folders)
  watch(path.join(root, folder), { recursive: true }, (_event, name) => {
    if (name && /\.(tsx?|mjs|json)$/.test(name)) restartSoon(path.posix.join(folder, name.split(path.sep).join('/')))
  })
serve(bin('next'), ['dev', '--port', String(port)])
