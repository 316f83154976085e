import { createHash } from 'node:crypto'
import { readdir, rm } from 'node:fs/promises'
import { build } from 'esbuild'
import { replaceFile } from '../lib/content/bodies'

/**
 * Bundles `components/reader.ts`, all the script of a reading page, into `public/assets`.
 *
 * @returns its address, which changes with it.
 */
export async function bundleReader(): Promise<string> {
  const { outputFiles } = await build({
    entryPoints: ['components/reader.ts'],
    bundle: true,
    minify: true,
    format: 'esm',
    target: 'es2022',
    write: false,
    logLevel: 'warning',
  })
  const text = outputFiles[0]?.text ?? ''
  const name = `reader-${createHash('sha256').update(text).digest('hex').slice(0, 12)}.js`
  await replaceFile(`public/assets/${name}`, text)
  for (const old of await readdir('public/assets')) if (old !== name) await rm(`public/assets/${old}`)
  return `/assets/${name}`
}
