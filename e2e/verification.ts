import { existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import type { Report } from '../scripts/verify'
import { start } from '../scripts/verify/processes'

/** The report of `npm run verify:drafts`, and its exit code. */
export type Verification = Report & { code: number }

/**
 * Runs `npm run verify:drafts` with some options, once in a run of the tests. The report is kept in a file, which the next worker reads
 * after a failed test.
 *
 * @param folder for the files of this run of the tests.
 * @throws with its output, when it could not complete its check.
 */
export async function verification(
  folder: string,
  args: string[],
  env: Record<string, string> = {},
): Promise<Verification> {
  const name = args.join('').replace(/\W+/g, '-').slice(0, 40) || 'whole'
  const file = path.resolve(folder, `verification-${name}.json`)
  if (!existsSync(file)) {
    mkdirSync(folder, { recursive: true })
    const script = ['scripts/run.mjs', 'scripts/verify.ts', '--json', `${file}.new`, ...args]
    const verifying = start(process.execPath, script, { env: { ...process.env, ...env } })
    const code = await verifying.ended
    if (code !== 0 && code !== 1) throw new Error(verifying.output())
    writeFileSync(`${file}.new`, JSON.stringify({ ...JSON.parse(readFileSync(`${file}.new`, 'utf8')), code }))
    renameSync(`${file}.new`, file)
  }
  return JSON.parse(readFileSync(file, 'utf8'))
}
