import { createHash } from 'node:crypto'
import { existsSync } from 'node:fs'
import { cp, readdir, readFile, rm } from 'node:fs/promises'
import path from 'node:path'
import { build, transform } from 'esbuild'
import { site } from '@/site.config'
import type { Need } from '../store/types'
import { replaceFile } from '../store/write'
import { pagefindWorker } from './pagefind'

/** Addresses of what a page may load besides its style sheet; those of `Need` only where a document needs it, and comments where the site has them. */
type Assets = Record<'reader' | 'search' | 'nearest' | 'comments', string> & { [need in Need]?: string }

const folder = 'public/assets'

/** Puts the scripts and style sheets of pages into `public/assets`, each under a name that changes with its text. */
export async function makeAssets(needs: Set<Need>): Promise<Assets> {
  const search = await bundleSearch()
  const assets: Assets = {
    reader: await bundleScript('reader', {
      SEARCH_SCRIPT: JSON.stringify(search),
      SHORTCUTS: String(site.shortcuts),
    }),
    search,
    nearest: await bundleScript('nearest'),
    comments: site.comments ? await bundleScript('comments') : '',
  }
  if (needs.has('maths')) assets.maths = await copyKatex()
  if (needs.has('diagrams')) assets.diagrams = await bundleDiagrams()
  return assets
}

/** Bundles a script: `reader` is on every reading page, the others only where they are needed. `comments` is empty in a site without comments. */
async function bundleScript(
  script: 'reader' | 'nearest' | 'comments',
  define: Record<string, string> = {},
): Promise<string> {
  const entryPoints = [`components/${script}.ts`]
  const { outputFiles } = await build({ ...bundled, entryPoints, write: false, define })
  const text = outputFiles[0]?.text ?? ''
  const name = `${script}-${hash(text)}.js`
  await replaceFile(`${folder}/${name}`, text)
  await removeOthers(`${script}-`, name)
  return `/assets/${name}`
}

/**
 * Bundles `components/search/search.ts`, which a page loads when its reader opens the search, and puts Pagefind's worker beside it.
 * Pagefind writes the worker with an index (lib/compile/search-index.ts); it does not depend on what is in the index.
 */
async function bundleSearch(): Promise<string> {
  const css = await readFile('components/search/search.css', 'utf8')
  const { code } = await transform(css, { loader: 'css', minify: true })
  const { outputFiles } = await build({
    ...bundled,
    entryPoints: ['components/search/search.ts'],
    write: false,
    define: { SHORTCUTS: String(site.shortcuts), SEARCH_CSS: JSON.stringify(code.trim()) },
  })
  const text = outputFiles[0]?.text ?? ''
  const { outputFiles: before } = await build({
    ...bundled,
    format: 'iife',
    entryPoints: ['components/search/fewer-results.ts'],
    write: false,
  })
  const worker = `${before[0]?.text ?? ''}${await pagefindWorker()}`
  const name = `search-${hash(text + worker)}`
  if (!existsSync(`${folder}/${name}/search.js`)) {
    await replaceFile(`${folder}/${name}/worker.js`, worker)
    await replaceFile(`${folder}/${name}/search.js`, text)
  }
  await removeOthers('search-', name)
  return `/assets/${name}/search.js`
}

/** KaTeX's style sheet, with the fonts that today's browsers ask for. */
async function copyKatex(): Promise<string> {
  const from = 'node_modules/katex/dist'
  const css = await readFile(`${from}/katex.min.css`, 'utf8')
  const woff2Only = css.replace(
    /(url\(fonts\/[\w-]+\.woff2\) format\("woff2"\))(?:,url\([^)]*\) format\("\w+"\))*/g,
    '$1',
  )
  const name = `katex-${hash(woff2Only)}`
  if (!existsSync(`${folder}/${name}/katex.css`)) {
    const fonts = (await readdir(`${from}/fonts`)).filter((font) => font.endsWith('.woff2'))
    for (const font of fonts) await cp(`${from}/fonts/${font}`, `${folder}/${name}/fonts/${font}`)
    await replaceFile(`${folder}/${name}/katex.css`, woff2Only)
  }
  await removeOthers('katex-', name)
  return `/assets/${name}/katex.css`
}

/** Bundles `components/diagrams.ts` with Mermaid, in pieces: a page loads those of its kinds of diagram. */
async function bundleDiagrams(): Promise<string> {
  const parts = ['components/diagrams.ts', 'package-lock.json'].map((file) => readFile(file, 'utf8'))
  const name = `diagrams-${hash((await Promise.all(parts)).join(''))}`
  const main = path.posix.join(folder, name, 'diagrams.js')
  if (!existsSync(main)) {
    await build({ ...bundled, entryPoints: ['components/diagrams.ts'], splitting: true, outdir: `${folder}/${name}` })
  }
  await removeOthers('diagrams-', name)
  return `/assets/${name}/diagrams.js`
}

const bundled = { bundle: true, minify: true, format: 'esm', target: 'es2022', logLevel: 'warning' } as const

const hash = (text: string) => createHash('sha256').update(text).digest('hex').slice(0, 12)

async function removeOthers(prefix: string, name: string) {
  for (const old of await readdir(folder))
    if (old.startsWith(prefix) && old !== name) await rm(path.join(folder, old), { recursive: true, force: true })
}
