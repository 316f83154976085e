import { readFileSync, statSync } from 'node:fs'
import path from 'node:path'
import { safelyDecoded, tagKey } from './address'
import type { Manifest } from './manifest'
import { manifestFile } from './paths'
import { statusOf } from './status'

let known: { mtimeMs: number; names: string[] } | undefined

/**
 * Whether an address has the name of something that is not published in it: a post's slug, old address, picture or tag. What is
 * written down about requests leaves such addresses out; it decides nothing else.
 *
 * @param address a path, maybe with a query.
 */
export function namesHidden(address: string): boolean {
  const [asked = ''] = safelyDecoded(address).normalize('NFC').toLowerCase().split('?')
  const plain = `/${asked}/`.replace(/[/\\]+/g, '/').replace(/(?:\.\w+)+\/$/, '/')
  return hiddenNames().some((name) => plain.includes(name))
}

function hiddenNames(): string[] {
  const mtimeMs = statSync(/*turbopackIgnore: true*/ manifestFile, { throwIfNoEntry: false })?.mtimeMs
  if (mtimeMs === undefined) return []
  if (known?.mtimeMs !== mtimeMs) {
    const { posts }: Manifest = JSON.parse(readFileSync(/*turbopackIgnore: true*/ manifestFile, 'utf8'))
    const now = new Date()
    const names = posts
      .filter((post) => !['published', 'unlisted'].includes(statusOf(post, now)))
      .flatMap(({ slug, aliases, tags, pictures }) => [
        slug,
        path.posix.basename(slug),
        ...(aliases ?? []),
        ...tags.map(tagKey),
        ...pictures.map(({ src }) => path.posix.parse(safelyDecoded(src)).name),
      ])
    known = { mtimeMs, names: names.map((name) => `/${name.replace(/^\/|\/$/g, '').toLowerCase()}/`) }
  }
  return known.names
}
