// What lib/static/strip-page.mjs must know about the build that a page comes from.
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import path from 'node:path'
import { runInNewContext } from 'node:vm'

/**
 * The file that keeps `allow` of site.config.ts. The cache handler reads it at run time, where it cannot import TypeScript.
 *
 * @param {string} dist where the build is: `.next`.
 */
export const allowFile = (dist) => path.join(/*turbopackIgnore: true*/ dist, 'light.json')

/**
 * @param {string} dist
 * @returns {Record<string, string[]>} the content of `allowFile`, empty when there is no such file.
 */
export function readAllow(dist) {
  const file = allowFile(dist)
  return existsSync(/*turbopackIgnore: true*/ file)
    ? JSON.parse(readFileSync(/*turbopackIgnore: true*/ file, 'utf8'))
    : {}
}

/**
 * @param {string} dist
 * @returns {Map<string, string>} the source file of each client component of a build, by the id of its module.
 */
export function clientModulesIn(dist) {
  const modules = new Map()
  const folder = path.join(/*turbopackIgnore: true*/ dist, 'server', 'app')
  for (const name of readdirSync(/*turbopackIgnore: true*/ folder, { recursive: true, encoding: 'utf8' })) {
    if (!name.endsWith('_client-reference-manifest.js')) continue
    // A script from our own build. It sets one global variable.
    /** @type {{ __RSC_MANIFEST?: Record<string, { clientModules: Record<string, { id: string | number }> }> }} */
    const read = {}
    runInNewContext(
      readFileSync(/*turbopackIgnore: true*/ path.join(/*turbopackIgnore: true*/ folder, name), 'utf8'),
      read,
    )
    for (const { clientModules } of Object.values(read.__RSC_MANIFEST ?? {}))
      for (const [file, { id }] of Object.entries(clientModules))
        modules.set(String(id), file.replace(/^\[project\]\//, '').replace(/ <module evaluation>$/, ''))
  }
  return modules
}
