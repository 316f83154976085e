/**
 * `password.ts ines@example.com` makes a password for an editor (or hashes the one on standard input) and prints what
 * to set. `password.ts --first` does so for a fresh clone and writes it to .env.local.
 */
import { randomInt } from 'node:crypto'
import { readFileSync, writeFileSync } from 'node:fs'
import { text } from 'node:stream/consumers'
import { hashPassword } from '../lib/password'
import { identityKey, isEmail } from '../lib/settings'

const asked = process.argv[2]
if (asked === '--first') await makeFirst('.env.local')
else await printNew(identityKey(asked?.trim() ?? '') ?? '')

async function printNew(name: string) {
  if (!isEmail(name)) {
    console.error('Whose password? Write npm run editor:password -- ines@example.com')
    process.exit(1)
  }
  const typed = process.stdin.isTTY ? '' : (await text(process.stdin)).replace(/\r?\n$/, '')
  if (typed && [...typed].length < 12) {
    console.error(`The password has ${[...typed].length} characters; use at least 12, or none to have one made.`)
    process.exit(1)
  }
  const password = typed || makePassword()
  console.log(`
  name      ${name}
  password  ${typed ? '(the one you gave)' : password}

Set these where the server runs (.env.local, or your host's settings), then restart it. Several editors are
separated by commas in both.

EDITORS=${name}
EDITOR_PASSWORDS=${name}:${await hashPassword(password)}
`)
}

async function makeFirst(file: string) {
  const before = readFileSync(file, 'utf8')
  const editors = /^EDITORS=(.*)$/m.exec(before)?.[1]?.trim() ?? ''
  const known = editors.split(',').find((entry) => entry.includes('@'))
  const name = identityKey(known?.trim() ?? '') || 'editor@localhost'
  const password = makePassword()
  const withEditors = setLine(
    before,
    'EDITORS',
    known ? editors : [...editors.split(',').filter(Boolean), name].join(','),
  )
  writeFileSync(file, setLine(withEditors, 'EDITOR_PASSWORDS', `${name}:${await hashPassword(password)}`), {
    mode: 0o600,
  })
  console.log(`
Made a sign-in for you, to read drafts at /drafts. It is shown this once; .env.local has only its hash:

  name      ${name}
  password  ${password}

"npm run editor:password -- ${name}" makes another.
`)
}

function setLine(environment: string, name: string, value: string): string {
  const line = `${name}=${value}`
  const place = new RegExp(`^#?${name}=.*$`, 'm')
  if (place.test(environment)) return environment.replace(place, () => line)
  return `${environment.replace(/\n?$/, '\n')}${line}\n`
}

/** Twenty characters that are hard to mistake for each other: 98 bits. */
function makePassword(): string {
  const letters = 'abcdefghjkmnpqrstuvwxyz23456789'
  const part = () => Array.from({ length: 5 }, () => letters[randomInt(letters.length)]).join('')
  return [part(), part(), part(), part()].join('-')
}
