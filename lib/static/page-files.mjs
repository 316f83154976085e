// Reads the style sheets and scripts that pages load, from the build and from public/, each once.
import { existsSync, readFileSync } from 'node:fs'
import path from 'node:path'
import { originOf } from '../site/host.mjs'
import { parseSheet } from './strip-css.mjs'

/**
 * @param {string} text
 * @returns {string[]} everything in it that could be the name of a class or a custom property.
 */
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
 * @returns {string[]} the words of a script in `public/`; an empty list for a script of another site.
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
 * Reads the text of a `<style>`: for the addresses it loads, and to be sure that it is valid CSS.
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
 * Reads a style sheet, once.
 *
 * @param {string} address of a style sheet, as a page links it.
 * @param {string} dist where the build is.
 */
export function readSheet(address, dist) {
  const known = sheets.get(address)
  if (known) return known
  // A build with NEXT_DEPLOYMENT_ID (all builds on Vercel) adds `?dpl=…` to the address.
  const { pathname } = new URL(address, 'http://here.invalid')
  const file = pathname.startsWith('/_next/')
    ? path.join(/*turbopackIgnore: true*/ dist, decodeURIComponent(pathname).slice('/_next/'.length))
    : inPublic(address)
  const sheet = parseSheet(readFileSync(/*turbopackIgnore: true*/ file, 'utf8'), pathname)
  sheets.set(address, sheet)
  return sheet
}
