/** A process that random.spec.ts forks. It renders the documents that its parent sends, one after another. */
import { render } from '../lib/markdown/render'

process.on('message', async ({ file, text: sent }: { file: string; text: string }) => {
  // A file cannot contain half of a surrogate pair, so replace it.
  const text = Buffer.from(sent).toString()
  const [started, used] = [performance.now(), process.cpuUsage()]
  const answer = await render(file, text).then(
    ({ html, problems }) => ({ html: html.length, problems }),
    (error) => ({ crash: String(error?.stack ?? error) }),
  )
  // On a busy machine this process waits for its turn, so the smaller of real time and processor time counts.
  const { user, system } = process.cpuUsage(used)
  process.send?.({ ...answer, milliseconds: Math.min(performance.now() - started, (user + system) / 1000) })
})
