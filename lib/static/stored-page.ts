import { readFileSync } from 'node:fs'
import path from 'node:path'

/** A page as a build has stored it, and its content security policy. */
export type StoredPage = { html: Buffer<ArrayBuffer>; policy: Record<string, string> }

/**
 * Reads a stored page for a route that answers with it.
 *
 * @param name of its file: `_not-found`, or its address without the first slash.
 * @param dist the folder of the build.
 * @throws when the build has no such page.
 */
export function readStoredPage(name: string, dist = process.env.DIST_DIR || '.next'): StoredPage {
  const file = path.join(/*turbopackIgnore: true*/ dist, 'server', 'app', name)
  const { headers } = JSON.parse(readFileSync(/*turbopackIgnore: true*/ `${file}.meta`, 'utf8'))
  const policy = headers?.['content-security-policy'] as string | undefined
  return {
    html: readFileSync(/*turbopackIgnore: true*/ `${file}.html`),
    policy: policy ? { 'Content-Security-Policy': policy } : {},
  }
}
