import { mkdir, rename, writeFile } from 'node:fs/promises'
import path from 'node:path'

let written = 0

/** Writes beside, under a hidden name of its own, and renames: no reader meets half a file, nor two writers. */
export async function replaceFile(file: string, data: string | Uint8Array) {
  await mkdir(path.dirname(file), { recursive: true })
  const { dir, base } = path.parse(file)
  const beside = path.join(dir, `.${base}.${process.pid}.${++written}.tmp`)
  await writeFile(beside, data)
  await rename(beside, file)
}
