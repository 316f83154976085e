import path from 'node:path'
import fileSystemCache from 'next/dist/server/lib/incremental-cache/file-system-cache.js'
import { clientModulesIn, factsFor, readFacts } from './build.mjs'
import { lighten } from './strip-page.mjs'

// Node.js imports this CommonJS module as `{ default }`, and the bundler without that.
/** @type {typeof fileSystemCache} */
const FileSystemCache = Object(fileSystemCache).default ?? fileSystemCache

/** @type {ReturnType<typeof readBuild> | undefined} */
let build
/** @param {string} dist */
const readBuild = (dist) => ({ dist, facts: readFacts(dist), modules: clientModulesIn(dist) })

/** Next.js's own store of pages (`cacheHandler` in next.config.js). A page that is stored again at run time is stripped first, as in the build. */
export default class LightCache extends FileSystemCache {
  /** @param {ConstructorParameters<typeof fileSystemCache>[0]} options */
  constructor(options) {
    super(options)
    // The parent class keeps this folder in a private field, and does not have it in every cache.
    this.serverFolder = options.serverDistDir
  }

  /** @type {InstanceType<typeof fileSystemCache>['set']} */
  async set(key, data, context) {
    if (data?.kind !== 'APP_PAGE') return super.set(key, data, context)
    build ??= readBuild(path.dirname(this.serverFolder))
    try {
      const { facts, ...parts } = build
      const { html, policy } = lighten(String(data.html), { ...parts, ...factsFor(facts, key), payload: data.rscData })
      const headers = { ...data.headers, 'content-security-policy': policy }
      return super.set(key, { ...data, html, headers }, context)
    } catch (error) {
      // The old page stays: the new one would be served without its style.
      console.error(`${key} is not stored again: ${error instanceof Error ? error.message : error}.`)
    }
  }

  /** @type {InstanceType<typeof fileSystemCache>['revalidateTag']} */
  async revalidateTag(tags, durations) {
    Reflect.get(globalThis, Symbol.for('galley.forgetStored'))?.()
    return super.revalidateTag(tags, durations)
  }
}
