import { createHash } from 'node:crypto'
import { existsSync } from 'node:fs'
import { readFile } from 'node:fs/promises'
import path from 'node:path'
import { isCurrent, stamp } from '../markdown/media/media'
import { bodyFile, contentDir } from '../store/paths'
import type { Body } from '../store/types'
import { replaceFile } from '../store/write'

/** What the compiler keeps in memory of a body: everything but its HTML. */
type Known = Omit<Body, 'html' | 'headings'> & { key: string }

const known = new Map<string, Known>()

/**
 * Compiles the body of a file into the store, unless it is there.
 *
 * A body is named by what went into it (the text, the code and packages that compile it), so an unchanged file costs
 * one read, on any machine and after any checkout.
 *
 * @param file relative to the content folder.
 * @param text the whole file, front matter included.
 * @throws what no document can cause, with the name of the file.
 */
export async function compileBody(file: string, text: string): Promise<Known> {
  const key = hash(await pipeline(), file, text)
  const stored = bodyFile(key)
  let body = await readStored(stored)
  if (!body) {
    const { render } = await import('../markdown/render')
    body = await render(file, text).catch((error) => {
      throw new Error(`${file} could not be compiled: ${error.message}`, { cause: error })
    })
    await replaceFile(stored, JSON.stringify(body))
  }
  const { html: _html, headings: _headings, ...rest } = body
  const entry = { ...rest, key }
  known.set(file, entry)
  return entry
}

/** @returns the stored body, or nothing when there is none, or a file that went into it has changed or left the store since. */
async function readStored(file: string): Promise<Body | undefined> {
  if (!existsSync(file)) return undefined
  const body = JSON.parse(await readFile(file, 'utf8')) as Body
  return isFresh(body) ? body : undefined
}

/** Whether the files that a document imports, shows or offers are what they were when it was compiled. */
export const isFresh = ({ imports, pictures }: Pick<Body, 'imports' | 'pictures'>): boolean =>
  imports.every((part) => stamp(path.resolve(contentDir, part.file)) === part.stamp) && pictures.every(isCurrent)

/** @returns what is known of a body that this process has compiled. */
export function compiledBody(file: string): Known {
  const body = known.get(file)
  if (!body) throw new Error(`${file} has not been compiled.`)
  return body
}

const hash = (...parts: string[]) => {
  const sum = createHash('sha256')
  for (const part of parts) sum.update(part).update('\0')
  return sum.digest('base64url').slice(0, 27)
}

let pipelineHash: Promise<string> | undefined
/** Stands for the code that turns markdown into HTML: all of our own that it imports, components too, and the locked versions of packages. */
function pipeline(): Promise<string> {
  pipelineHash ??= (async () => {
    const { build } = await import('esbuild')
    const { metafile } = await build({
      entryPoints: ['lib/markdown/render.ts', 'mdx-components.tsx'],
      outdir: '.',
      bundle: true,
      write: false,
      metafile: true,
      packages: 'external',
      logLevel: 'silent',
    })
    const files = [...Object.keys(metafile.inputs).sort(), 'package-lock.json']
    return hash(...(await Promise.all(files.map((file) => readFile(file, 'utf8')))))
  })()
  return pipelineHash
}
