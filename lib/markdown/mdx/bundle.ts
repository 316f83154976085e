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

/** The name of the document in the bundle. */
export const BUNDLED = 'post.mdx.js'
/** Whether a document imports anything. */
export const IMPORT = /^(import\b|export\b.*\bfrom\b)/m

/** Bundles a document with its imports, and runs it. Every file it reads is added to `imports`, so that a change compiles the document again. */
export async function bundled(contents: string, file: VFile) {
  const { folder, imports } = foundIn(file)
  /** The files that are read, each with its stamp from before reading, so that no change during the compilation is missed. */
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
    // The missing file is noted under every name that it could get, so that the document is compiled again when the file appears.
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

/** The files that an import could mean: for a path, with any ending or as a folder; for a package, its package.json. */
function wantedFiles(specifier: string, folder: string): string[] {
  const own = specifier.replace(/^@\//, `${process.cwd()}/`)
  if (!/^(?:\.|\/)/.test(own)) return [path.resolve('node_modules', specifier, 'package.json')]
  const written = path.resolve(folder, own)
  // In TypeScript, ./part.js can mean part.ts.
  const bare = written.replace(/\.[cm]?jsx?$/, '')
  return [
    written,
    ...ENDINGS.flatMap((ending) => [written + ending, ...(bare === written ? [] : [bare + ending])]),
    ...ENDINGS.map((ending) => path.join(written, `index${ending}`)),
  ]
}

/** Throws for an import whose path is in the content folder but which is a symlink to a file outside of it, or to a hidden one. */
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
