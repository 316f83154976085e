// The style sheets and scripts that pages name: files of a build and of public/, each read once.
import { existsSync, readFileSync } from 'node:fs'
import path from 'node:path'
import { originOf } from '../site/host.mjs'
import { parseSheet } from './strip-css.mjs'

/** @param {string} text */
export const wordsIn = (text) => text.match(/[\w-]+/g) ?? []

/** @param {string} address */
const inPublic = (address) => {
  const { pathname } = new URL(address, 'http://here.invalid')
  return path.join(/*turbopackIgnore: true*/ 'public', decodeURIComponent(pathname))
}

/** @type {Map<string, string[]>} */
const scripts = new Map()

/**
 * @param {string} address
 * @returns {string[]} the words of a script in `public/`; none for a script of another site, which nobody here can read.
 */
export function wordsOfScript(address) {
  const known = scripts.get(address)
  if (known) return known
  const file = originOf(address) ? '' : inPublic(address)
  const isThere = address.startsWith('/assets/') || (file && existsSync(/*turbopackIgnore: true*/ file))
  const words = isThere ? wordsIn(readFileSync(/*turbopackIgnore: true*/ file, 'utf8')) : []
  scripts.set(address, words)
  return words
}

/**
 * Reads a style sheet that stands in a page: for what it loads, and to be sure that it ends where it should.
 *
 * @param {string} text
 */
export function readInline(text) {
  try {
    return parseSheet(text, '/')
  } catch (error) {
    throw new Error(`a <style> cannot be read: ${error instanceof Error ? error.message : error}`)
  }
}

/** @type {Map<string, import('./strip-css.mjs').Sheet>} */
const sheets = new Map()

/**
 * @param {string} address of a style sheet, as a page names it.
 * @param {string} dist where the build is.
 */
export function readSheet(address, dist) {
  const known = sheets.get(address)
  if (known) return known
  // A build with NEXT_DEPLOYMENT_ID, as all of Vercel's, puts it after a question mark.
  const { pathname } = new URL(address, 'http://here.invalid')
  const file = pathname.startsWith('/_next/')
    ? path.join(/*turbopackIgnore: true*/ dist, decodeURIComponent(pathname).slice('/_next/'.length))
    : inPublic(address)
  const sheet = parseSheet(readFileSync(/*turbopackIgnore: true*/ file, 'utf8'), pathname)
  sheets.set(address, sheet)
  return sheet
}
