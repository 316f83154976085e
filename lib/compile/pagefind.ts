import { existsSync, readFileSync } from 'node:fs'
import path from 'node:path'
import type { PagefindIndex } from 'pagefind'
import { replaceFile } from '../store/write'

/**
 * Opens an empty index. Pagefind runs as a process of its own, which `close` ends.
 *
 * @returns undefined where Pagefind has no program for this machine; the search is then answered by the server alone.
 */
export async function openIndex(
  config: object,
): Promise<{ index: PagefindIndex; close: () => Promise<unknown> } | undefined> {
  const { createIndex, close } = await import('pagefind')
  const opened = await createIndex(config).catch((error: Error) => {
    if (/not yet a supported architecture/.test(error.message)) return undefined
    throw error
  })
  if (!opened) return undefined
  if (!opened.index) throw new Error(`Pagefind makes no index: ${opened.errors.join('; ')}`)
  return { index: opened.index, close }
}

/** The version of Pagefind that is installed. */
export const pagefindVersion = (): string =>
  JSON.parse(readFileSync('node_modules/pagefind/package.json', 'utf8')).version

/**
 * The text of Pagefind's worker. Pagefind writes it only beside an index, so an empty index is made to get it, once for each version.
 *
 * @returns an empty text where Pagefind has no program for this machine.
 */
export async function pagefindWorker(): Promise<string> {
  const version = pagefindVersion()
  const file = path.posix.join('.contentlayer', `pagefind-${version}.js`)
  if (existsSync(file)) return readFileSync(file, 'utf8')
  const opened = await openIndex({})
  if (!opened) return ''
  const { files } = await opened.index.getFiles()
  await opened.close()
  const worker = files.find(({ path }) => path === 'pagefind-worker.js')
  if (!worker) throw new Error(`Pagefind ${version} writes no pagefind-worker.js.`)
  await replaceFile(file, worker.content)
  return Buffer.from(worker.content).toString()
}
