// Reads from a build the facts that lib/static/strip-page.mjs needs for each page.
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import path from 'node:path'
import { runInNewContext } from 'node:vm'
import { sections } from '../site/sections.mjs'

/**
 * The facts of site.config.ts that a stored page needs: `allow`, and the script that counts visits.
 *
 * @typedef {{ allow: Record<string, string[]>, counter?: import('../site/services').ScriptElement }} PageFacts
 */

/**
 * The file that keeps these facts. The cache handler reads it at run time, where it cannot import TypeScript.
 *
 * @param {string} dist where the build is: `.next`.
 */
export const factsFile = (dist) => path.join(/*turbopackIgnore: true*/ dist, 'light.json')

/**
 * @param {string} dist
 * @returns {PageFacts} the content of `factsFile`, without anything when there is no such file.
 */
export function readFacts(dist) {
  const file = factsFile(dist)
  return existsSync(/*turbopackIgnore: true*/ file)
    ? JSON.parse(readFileSync(/*turbopackIgnore: true*/ file, 'utf8'))
    : { allow: {} }
}

/**
 * The facts that the page at an address needs. The search and the 404 page are not counted, since the counter would be sent the words
 * of the search or the wrong address.
 *
 * @param {PageFacts} facts
 * @param {string} address
 * @returns {PageFacts & { isCounted: boolean }} `isCounted` says that the site counts visits to its other pages.
 */
export function factsFor({ allow, counter }, address) {
  const isCounted = counter !== undefined
  const isPrivate = /^\/_(not-found|global-error)$/.test(address) || `${address}/`.startsWith(`${sections.search}/`)
  return isCounted && !isPrivate ? { allow, isCounted, counter } : { allow, isCounted }
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
