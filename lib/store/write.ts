import { copyFile, mkdir, rename, writeFile } from 'node:fs/promises'
import path from 'node:path'

let written = 0

/** Writes a file whole: a reader finds the old text or the new one, never half of it, also when two processes write it. */
export const replaceFile = (file: string, data: string | Uint8Array) =>
  replace(file, (beside) => writeFile(beside, data))

/** Copies a file in the same way. */
export const copyWhole = (from: string, to: string) => replace(to, (beside) => copyFile(from, beside))

/** Writes a hidden file in the same folder, and renames it. */
async function replace(file: string, write: (beside: string) => Promise<void>) {
  await mkdir(path.dirname(file), { recursive: true })
  const { dir, base } = path.parse(file)
  const beside = path.join(dir, `.${base}.${process.pid}.${++written}.tmp`)
  await write(beside)
  await rename(beside, file)
}
