// node scripts/run.mjs FILE.ts …: bundles a script of this project and runs it in this process, because Node.js 20 cannot run
// TypeScript. Packages stay outside of the bundle, and a dynamic import loads its own part.
import { createHash } from 'node:crypto'
import { existsSync, mkdirSync, renameSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { pathToFileURL } from 'node:url'
import { build } from 'esbuild'
import { root } from './steps.mjs'

const script = process.argv[2] ?? ''
const scripts = path.join(root, '.contentlayer/scripts')
const { outputFiles } = await build({
  entryPoints: [path.join(root, script)],
  outdir: scripts,
  outExtension: { '.js': '.mjs' },
  bundle: true,
  splitting: true,
  write: false,
  platform: 'node',
  format: 'esm',
  target: 'node20',
  packages: 'external',
  sourcemap: 'inline',
  // Another site in the same folder (the tests build one) has facts of its own.
  ...(process.env.SITE_CONFIG ? { alias: { '@/site.config': path.resolve(root, process.env.SITE_CONFIG) } } : {}),
  logLevel: 'warning',
})

/** Each version of the code has its own folder. It is renamed when it is complete, so another process never finds half of it. */
const folder = path.join(
  scripts,
  createHash('sha256')
    .update(outputFiles.map((file) => file.hash).join())
    .digest('hex')
    .slice(0, 16),
)
if (!existsSync(folder)) {
  const beside = `${folder}.${process.pid}`
  mkdirSync(beside, { recursive: true })
  for (const file of outputFiles) writeFileSync(path.join(beside, path.basename(file.path)), file.contents)
  if (!existsSync(folder)) renameSync(beside, folder)
}
process.argv.splice(1, 1)
await import(pathToFileURL(path.join(folder, `${path.basename(script, '.ts')}.mjs`)).href)
