import { existsSync } from 'node:fs'
import { copyFile, link, mkdir, rename, writeFile } from 'node:fs/promises'
import path from 'node:path'

let written = 0

/** Writes a file whole: a reader finds the old text or the new one, never half of it, also when two processes write it. */
export const replaceFile = (file: string, data: string | Uint8Array) =>
  replace(file, (beside) => writeFile(beside, data))

/** Copies a file in the same way. */
export const copyWhole = (from: string, to: string) => replace(to, (beside) => copyFile(from, beside))

/** Gives a file a second name (a hard link), or copies it to another disk; a file that is there stays. Neither is ever written again. */
export async function linkOrCopy(from: string, to: string) {
  if (existsSync(to)) return
  await mkdir(path.dirname(to), { recursive: true })
  try {
    await link(from, to)
  } catch (error) {
    const { code = '' } = error as NodeJS.ErrnoException
    if (code === 'EEXIST') return
    if (!/^(EPERM|EXDEV|ENOTSUP|EMLINK|ENOSYS)$/.test(code)) throw error
    await copyWhole(from, to)
  }
}

/** Writes a hidden file in the same folder, and renames it. */
async function replace(file: string, write: (beside: string) => Promise<void>) {
  await mkdir(path.dirname(file), { recursive: true })
  const { dir, base } = path.parse(file)
  const beside = path.join(dir, `.${base}.${process.pid}.${++written}.tmp`)
  await write(beside)
  await rename(beside, file)
}
