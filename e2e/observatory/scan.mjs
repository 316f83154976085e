// node e2e/observatory/scan.mjs HTTP-PORT HTTPS-PORT: reads [path, cookie] pairs as JSON and writes what MDN's HTTP Observatory says of each.
// It is their code, but for two things that it gets from the network: the list of preloaded hosts, where localhost is not, and
// the address, which has ports here. A 404 is graded as well, where they refuse.
import { mkdirSync, writeFileSync } from 'node:fs'

const conf = new URL('node_modules/@mdn/mdn-http-observatory/conf/', import.meta.url)
mkdirSync(conf, { recursive: true })
for (const list of ['hsts-preload.json', 'tld-list.json']) writeFileSync(new URL(list, conf), '{}')

const source = '@mdn/mdn-http-observatory/src'
const { retrieve } = await import(`${source}/retriever/retriever.js`)
const { ALL_TESTS } = await import(`${source}/constants.js`)
const { MINIMUM_SCORE_FOR_EXTRA_CREDIT } = await import(`${source}/grader/charts.js`)
const { getGradeForScore, getScoreModifier } = await import(`${source}/grader/grader.js`)

const [httpPort, httpsPort, asked = '[]'] = process.argv.slice(2)
/** @param {any} result of one of their tests. */
const resultOf = (result) => ({
  test: result.constructor.name,
  result: result.result,
  pass: result.pass,
  score: result.result ? Number(getScoreModifier(result.result)) : 0,
})
/** @param {number[]} scores */
const add = (scores) => scores.reduce((sum, score) => sum + score, 100)

const said = []
for (const [path, cookie] of JSON.parse(asked)) {
  const headers = ['Accept: text/html,*/*;q=0.8', ...(cookie ? [`Cookie: ${cookie}`] : [])]
  const retrieved = await retrieve('localhost', { path, httpPort, httpsPort, headers })
  /** @type {ReturnType<typeof resultOf>[]} */
  const results = ALL_TESTS.map((/** @type {any} */ test) => resultOf(test(retrieved)))
  const uncurved = add(results.map(({ score }) => Math.min(0, score)))
  const score = uncurved >= MINIMUM_SCORE_FOR_EXTRA_CREDIT ? add(results.map((result) => result.score)) : uncurved
  const { auto } = retrieved.responses
  said.push({ path, status: auto?.status, verified: auto?.verified, ...getGradeForScore(score), results })
}
console.log(JSON.stringify(said))
