/** `content.ts build` compiles the content, or stops and says every problem; `content.ts watch` compiles at every save. */
import path from 'node:path'
import { site } from '@/site.config'
import { checkSite } from '../lib/compile/check-site'
import type { Compiled } from '../lib/compile/compile'
import { reportOf } from '../lib/compile/report'
import { contentDir } from '../lib/store/paths'

// The modules of the compiler ask for a time zone when they are loaded. With another in its place the documents are checked all the same,
// so that every problem is said at once.
const { problems: found, instead } = checkSite(site)
Object.assign(site, instead)
const { compile } = await import('../lib/compile/compile')
const { keepSearchIndex } = await import('../lib/compile/search-index')

const folder = path.relative('.', contentDir)
const started = performance.now()

function report(compiled: Compiled) {
  const { lines, last, errors } = reportOf(compiled, folder, (performance.now() - started) / 1000)
  for (const line of lines) console.error(line)
  if (errors === 0) console.log(last)
  else console.error(last)
  return errors
}

if (process.argv[2] === 'watch') {
  let before = ''
  const compiling = compile(
    (compiled) => {
      const now = JSON.stringify(compiled.problems)
      if (now !== before) report(compiled)
      before = now
      process.send?.('compiled')
    },
    { watch: console.error, found },
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
    { strict: true, cards: true, found },
  )
  if (errors === 0) await keepSearchIndex()
  process.exit(errors === 0 ? 0 : 1)
}
