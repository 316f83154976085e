import { type FieldDef, renderTypes, type SchemaDef } from '@contentlayer2/core'
import { provideDummyTracing } from '@contentlayer2/utils'
import * as effect from '@contentlayer2/utils/effect'
import makeSource from '../../contentlayer.config'
import { replaceFile } from '../store/write'

/**
 * Reads the document types of contentlayer.config.ts with Contentlayer: their fields and computed fields. It also writes the types of
 * `contentlayer/generated`.
 */
export async function readSchema(): Promise<SchemaDef> {
  const plugin = await makeSource(undefined)
  // Contentlayer is written with Effect-TS 0, whose types do not resolve under "bundler" resolution (2026-11).
  // biome-ignore lint/suspicious/noExplicitAny: see above; this function is the only one that touches it.
  const { pipe, T } = effect as any
  const made: SchemaDef = await pipe(plugin.provideSchema('galley'), provideDummyTracing, T.runPromise)
  const withDefaults = <Type extends { fieldDefs: FieldDef[] }>(types: Record<string, Type>) =>
    Object.fromEntries(
      Object.entries(types).map(([name, type]) => [name, { ...type, fieldDefs: type.fieldDefs.map(alwaysThere) }]),
    )
  const schema: SchemaDef = { ...made, documentTypeDefMap: withDefaults(made.documentTypeDefMap) }
  const generationOptions = { sourcePluginType: plugin.type, options: plugin.options }
  await replaceFile('.contentlayer/generated/index.d.ts', renderTypes({ schemaDef: schema, generationOptions }))
  return schema
}

/** Contentlayer's own command refuses a required list that is not written, default or not; here a field with a default is always there. */
const alwaysThere = (field: FieldDef): FieldDef =>
  'default' in field && field.default !== undefined ? { ...field, isRequired: true } : field
