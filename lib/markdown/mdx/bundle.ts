import { existsSync, realpathSync } from 'node:fs'
import path from 'node:path'
import type { Metafile } from 'esbuild'
import type { VFile } from 'vfile'
import { contentDir } from '../../store/paths'
import { isHidden, isInside } from '../../store/symlinks'
import { stamp } from '../media/media'
import { foundIn } from '../tree'
import type { Mistake } from './mistakes'
import { runBundle, specifierOf } from './still'

/** What esbuild calls the document. */
export const BUNDLED = 'post.mdx.js'
/** Whether a document imports anything. */
export const IMPORT = /^(import\b|export\b.*\bfrom\b)/m

/** Bundles a document with what it imports, and runs it. What is wrong with an import may be mended in that file. */
export async function bundled(contents: string, file: VFile) {
  const { folder, imports } = foundIn(file)
  /** With their stamps of before they were read, so that no later change is missed. */
  const used = new Map<string, string>()
  const onFile = (file: string) => {
    if (!file.endsWith(BUNDLED) && !file.includes('node_modules')) used.set(file, stamp(file))
  }
  try {
    return await runBundle(
      { stdin: { contents, resolveDir: folder, sourcefile: BUNDLED } },
      BUNDLED,
      true,
      (metafile) => checkImports(metafile, folder),
      onFile,
    )
  } catch (error) {
    // What is not there yet is waited for, under every name that it may come with.
    for (const { text, location } of (error as Mistake).errors ?? []) {
      const specifier = /^Could not resolve "([^"]+)"/.exec(text)?.[1]
      const importer = location?.file && !location.file.endsWith(BUNDLED) ? path.dirname(location.file) : folder
      if (specifier) for (const wanted of wantedFiles(specifier, importer)) used.set(wanted, '')
    }
    throw error
  } finally {
    for (const [name, stamp] of used) imports.push({ file: name, stamp })
  }
}

const ENDINGS = ['.tsx', '.ts', '.jsx', '.js', '.json']

/** The files that an import may mean: of a path with any ending or none, or as a folder; of a package, that which names it. */
function wantedFiles(specifier: string, folder: string): string[] {
  const own = specifier.replace(/^@\//, `${process.cwd()}/`)
  if (!/^(?:\.|\/)/.test(own)) return [path.resolve('node_modules', specifier, 'package.json')]
  const written = path.resolve(folder, own)
  // TypeScript writes ./part.js where it means part.ts.
  const bare = written.replace(/\.[cm]?jsx?$/, '')
  return [
    written,
    ...ENDINGS.flatMap((ending) => [written + ending, ...(bare === written ? [] : [bare + ending])]),
    ...ENDINGS.map((ending) => path.join(written, `index${ending}`)),
  ]
}

/** Throws at an import that is in the content folder by its path, and elsewhere by where a link of the file system leads. */
function checkImports(metafile: Metafile, folder: string) {
  const root = realpathSync(contentDir)
  for (const [name, { imports }] of Object.entries(metafile.inputs))
    for (const { path: found, original = '', external } of imports) {
      if (external || !/^[./]/.test(original)) continue
      const from = name.endsWith(BUNDLED) ? folder : path.dirname(path.resolve(name))
      const written = path.resolve(from, original)
      const isWithin = isInside(written, contentDir) || isInside(written, root)
      const real = existsSync(found) ? realpathSync(found) : path.resolve(found)
      if (!isWithin || (isInside(real, root) && !isHidden(path.relative(root, real)))) continue
      const importer = name.endsWith(BUNDLED) ? '' : `${path.basename(name)}: `
      const reason = `${importer}${original} leads out of the content folder, or to what is hidden by a dot. Put the file itself there.`
      throw Object.assign(new Error(reason), { specifier: specifierOf(metafile, BUNDLED, real) ?? original, metafile })
    }
}
