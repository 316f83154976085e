import { createHash } from 'node:crypto'
import { existsSync } from 'node:fs'
import { readFile } from 'node:fs/promises'
import path from 'node:path'
import { isCurrent, stamp } from '../markdown/media/media'
import { bodyFile, contentDir } from '../store/paths'
import type { Body } from '../store/types'
import { replaceFile } from '../store/write'

/** What the compiler keeps in memory of a body: everything but its HTML. */
export type Known = Omit<Body, 'html'> & { key: string }

/** Everything a body is made of, but for the files that it shows or imports. */
type Ingredients = { body: string; bodyLine: number; lang?: string | undefined; cover?: string | undefined }

/**
 * Compiles the body of a file into the store, unless it is there.
 *
 * A body is named by what went into it (its text and the line that it begins at, language, cover, the code and packages that compile
 * it), so an unchanged body costs one read, on any machine and after any checkout, and a new title costs no more.
 *
 * @param file relative to the content folder.
 * @throws with the name of the file, for an error that is not the document's fault, such as a full disk.
 */
export async function compileBody(file: string, ingredients: Ingredients): Promise<Known> {
  const text = asText(ingredients)
  const key = hash(await pipelineHash(), file, text)
  const stored = bodyFile(key)
  let body = await readStored(stored)
  if (!body) {
    const { render } = await import('../markdown/render')
    body = await render(file, text).catch((error) => {
      throw new Error(`${file} could not be compiled: ${error.message}`, { cause: error })
    })
    await replaceFile(stored, JSON.stringify(body))
  }
  const { html: _html, ...rest } = body
  return { ...rest, key }
}

/** The body under front matter that has nothing but its language and cover (JSON is YAML), on as many lines as the author's. */
function asText({ body, bodyLine, lang, cover }: Ingredients): string {
  const matter = JSON.stringify({ lang, images: cover === undefined ? undefined : [cover] })
  return `---\n${matter}${'\n'.repeat(Math.max(1, bodyLine - 3))}---\n${body}`
}

/** @returns the stored body; undefined when there is no such file, or a file that it was made of has changed or left the store. */
async function readStored(file: string): Promise<Body | undefined> {
  if (!existsSync(file)) return undefined
  const body = JSON.parse(await readFile(file, 'utf8')) as Body
  return isFresh(body) ? body : undefined
}

/** Whether the files that a document imports, shows or offers are what they were when it was compiled. */
export const isFresh = ({ imports, pictures }: Pick<Body, 'imports' | 'pictures'>): boolean =>
  imports.every((part) => stamp(path.resolve(contentDir, part.file)) === part.stamp) && pictures.every(isCurrent)

const hash = (...parts: string[]) => {
  const sum = createHash('sha256')
  for (const part of parts) sum.update(part).update('\0')
  return sum.digest('base64url').slice(0, 27)
}

let made: Promise<string> | undefined
/**
 * A hash of the code that turns markdown into HTML: all of our own that it imports, components too, and the locked versions of packages.
 * The code is loaded once in a process.
 */
function pipelineHash(): Promise<string> {
  made ??= (async () => {
    const { build } = await import('esbuild')
    const { metafile } = await build({
      entryPoints: ['lib/markdown/render.ts', 'mdx-components.tsx'],
      outdir: '.',
      bundle: true,
      write: false,
      metafile: true,
      packages: 'external',
      ...(process.env.SITE_CONFIG ? { alias: { '@/site.config': path.resolve(process.env.SITE_CONFIG) } } : {}),
      logLevel: 'silent',
    })
    const files = [...Object.keys(metafile.inputs).sort(), 'package-lock.json']
    return hash(...(await Promise.all(files.map((file) => readFile(file, 'utf8')))))
  })()
  return made
}
