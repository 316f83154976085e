// npm run dev: Next.js and the content compiler side by side. A saved post is compiled and the open page refreshes; a request is answered
// once everything saved before it is compiled.
import { spawn } from 'node:child_process'
import { existsSync, readdirSync, statSync, watch } from 'node:fs'
import { createServer } from 'node:http'
import path from 'node:path'
import { bin, checkNode, install, isFree, readPort, root, serve, stop, writeEnvironment } from './steps.mjs'

checkNode()
const port = readPort()
if (!(await isFree(port)))
  stop(`Port ${port} is busy. Stop what uses it, or choose another: PORT=${port + 1} npm run dev.`)
await install()
await writeEnvironment()
const { build } = await import('esbuild')

/** @type {import('node:child_process').ChildProcess | undefined} */
let content
let stopping = false
for (const signal of ['SIGINT', 'SIGTERM']) {
  process.on(signal, () => {
    stopping = true
  })
}
process.on('exit', () => content?.kill())

/**
 * What the compiler reads once, when it starts, with the stamp of each file: it starts anew when one has changed.
 *
 * @type {Map<string, string>}
 */
let readOnce = new Map()
/** @type {Set<string>} */
const watched = new Set()
const isCode = /\.(tsx?|[mc]?jsx?|json)$/
/** The names of files beside these, where one that was missing may come. */
let namesThen = ''
const namesNow = () =>
  [...watched]
    .flatMap((folder) => (existsSync(folder) ? readdirSync(folder).filter((name) => isCode.test(name)) : []))
    .join('/')

/** @param {string} file */
function stampOf(file) {
  const stat = statSync(path.join(root, file), { throwIfNoEntry: false })
  return stat ? `${stat.mtimeMs} ${stat.size}` : ''
}

/** The first file that has changed since the compiler started. */
const changedFile = () => [...readOnce].find(([file, stamp]) => stampOf(file) !== stamp)?.[0]

/** Finds our own files that the compiler and the components of documents consist of. With a mistake in one, those of before are kept. */
async function findReadOnce() {
  const files = await build({
    absWorkingDir: root,
    entryPoints: ['scripts/content.ts', 'mdx-components.tsx'],
    outdir: root,
    bundle: true,
    write: false,
    metafile: true,
    platform: 'node',
    format: 'esm',
    packages: 'external',
    ...(process.env.SITE_CONFIG ? { alias: { '@/site.config': path.resolve(root, process.env.SITE_CONFIG) } } : {}),
    logLevel: 'silent',
  }).then(
    // With the lock file, as the compiler names bodies by the versions of packages too.
    ({ metafile }) => [...Object.keys(metafile.inputs), 'package-lock.json'],
    () => [...readOnce.keys()],
  )
  readOnce = new Map(files.map((file) => [file, stampOf(file)]))
  for (const folder of new Set(files.map((file) => path.dirname(path.join(root, file))))) {
    if (watched.has(folder)) continue
    watched.add(folder)
    watch(folder, (_event, name) => name && isCode.test(name) && restartSoon())
  }
  namesThen = namesNow()
}

/** Starts the compiler. Resolves with whether it has compiled the content. */
async function startCompiler() {
  await findReadOnce()
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

/** Ends the compiler, waits until it has ended, since two would write the same files, and starts another. */
async function restartCompiler() {
  const name = changedFile()
  // Without a compiler a file that is new may be the one that was missing.
  if (!name && (content || namesNow() === namesThen)) return
  console.log(`${name ?? 'A file'} has changed: the content compiler starts anew.`)
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
function restart() {
  turn = turn.then(restartCompiler)
}
/** @type {NodeJS.Timeout | undefined} */
let timer
/** An editor writes a file in several steps, and a branch brings many files. */
function restartSoon() {
  clearTimeout(timer)
  timer = setTimeout(restart, 100)
}

/**
 * Waits until everything saved before now is compiled.
 *
 * @returns {Promise<string>} what keeps it from that, in a sentence; empty when nothing does.
 */
async function compiled() {
  if (changedFile()) restart()
  await turn
  const asked = content
  if (!asked) return 'The content compiler does not start. What it said is in the terminal of "npm run dev".'
  const wrong = await ask(asked)
  if (wrong === undefined) return stopping ? '' : compiled()
  return wrong && `The content could not be compiled: ${wrong}`
}

let questions = 0
/**
 * @param {import('node:child_process').ChildProcess} compiler
 * @returns {Promise<string | undefined>} what is wrong, or nothing when the compiler has ended without an answer.
 */
function ask(compiler) {
  const question = ++questions
  return new Promise((resolve) => {
    /** @param {any} message */
    const onMessage = (message) => message.asked === question && end(message.wrong)
    const onExit = () => end(undefined)
    /** @param {string | undefined} answer */
    const end = (answer) => {
      compiler.off('message', onMessage).off('exit', onExit)
      resolve(answer)
    }
    compiler.setMaxListeners(0).on('message', onMessage).on('exit', onExit)
    compiler.send(question, (error) => error && compiler.exitCode !== null && onExit())
  })
}

const isStarted = startCompiler()
// A file of the compiler that is saved before it has started is taken up after that.
turn = isStarted.then(() => undefined)
if (!(await isStarted) || !existsSync(path.join(root, '.contentlayer/compiled.json')))
  stop('The content could not be compiled.')
const state = createServer(async (_request, response) =>
  response.writeHead(200, { Connection: 'close' }).end(await compiled()),
)
await new Promise((resolve) => state.listen(0, '127.0.0.1', () => resolve(undefined)))
const address = /** @type {import('node:net').AddressInfo} */ (state.address())
serve(bin('next'), ['dev', '--port', String(port)], { CONTENT_COMPILER: `http://127.0.0.1:${address.port}` })
