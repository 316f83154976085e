/** The vocabulary of schema.org, as `schema-dts` has it: its types are made of the vocabulary's own file. */
import { spawnSync } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'

/**
 * Checks the text of `<script type="application/ld+json">` with TypeScript: every type and property exists, the property belongs to the
 * type, and its value is one that the property takes.
 *
 * @param texts JSON, by a name for messages.
 * @returns what is wrong, by that name.
 */
export function faultsOf(texts: Record<string, string>): Record<string, string> {
  const folder = mkdtempSync(path.join(tmpdir(), 'galley-schema-'))
  const types = path.resolve('node_modules/schema-dts/dist/schema.d.ts')
  const names = Object.keys(texts)
  const lines = names.map((name) => `;(${asCode(JSON.parse(texts[name] ?? ''))}) satisfies Graph`)
  const imports = `import type { Graph, SearchAction, WithActionConstraints } from ${JSON.stringify(types)}`
  writeFileSync(path.join(folder, 'graphs.ts'), `${imports}\n${lines.join('\n')}\n`)
  const options = ['--noEmit', '--strict', '--skipLibCheck', '--ignoreConfig', '--pretty', 'false']
  const tsc = path.resolve('node_modules/typescript/bin/tsc')
  const { stdout, stderr, status } = spawnSync(
    process.execPath,
    [tsc, ...options, '--module', 'esnext', '--moduleResolution', 'bundler', path.join(folder, 'graphs.ts')],
    { encoding: 'utf8' },
  )
  rmSync(folder, { recursive: true })
  const faults: Record<string, string> = {}
  for (const [, line, message = ''] of stdout.matchAll(/graphs\.ts\((\d+),\d+\): error TS\d+: (.*)/g))
    faults[names[Number(line) - 2] ?? `line ${line}`] ??= message
  if (status !== 0 && Object.keys(faults).length === 0) throw new Error(stdout + stderr)
  return faults
}

/**
 * A value as an expression of TypeScript on one line. A search has `query-input`, which is no property but says what the property `query`
 * takes (https://schema.org/docs/actions.html), and has a type of its own.
 */
function asCode(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(asCode).join(', ')}]`
  // TypeScript counts U+2028 as the end of a line.
  if (typeof value !== 'object' || value === null) return JSON.stringify(value).replaceAll('\u2028', '\\u2028')
  const fields = Object.entries(value).map(([name, field]) => `${JSON.stringify(name)}: ${asCode(field)}`)
  const code = `{ ${fields.join(', ')} }`
  return 'query-input' in value ? `(${code} satisfies WithActionConstraints<SearchAction> as SearchAction)` : code
}
