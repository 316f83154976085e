/** Rooms of lib/ with a store that a test has written. */
import { mkdirSync, mkdtempSync } from 'node:fs'
import path from 'node:path'
import { build } from 'esbuild'

/** @returns a new folder for a bundle and its store. It lies in the project, so that the bundle finds the packages. */
export function newRoomsFolder(): string {
  mkdirSync('test-results', { recursive: true })
  return mkdtempSync(path.resolve('test-results/rooms-'))
}

/**
 * Bundles modules of lib/ as a server has them, with the facts of the test site.
 *
 * @param rooms such as `posts/published`.
 * @returns the file to import.
 */
export async function bundleRooms(folder: string, rooms: string[]): Promise<string> {
  // Playwright compiles every file that a test imports, except those in a folder with this name.
  const file = path.join(folder, 'node_modules/rooms.mjs')
  await build({
    stdin: { contents: rooms.map((room) => `export * from './lib/${room}'`).join('\n'), resolveDir: process.cwd() },
    bundle: true,
    platform: 'node',
    format: 'esm',
    conditions: ['react-server'],
    alias: { '@/site.config': path.resolve('e2e/site.config.ts') },
    outfile: file,
    banner: { js: "import { createRequire } from 'node:module'; const require = createRequire(import.meta.url)" },
  })
  return file
}
