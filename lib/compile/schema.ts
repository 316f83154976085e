import { stat } from 'node:fs/promises'
import { type DataCache, provideCwdCustom, type SchemaDef, type SourcePlugin } from '@contentlayer2/core'
import { fs, provideDummyTracing } from '@contentlayer2/utils'
import * as effect from '@contentlayer2/utils/effect'

/** Contentlayer's documents, by their file. */
export type Documents = DataCache.Cache['cacheItemsMap']
export type Document = Documents[string]['document']

// Contentlayer is written with Effect-TS 0, whose types do not resolve under "bundler" resolution (2026-11).
// biome-ignore lint/suspicious/noExplicitAny: see above; this file is the only one that touches it.
const { L, pipe, provideTestConsole, S, T } = effect as any
// biome-ignore lint/suspicious/noExplicitAny: as above.
const { FsTag, ReadFileError, StatError } = fs as any

/** What Contentlayer makes of the document types in contentlayer.config.ts. */
export const readSchema = (plugin: SourcePlugin): Promise<SchemaDef> =>
  run(plugin.provideSchema('galley'), () => Promise.reject(new Error('A schema reads no file.')))

/**
 * Runs Contentlayer over its content folder: all documents, then, when watching, all of them again after each change,
 * with only the changed file compiled anew. Its own cache stays off (it is one file, written whole at every save).
 *
 * @param read gives Contentlayer the text of a file.
 * @param onDocuments is awaited before the next change is taken up.
 * @param onError watches, and is told of errors of these two after the first run; what cannot be read is left as it was.
 * @throws at the first run, errors of these two, and what Contentlayer finds wrong.
 */
export async function runContentlayer(
  plugin: SourcePlugin,
  schema: SchemaDef,
  read: (file: string) => Promise<string>,
  onDocuments: (documents: Documents) => Promise<void>,
  onError?: (error: unknown) => void,
) {
  const said: string[] = []
  let failure: unknown
  let isFirst = true
  const remembering = (file: string) =>
    read(file).catch((error) => {
      failure = error
      throw error
    })
  const all = plugin.fetchData({ schemaDef: schema, verbose: false, skipCachePersistence: true })
  type Result = { _tag: 'Left'; left: unknown } | { _tag: 'Right'; right: DataCache.Cache }
  const onResult = async (result: Result) => {
    try {
      if (result._tag === 'Right') await onDocuments(result.right.cacheItemsMap)
      else if (failure) throw failure
      else if (isFirst) throw stopped(result.left, said)
    } catch (error) {
      if (isFirst || !onError) throw error
      onError(error)
    }
    isFirst = false
    failure = undefined
    said.length = 0
  }
  const handle = (result: Result) => T.promise(() => onResult(result))
  await run(pipe(onError ? all : S.take(1)(all), S.forEach(handle)), remembering, said)
}

/** @returns what made Contentlayer stop: of a folder that it may not read it says nothing by itself. */
function stopped(cause: unknown, said: string[]): Error {
  let inner = cause as { error?: unknown; path?: string; code?: string } | undefined
  while (inner?.error) inner = inner.error as typeof inner
  const message = inner?.path
    ? `${inner.path} cannot be read (${inner.code}). Mend who may read it, or remove it.`
    : `Contentlayer has stopped. ${said.join('\n')}`
  return new Error(message, { cause })
}

/**
 * Runs an effect with the services that Contentlayer asks for; of a file system it needs only `stat` and `readFile`.
 *
 * @param said gets what it would print: it complains of each picture that changes, since it takes it for a document.
 */
function run<Result>(task: unknown, read: (file: string) => Promise<string>, said: string[] = []): Promise<Result> {
  const files = L.fromValue(FsTag)({
    stat: (file: string) =>
      T.tryCatchPromise(
        () => stat(file),
        (error: unknown) => new StatError({ filePath: file, error }),
      ),
    readFile: (file: string) =>
      T.tryCatchPromise(
        () => read(file),
        (error: unknown) => new ReadFileError({ filePath: file, error }),
      ),
  })
  return pipe(
    task,
    provideDummyTracing,
    provideCwdCustom(process.cwd() as never),
    provideTestConsole(said),
    T.provideSomeLayer(files),
    T.runPromise,
  )
}
