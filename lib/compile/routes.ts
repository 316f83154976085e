import { existsSync, readdirSync } from 'node:fs'
import path from 'node:path'
import { METADATA } from '../markdown/media/media'

/** The routes of the application (its pages, handlers and metadata files), as their segments. */
export function routesOf(folder: string): string[][] {
  if (!existsSync(folder)) return []
  const routes: string[][] = []
  for (const file of readdirSync(folder, { recursive: true, encoding: 'utf8' })) {
    const segments = file.split(path.sep).filter((part) => !/^(\(.*\)|@.*)$/.test(part))
    const base = segments.pop() ?? ''
    const [, name = ''] = /^(page|route|sitemap|robots|manifest)\.(?:[jt]sx?|mdx?)$/.exec(base) ?? []
    const asItIs = METADATA.test(base) ? base : undefined
    if (!(name || asItIs) || segments.some((part) => part.startsWith('_'))) continue
    const made = asItIs ?? { sitemap: 'sitemap.xml', robots: 'robots.txt', manifest: 'manifest.webmanifest' }[name]
    const route = made ? [...segments, made] : segments
    routes.push(route)
  }
  return routes
}
