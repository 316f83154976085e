// node scripts/run.mjs FILE.ts …: bundles a script of ours and runs it in this process. Node.js 20 does not run
// TypeScript; packages stay outside the bundle, and what is imported late is loaded late.
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

/** One folder for each state of our code; it appears whole or not at all. */
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
