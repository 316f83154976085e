import { spawn } from 'node:child_process'
import { existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import type { Report } from '../scripts/verify'

/** What `npm run verify:drafts` came to, and its exit code. */
export type Verification = Report & { code: number }

/**
 * Runs `npm run verify:drafts` with some options, once in a run of the tests: a worker that takes over after a failed test
 * finds the report.
 *
 * @param folder where this run of the tests keeps its files.
 * @throws with what it said, when it could not verify anything.
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
    const stdio = ['ignore', 'ignore', 'pipe'] as const
    const child = spawn(process.execPath, script, { env: { ...process.env, ...env }, stdio: [...stdio] })
    let said = ''
    child.stderr?.on('data', (data) => {
      said += data
    })
    const code = await new Promise<number | null>((resolve) => child.once('close', resolve))
    if (code !== 0 && code !== 1) throw new Error(said)
    writeFileSync(`${file}.new`, JSON.stringify({ ...JSON.parse(readFileSync(`${file}.new`, 'utf8')), code }))
    renameSync(`${file}.new`, file)
  }
  return JSON.parse(readFileSync(file, 'utf8'))
}
