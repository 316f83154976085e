import { copyFile, mkdir, rename, writeFile } from 'node:fs/promises'
import path from 'node:path'

let written = 0

/** Writes a file that no reader meets half written, nor another writer. */
export const replaceFile = (file: string, data: string | Uint8Array) =>
  replace(file, (beside) => writeFile(beside, data))

/** Copies a file, likewise. */
export const copyWhole = (from: string, to: string) => replace(to, (beside) => copyFile(from, beside))

/** Writes beside, under a hidden name of its own, and renames. */
async function replace(file: string, write: (beside: string) => Promise<void>) {
  await mkdir(path.dirname(file), { recursive: true })
  const { dir, base } = path.parse(file)
  const beside = path.join(dir, `.${base}.${process.pid}.${++written}.tmp`)
  await write(beside)
  await rename(beside, file)
}
