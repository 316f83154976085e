// npm run map: draws the folders of lib/ with their lines and imports. An import that goes up or across is an error.
import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs'
import path from 'node:path'
import { fileURLToPath } from 'node:url'
import { root, stop } from './steps.mjs'

/** The folders of lib/ by floor, the top first. A folder may import those on the floors under it, and no other. */
export const floors = [
  ['start.ts'],
  ['formats'],
  ['posts', 'compile'],
  ['auth', 'static', 'markdown'],
  ['server', 'store'],
  ['site'],
]

/** Folders and files outside of lib/ that lib/ may not import. */
const above = ['app', 'components', 'scripts', 'e2e', 'proxy.ts', 'instrumentation.ts']

if (process.argv[1] === fileURLToPath(import.meta.url)) draw()

function draw() {
  const lib = path.join(root, 'lib')
  /** @param {string} room */
  const floorOf = (room) => floors.findIndex((rooms) => rooms.includes(room))
  const files = readdirSync(lib, { recursive: true, encoding: 'utf8' })
    .map((file) => file.split(path.sep).join('/'))
    .filter((file) => /\.(ts|mjs)$/.test(file) && statSync(path.join(lib, file)).isFile())
  /** @param {string} file */
  const roomOf = (file) => file.split('/')[0] ?? ''
  /** @typedef {{ lines: number, files: number, imports: Map<string, number> }} Room */
  /** @type {Map<string, Room>} */
  const rooms = new Map()
  /** @type {string[]} */
  const wrong = []

  for (const file of files) {
    const text = readFileSync(path.join(lib, file), 'utf8')
    const room = rooms.get(roomOf(file)) ?? { lines: 0, files: 0, imports: new Map() }
    rooms.set(roomOf(file), room)
    room.lines += text.split('\n').length - 1
    room.files += 1
    // Biome writes every import in one form.
    for (const [at, { 1: asked = '' }] of [
      ...text.matchAll(/(?:from|import|import\() ?'((?:\.{1,2}|@)\/[^']+)'/g),
    ].entries()) {
      const target = asked.startsWith('@/') ? asked.slice(2) : path.posix.join('lib', path.posix.dirname(file), asked)
      const [first = '', other = ''] = target.split('/')
      if (above.includes(first)) wrong.push(`lib/${file} imports ${target}`)
      if (first !== 'lib') continue
      const to = existsSync(path.join(lib, `${other}.ts`)) ? `${other}.ts` : other
      if (to === roomOf(file)) continue
      room.imports.set(to, (room.imports.get(to) ?? 0) + 1)
      if (floorOf(to) <= floorOf(roomOf(file)))
        wrong.push(`lib/${file} imports ${target} (import ${at + 1} of the file)`)
    }
  }

  for (const one of rooms.keys())
    if (floorOf(one) < 0) wrong.push(`lib/${one} is on no floor; scripts/map.mjs lists them`)
  for (const [at, names] of floors.entries()) {
    console.log(`\nfloor ${floors.length - at}`)
    for (const name of names) {
      const room = rooms.get(name)
      if (!room) continue
      const { lines, files: count, imports } = room
      const arrows = [...imports].map(([to, times]) => `${to} ${times}`).join(', ')
      console.log(
        `  ${name.padEnd(9)} ${String(count).padStart(2)} files ${String(lines).padStart(5)} lines  →  ${arrows || '–'}`,
      )
    }
  }
  for (const file of files) {
    const lines = readFileSync(path.join(lib, file), 'utf8').split('\n').length - 1
    if (lines > 300) console.log(`\nlib/${file} has ${lines} lines.`)
  }
  if (wrong.length > 0) stop(`Imports that go up, or across:\n${wrong.join('\n')}`)
}
