import { mkdir, rename, writeFile } from 'node:fs/promises'
import path from 'node:path'

/** Writes beside and renames, so that no reader meets half a file. */
export async function replaceFile(file: string, data: string | Uint8Array) {
  await mkdir(path.dirname(file), { recursive: true })
  const beside = `${file}.${process.pid}.tmp`
  await writeFile(beside, data)
  await rename(beside, file)
}
