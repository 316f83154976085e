/** Files of the blog's owner, beside the test site. All of them may change or go, so tests do not name them and get them from here. */
import { readdirSync, readFileSync } from 'node:fs'
import path from 'node:path'
import { METADATA } from '../lib/markdown/media/media'

const filesIn = (folder: string, ending: string) =>
  readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter((file) => file.endsWith(ending))
    .map((file) => file.split(path.sep).join('/'))
const drawings = (folder: string) =>
  filesIn(folder, '.svg')
    .map((file) => `/${file}`)
    .filter((address) => encodeURI(address) === address)

/** Addresses of the owner's SVG files: at most one from `public/`, and one icon that Next.js serves from `app/`. */
export const ownDrawings = {
  inPublic: drawings('public').slice(0, 1),
  inApp: drawings('app')
    .filter((address) => METADATA.test(address.slice(1)))
    .slice(0, 1),
}

const code = filesIn('app', '.tsx')
  .map((file) => readFileSync(path.join('app', file), 'utf8'))
  .join('\n')

/** @returns whether the owner has written a script with this address into the layout or a page (see README). */
export function isOwnScript(address: string) {
  if (!URL.canParse(address)) return false
  const { hostname, pathname } = new URL(address)
  const written = hostname === 'localhost' ? pathname : address
  return ['"', "'", '`'].some((quote) => code.includes(quote + written + quote))
}

/** @returns a policy without the hosts of the owner's scripts, which the build adds to it. */
export const withoutOwnHosts = (policy: string) => {
  const isOwn = (source: string) => source.startsWith('https://') && code.includes(`${source}/`)
  const directives = policy.split('; ').map((directive) => directive.split(' ').filter((source) => !isOwn(source)))
  return directives.map((directive) => directive.join(' ')).join('; ')
}
