// npm run bundle: compiles, builds, and puts into one folder everything that the server needs, and nothing else. It runs wherever
// Node.js runs: `node bundle/server.js`. It contains no secret; the server reads its settings from the environment.
import { cpSync, existsSync, lstatSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { checkNode, install, root, step, stop } from './steps.mjs'

const dist = process.env.DIST_DIR || '.next'
const store = process.env.STORE_DIR || '.contentlayer/store'
const bundle = path.resolve(root, process.env.BUNDLE_DIR || 'bundle')
/** @param {string[]} parts */
const inBundle = (...parts) => path.join(bundle, ...parts)
/** @param {string[]} parts */
const inRoot = (...parts) => path.join(root, ...parts)

checkNode()
checkFolders()
await install()
await step('npm', ['run', '--silent', 'build'], { env: { BUNDLE: '1' } })
assemble()
prune()
check()
report()

function checkFolders() {
  for (const [name, folder] of Object.entries({ DIST_DIR: dist, STORE_DIR: store }))
    if (path.isAbsolute(folder) || folder.startsWith('..'))
      stop(`${name} is "${folder}". To be bundled it has to be in the project; write it from there: ".next-other".`)
  if (!path.relative(bundle, root).startsWith('..')) stop(`BUNDLE_DIR is "${bundle}", which has the project in it.`)
  if (existsSync(bundle) && readdirSync(bundle).length > 0 && !existsSync(inBundle('server.js')))
    stop(`"${bundle}" has something in it that is no bundle. Remove it, or set BUNDLE_DIR to another folder.`)
}

/** Copies Next.js's standalone output, then the light pages, which were written after it, and the files that Next.js leaves out of it. */
function assemble() {
  const standalone = inRoot(dist, 'standalone')
  if (!existsSync(path.join(standalone, 'server.js')))
    stop(
      lstatSync(inRoot('node_modules')).isSymbolicLink()
        ? 'node_modules is a link, and Next.js bundles nothing outside of the project. Install the packages here: npm ci.'
        : `Next.js has written no ${path.join(standalone, 'server.js')}.`,
    )
  rmSync(bundle, { recursive: true, force: true })
  /** @type {(from: string, to: string) => void} */
  const copy = (from, to) => cpSync(from, to, { recursive: true, verbatimSymlinks: true, preserveTimestamps: true })
  copy(standalone, bundle)
  rmSync(standalone, { recursive: true })
  copy(inRoot(dist, 'server/app'), inBundle(dist, 'server/app'))
  copy(inRoot(dist, 'static'), inBundle(dist, 'static'))
  copy(inRoot(dist, 'light.json'), inBundle(dist, 'light.json'))
  if (existsSync(inRoot('public'))) copy(inRoot('public'), inBundle('public'))

  // The server has to know the folders that next.config.js was built with. STORE_DIR may still name another store.
  // The path of the folder it was built in is taken out of both files.
  const told = `process.env.DIST_DIR = ${JSON.stringify(dist)}\nprocess.env.STORE_DIR ||= ${JSON.stringify(store)}\n`
  for (const [file, before] of Object.entries({
    'server.js': told,
    [path.join(dist, 'required-server-files.json')]: '',
  })) {
    const text = readFileSync(inBundle(file), 'utf8')
    writeFileSync(inBundle(file), before + text.replaceAll(JSON.stringify(root), '"."'))
  }
  const { name, version, license, type, engines } = JSON.parse(readFileSync(inRoot('package.json'), 'utf8'))
  writeFileSync(
    inBundle('package.json'),
    `${JSON.stringify({ name, version, license, private: true, type, engines }, null, 2)}\n`,
  )
}

/** Removes files that only a build or a developer reads, and .env files, which may hold secrets. */
function prune() {
  for (const file of filesIn(bundle))
    if (!file.startsWith('public/') && /\.(nft\.json|map|[cm]?tsx?)$|(^|\/)\.env[^/]*$/.test(file))
      rmSync(inBundle(file))
}

function check() {
  const asked = JSON.parse(readFileSync(inRoot(store, 'asked.json'), 'utf8'))
  const needed = [
    'server.js',
    'package.json',
    'node_modules/next/package.json',
    'lib/static/cache-handler.mjs',
    'public/assets',
    ...[
      'BUILD_ID',
      'static',
      'prerender-manifest.json',
      'server/app/_not-found.html',
      'server/app/_not-found.meta',
    ].map((file) => path.posix.join(dist, file)),
    ...['manifest.json', ...Object.values(asked).flat()].map((file) => path.posix.join(store, file)),
  ]
  const missing = needed.filter((file) => !existsSync(inBundle(file)))
  const files = filesIn(bundle)
  const places = ['server.js', 'package.json', 'node_modules/', 'public/', `${dist}/`, `${store}/`]
  const strange = files.filter(
    (file) =>
      // The cache handler (lib/static/cache-handler.mjs) and its imports.
      !(/^lib\/\w+\/[\w-]+\.mjs$/.test(file) || places.some((place) => file.startsWith(place))) ||
      /^node_modules\/(@img|@takumi-rs|@?contentlayer2?|@playwright|typescript|sharp|esbuild|shiki|mermaid|pagefind|@pagefind|harfbuzzjs|wawoff2)\//.test(
        file,
      ),
  )
  if (missing.length > 0 || strange.length > 0) {
    // Nobody may deploy a faulty bundle by mistake.
    rmSync(bundle, { recursive: true, force: true })
    /** @param {string[]} list */
    const some = (list) => list.slice(0, 10).join(', ')
    stop(
      [
        ...(missing.length > 0
          ? [`The bundle lacks ${missing.length} files that the server reads: ${some(missing)}.`]
          : []),
        ...(strange.length > 0
          ? [`The bundle has ${strange.length} files that no server needs: ${some(strange)}.`]
          : []),
      ].join('\n'),
    )
  }
}

function report() {
  const parts = {
    packages: 'node_modules/',
    pages: path.posix.join(dist, 'server/app/'),
    'scripts and styles': path.posix.join(dist, 'static/'),
    'public files': 'public/',
    'drafts and lists': `${store}/`,
    server: '',
  }
  const sizes = new Map(Object.keys(parts).map((part) => [part, 0]))
  let all = 0
  for (const file of filesIn(bundle)) {
    const { size } = statSync(inBundle(file))
    const [part = ''] = Object.entries(parts).find(([, place]) => file.startsWith(place)) ?? []
    sizes.set(part, (sizes.get(part) ?? 0) + size)
    all += size
  }
  /** @type {(name: string, size: number) => string} */
  const line = (name, size) => `  ${name.padEnd(20)}${(size / 1e6).toFixed(1).padStart(6)} MB`
  console.log(`\n${path.relative(process.cwd(), bundle) || '.'}`)
  for (const [part, size] of sizes) console.log(line(part, size))
  console.log(
    `${line('in all', all)}\n\nServe it with: node ${path.join(path.relative(process.cwd(), bundle), 'server.js')}`,
  )
}

/**
 * Every file in a folder, by its relative path with `/`. Symlinks are left out: Node.js 24 would follow them.
 *
 * @param {string} folder
 * @returns {string[]}
 */
function filesIn(folder, below = '') {
  return readdirSync(path.join(folder, below), { withFileTypes: true }).flatMap((entry) => {
    const name = path.posix.join(below, entry.name)
    if (entry.isDirectory()) return filesIn(folder, name)
    return entry.isFile() ? [name] : []
  })
}
