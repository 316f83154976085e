// node scripts/bench.mjs build|content|cards|dev NUMBER [FOLDER]: measures this checkout with NUMBER posts, made here or taken from FOLDER:
// a build, the compiler alone, its cards alone, or the time from a save to the answer that has it.
// node scripts/bench.mjs serve: measures how fast and in how much memory the test site is served, alone and behind nginx.
// node scripts/bench.mjs command "COMMAND" [FOLDER]: measures any command the same way, to set beside it.
// Figures are of whole processes: CPU is user + system time of all of them, memory is the peak of their PSS together (Linux).
import { spawn } from 'node:child_process'
import { cpSync, existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { writePosts } from './samples.mjs'
import { root, run, stop } from './steps.mjs'

const [what, count = '1000', folder] = process.argv.slice(2)
if (!['build', 'content', 'cards', 'dev', 'serve', 'command'].includes(what ?? ''))
  stop(
    'Write node scripts/bench.mjs build 1000, or content 1000, or cards 1000, or dev 1000, or serve, or command "what to run" FOLDER.',
  )

if (what === 'serve') process.exit(await run(process.execPath, ['scripts/run.mjs', 'scripts/bench-serve.ts']))

if (what === 'command') {
  const { cpu, wall, peak } = await measure('sh', ['-c', count], folder)
  console.log(`${count}: ${cpu} CPU s, ${wall} s, ${peak} MB`)
  process.exit(0)
}

const work = mkdtempSync(path.join(tmpdir(), 'galley-bench-'))
const content = path.join(work, 'content')
const env = {
  ...process.env,
  CONTENT_DIR: content,
  STORE_DIR: path.join(work, 'store'),
  DIST_DIR: '.next-e2e',
  NEXT_TELEMETRY_DISABLED: '1',
}
const dist = path.join(root, env.DIST_DIR)
process.on('exit', () => rmSync(work, { recursive: true, force: true }))

writePosts(content, folder ? 0 : Number(count))
if (folder) cpSync(folder, path.join(content, 'posts'), { recursive: true })
const posts = readdirSync(path.join(content, 'posts')).map((name) => path.join(content, 'posts', name))
rmSync(dist, { recursive: true, force: true })

if (what === 'build') await measureBuild()
if (what === 'content') await measureContent()
if (what === 'cards') await measureCards()
if (what === 'dev') await measureDev()

/** Edits one post. */
function addLine() {
  const [first] = posts
  if (first) writeFileSync(first, `${readFileSync(first, 'utf8')}\nOne more line.\n`)
}

async function measureContent() {
  for (const name of ['cold', 'warm, nothing changed', 'warm, one edit']) {
    if (name.endsWith('edit')) addLine()
    const { cpu, wall, peak } = await measure('npm', ['run', '--silent', 'content'])
    console.log(`content of ${posts.length} posts, ${name}: ${cpu} CPU s, ${wall} s, ${peak} MB`)
  }
}

/** The bodies are there already, so the difference between the first two runs is the cards. */
async function measureCards() {
  const cards = path.join(env.STORE_DIR, 'cards')
  await measure('npm', ['run', '--silent', 'content'])
  const names = readdirSync(cards)
  const warm = await measure('npm', ['run', '--silent', 'content'])
  rmSync(cards, { recursive: true })
  const cold = await measure('npm', ['run', '--silent', 'content'])
  const sizes = names.map((name) => statSync(path.join(cards, name)).size).sort((a, b) => a - b)
  console.log(
    `${names.length} cards: ${round(((cold.cpu - warm.cpu) * 1000) / names.length)} ms of CPU each (content ${cold.cpu} s with all, ${warm.cpu} s with none to make), ${cold.wall} s, ${cold.peak} MB (${warm.peak} without); kB: median ${round((sizes[sizes.length >> 1] ?? 0) / 1000)}, largest ${round((sizes.at(-1) ?? 0) / 1000)}`,
  )
}

async function measureBuild() {
  for (const name of process.env.ONLY?.split(',') ?? ['cold', 'warm']) {
    const [first] = posts
    if (name === 'warm' && first) writeFileSync(first, `${readFileSync(first, 'utf8')}\nOne more line.\n`)
    const contents = await measure('npm', ['run', '--silent', 'content'])
    const next = await measure('npm', ['run', '--silent', 'pages'])
    const [cpu, wall] = [round(contents.cpu + next.cpu), round(contents.wall + next.wall)]
    const parts = `content ${contents.cpu}, pages ${next.cpu}`
    console.log(
      `${name} build of ${posts.length} posts: ${cpu} CPU s (${parts}), ${wall} s, ${Math.max(contents.peak, next.peak)} MB`,
    )
  }
  const code = ['chunks', 'app']
    .map((part) => path.join(dist, 'server', part))
    .reduce((sum, dir) => sum + size(dir, /\.js$/), 0)
  console.log(
    `server bundle ${round(code / 1e6)} MB of JavaScript; all of ${env.DIST_DIR} without its cache ${round((size(dist) - size(path.join(dist, 'cache'))) / 1e6)} MB`,
  )
}

async function measureDev() {
  const port = '4319'
  const dev = spawn(process.execPath, ['scripts/dev.mjs'], { cwd: root, env: { ...env, PORT: port }, stdio: 'ignore' })
  process.on('exit', () => dev.kill())
  const file = posts[Math.floor(posts.length / 2)] ?? ''
  const address = `http://localhost:${port}/blog/${path.basename(file, '.md')}`
  const get = () =>
    fetch(address).then(
      (answer) => answer.text(),
      () => '',
    )
  while (!(await get()).includes('</html>')) {
    if (dev.exitCode !== null) stop('npm run dev has stopped.')
    await pause(500)
  }
  await pause(3000)
  const text = readFileSync(file, 'utf8')
  /** @type {number[]} */
  const times = []
  for (let turn = -1; turn < 10; turn++) {
    const mark = `saved-at-turn-${turn + 1}`
    const saved = performance.now()
    writeFileSync(file, `${text}\n${mark}\n`)
    while (!(await get()).includes(mark)) {
      await pause(10)
      if (performance.now() - saved > 60_000) stop('A saved post was not seen within a minute.')
    }
    if (turn >= 0) times.push(Math.round(performance.now() - saved))
    await pause(1500)
  }
  times.sort((a, b) => a - b)
  const [lower = 0, upper = 0] = times.slice(4)
  console.log(`saved to seen, ${posts.length} posts, ms: median ${(lower + upper) / 2}, all ${times.join(' ')}`)
  const ended = new Promise((resolve) => dev.once('exit', resolve))
  dev.kill()
  await ended
  process.exit(0)
}

/**
 * Runs a command; its wall seconds, the CPU seconds of all its processes, and the peak of their memory together in MB.
 *
 * @param {string} command
 * @param {string[]} args
 * @returns {Promise<{ cpu: number, wall: number, peak: number }>}
 */
function measure(command, args, cwd = root) {
  return new Promise((resolve) => {
    const started = performance.now()
    const child = spawn(command, args, {
      cwd,
      env: what === 'command' ? process.env : env,
      stdio: ['ignore', 'ignore', 'pipe'],
    })
    let said = ''
    child.stderr.on('data', (data) => {
      said += data
    })
    const ticks = new Map()
    let peak = 0
    let looks = 0
    const timer = setInterval(() => {
      // Adding up the memory of a process is work; its CPU time is a line.
      peak = Math.max(peak, look(child.pid, ticks, looks++ % 5 === 0))
    }, 100)
    child.on('close', (code) => {
      clearInterval(timer)
      if (code) stop(said)
      const cpu = [...ticks.values()].reduce((sum, one) => sum + one, 0) / 100
      resolve({ cpu: round(cpu), wall: round((performance.now() - started) / 1000), peak: Math.round(peak / 1024) })
    })
  })
}

/**
 * Looks at a process and all below it.
 *
 * @param {number | undefined} pid
 * @param {Map<number | undefined, number>} ticks gets the CPU time of each so far, in hundredths of a second; what has ended keeps its last.
 * @param {boolean} weigh
 * @returns their PSS in kB, if asked for.
 */
function look(pid, ticks, weigh) {
  let memory = 0
  try {
    const [user = 0, system = 0] = readFileSync(`/proc/${pid}/stat`, 'utf8')
      .replace(/^.*\) /, '')
      .split(' ')
      .slice(11, 13)
      .map(Number)
    ticks.set(pid, user + system)
    if (weigh) memory += Number(/^Pss:\s+(\d+)/m.exec(readFileSync(`/proc/${pid}/smaps_rollup`, 'utf8'))?.[1] ?? 0)
    for (const task of readdirSync(`/proc/${pid}/task`)) {
      for (const child of readFileSync(`/proc/${pid}/task/${task}/children`, 'utf8').trim().split(' '))
        if (child) memory += look(Number(child), ticks, weigh)
    }
  } catch {
    // It has ended meanwhile.
  }
  return memory
}

/**
 * @param {string} folder
 * @returns {number} the bytes of its files, with those below it.
 */
function size(folder, only = /./) {
  if (!existsSync(folder)) return 0
  return readdirSync(folder, { withFileTypes: true }).reduce((sum, entry) => {
    const file = path.join(folder, entry.name)
    return sum + (entry.isDirectory() ? size(file, only) : only.test(entry.name) ? statSync(file).size : 0)
  }, 0)
}

/** @param {number} ms */
function pause(ms) {
  return new Promise((resolve) => setTimeout(resolve, ms))
}

/** @param {number} number */
function round(number) {
  return Math.round(number * 10) / 10
}
