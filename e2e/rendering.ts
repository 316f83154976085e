/** Renders what its parent process sends, one document after another; forked by random.spec.ts. */
import { render } from '../lib/markdown/render'

process.on('message', async ({ file, text: sent }: { file: string; text: string }) => {
  // A file has no half of a surrogate pair.
  const text = Buffer.from(sent).toString()
  const [started, used] = [performance.now(), process.cpuUsage()]
  const answer = await render(file, text).then(
    ({ html, problems }) => ({ html: html.length, problems }),
    (error) => ({ crash: String(error?.stack ?? error) }),
  )
  // On a busy machine the clock runs on while we wait for our turn; the processor's time does not.
  const { user, system } = process.cpuUsage(used)
  process.send?.({ ...answer, milliseconds: Math.min(performance.now() - started, (user + system) / 1000) })
})
