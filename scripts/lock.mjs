// node scripts/lock.mjs, the first step of `npm run check`: warns of installed packages without "integrity" in package-lock.json. npm
// compares what it downloads with "integrity"; without it, npm installs any bytes.
import { existsSync, readFileSync } from 'node:fs'
import path from 'node:path'
import { root } from './steps.mjs'

/** The project. A test gives the command another folder. */
const from = path.resolve(process.argv[2] ?? root)
for (const folder of ['.', 'scripts/weigh', 'e2e/observatory']) {
  const file = path.join(folder, 'package-lock.json')
  if (!existsSync(path.join(from, file))) continue
  const text = readFileSync(path.join(from, file), 'utf8')
  const lines = text.split('\n')
  for (const [at, { name = at.split('node_modules/').at(-1), version, integrity = '', link }] of Object.entries(
    JSON.parse(text).packages,
  )) {
    if (!at || link || !existsSync(path.join(from, folder, at))) continue
    // SHA-1 can be forged.
    if (integrity.split(/\s+/).some((/** @type {string} */ one) => /^sha(256|384|512)-/.test(one))) continue
    const line = lines.findIndex((one) => one.trim().startsWith(`${JSON.stringify(at)}:`)) + 1
    console.warn(
      `${file}:${line}: ${name} ${version} is installed and has no strong "integrity" here, so npm takes any bytes for it. Run npm view ${name}@${version} dist.integrity and write what it prints: "integrity": "sha512-…". If it prints nothing, use another version.`,
    )
  }
}
