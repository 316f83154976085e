import path from 'node:path'
import fileSystemCache from 'next/dist/server/lib/incremental-cache/file-system-cache.js'
import { lighten } from './page.mjs'

// Node.js and the bundler read a CommonJS module in two ways.
const FileSystemCache = fileSystemCache.default ?? fileSystemCache

/** Next.js's own store of pages (`cacheHandler` in next.config.js), which keeps light ones when it stores again at run time. */
export default class LightCache extends FileSystemCache {
  async set(key, data, context) {
    if (data?.kind !== 'APP_PAGE') return super.set(key, data, context)
    try {
      const { html, policy } = lighten(String(data.html), path.dirname(this.serverDistDir))
      const headers = { ...data.headers, 'content-security-policy': policy }
      return super.set(key, { ...data, html, headers }, context)
    } catch (error) {
      console.warn(`A page is stored as Next.js made it: ${error.message}`)
      return super.set(key, data, context)
    }
  }

  async revalidateTag(tags, durations) {
    globalThis[Symbol.for('galley.forgetStored')]?.()
    return super.revalidateTag(tags, durations)
  }
}
