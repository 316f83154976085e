/**
 * `password.ts ines@example.com` makes a password for an editor and prints the settings; with `--stdin` it reads the password from
 * standard input. `password.ts --first` makes a password for a new clone, in which nobody can sign in yet, and adds it to .env.local.
 */
import { randomInt } from 'node:crypto'
import { readFileSync, writeFileSync } from 'node:fs'
import { text } from 'node:stream/consumers'
import environment from '@next/env'
import { hashPassword } from '../lib/server/password'
import { identityKey, isEmail } from '../lib/server/settings'

const [asked = '', option] = process.argv.slice(2)
if (asked === '--first') await makeFirst('.env.local')
else await printNew(identityKey(asked.trim()) ?? '')

async function printNew(name: string) {
  if (!isEmail(name)) stop('Whose password? Write npm run editor:password -- ines@example.com')
  const given = option === '--stdin' ? (await text(process.stdin)).replace(/\r?\n$/, '') : undefined
  const length = [...(given ?? '')].length
  if (given !== undefined && (length < 12 || length > 200))
    stop(
      `The password has ${length} characters. Use at least 12 and at most 200, or leave out --stdin to have one made.`,
    )
  const password = given ?? makePassword()
  console.log(`
  name      ${name}
  password  ${given === undefined ? password : '(the one you gave)'}

Set these where the server runs (.env.local, or your host's settings), then restart it. Several editors are
separated by commas in both.

EDITORS=${name}
EDITOR_PASSWORDS=${name}:${await hashPassword(password)}
`)
}

/** Adds lines for settings that are not set. Lines that an owner has written are not changed. */
async function makeFirst(file: string) {
  const { combinedEnv } = environment.loadEnvConfig(process.cwd(), false, { info: () => {}, error: console.error })
  const isSet = (name: string) => Boolean(combinedEnv[name]?.trim())
  if (['EDITOR_PASSWORDS', 'GITHUB_ID', 'OIDC_ISSUER'].some(isSet)) return
  const editors = (combinedEnv.EDITORS ?? '').split(',').map((entry) => identityKey(entry.trim()) ?? '')
  const known = editors.find(isEmail)
  if (isSet('EDITORS') && !known) return
  const name = known ?? 'editor@localhost'
  const password = makePassword()
  const before = readFileSync(file, 'utf8')
  // An empty setting from .env.example, such as `EDITORS=`, gets the value; otherwise a line is added at the end.
  const lines = [...(known ? [] : [`EDITORS=${name}`]), `EDITOR_PASSWORDS=${name}:${await hashPassword(password)}`]
  let after = before
  for (const line of lines) {
    const empty = new RegExp(`^#?${line.split('=')[0]}=$`, 'm')
    after = empty.test(after) ? after.replace(empty, () => line) : `${after.replace(/\n?$/, '\n')}${line}\n`
  }
  writeFileSync(file, after, { mode: 0o600 })
  console.log(`
Made a sign-in for you, to read drafts at /drafts. It is shown this once; .env.local has only its hash:

  name      ${name}
  password  ${password}

"npm run editor:password -- ${name}" makes another.
`)
}

/** Twenty characters that are hard to mistake for each other: 99 bits. */
function makePassword(): string {
  const letters = 'abcdefghjkmnpqrstuvwxyz23456789'
  const part = () => Array.from({ length: 5 }, () => letters[randomInt(letters.length)]).join('')
  return [part(), part(), part(), part()].join('-')
}

function stop(sentence: string): never {
  console.error(sentence)
  process.exit(1)
}
