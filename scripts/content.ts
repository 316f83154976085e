/** `content.ts build` compiles the content, or stops and says every problem; `content.ts watch` compiles at every save, and `content.ts once` as
 * `watch` does, with what is wrong, one time. */
import path from 'node:path'
import { type Compiled, compile } from '../lib/compile/compile'
import { contentDir } from '../lib/store/paths'

const command = process.argv[2] ?? 'build'
const folder = path.relative('.', contentDir)
const started = performance.now()

/** What an author has written stays on its line of a log, and does nothing to a terminal: what controls either is spelled out. */
const onOneLine = (text: string) =>
  text.replace(
    /[\p{Cc}\u2028\u2029\u202a-\u202e\u2066-\u2069]/gu,
    (mark) => `\\u{${mark.codePointAt(0)?.toString(16)}}`,
  )

function report({ problems, documents }: Compiled) {
  for (const { file, line, message, severity } of problems) {
    // A link in public/ is named from the content folder too.
    const text = onOneLine(`${path.join(folder, file)}:${line}: ${message}`)
    if (severity === 'error') console.error(text)
    else console.warn(`${text} (warning)`)
  }
  const errors = problems.filter((problem) => problem.severity === 'error').length
  const seconds = ((performance.now() - started) / 1000).toFixed(1)
  if (errors === 0) console.log(`Content: ${documents} documents in ${seconds} s.`)
  else console.error(`Content: ${errors} ${errors === 1 ? 'error' : 'errors'} in ${documents} documents.`)
  return errors
}

if (command === 'watch') {
  let before = ''
  const compiling = compile(
    (compiled) => {
      const now = JSON.stringify(compiled.problems)
      if (now !== before) report(compiled)
      before = now
      process.send?.('compiled')
    },
    { watch: console.error },
  )
  // scripts/dev.mjs asks with a number, and gets it back with the error in words once everything saved before is compiled.
  process.on('message', async (asked) => {
    const wrong = await (await compiling)?.()
    process.send?.({ asked, wrong: wrong instanceof Error ? wrong.message : '' })
  })
  process.once('disconnect', () => process.exit())
  await compiling
} else {
  let errors = 0
  await compile(
    (compiled) => {
      errors = report(compiled)
    },
    { strict: command !== 'once' },
  )
  process.exit(errors === 0 ? 0 : 1)
}
