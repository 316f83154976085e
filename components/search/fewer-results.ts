// Runs in the worker of the search, before Pagefind's code. Pagefind answers with every result and the places of its words, and with the
// whole text of each that is shown: megabytes that a page would wait for. Only what a page shows leaves the worker.

type Result = { data: string }
type Data = { url: string; excerpt: string; meta: object; sub_results: { url: string; title: string }[] }
type Answer = { id: number; result?: { results?: Result[] } & Partial<Data> }

/** The id of messages that nobody waits for. */
const NOBODY = 0

const send = self.postMessage.bind(self) as (message: unknown) => void
/** How many results each search asked for, by the id of its message. */
const asked = new Map<number, { instanceId: string; most: number }>()

self.addEventListener('message', ({ data: { id, method, instanceId, args } }) => {
  if (method === 'search') asked.set(id, { instanceId, most: args[1].most })
})

self.postMessage = (message: Answer) => {
  const { id, result } = message
  const wish = asked.get(id)
  asked.delete(id)
  if (id === NOBODY) return
  if (result?.sub_results) {
    const { url, excerpt, meta, sub_results: parts } = result
    return send({ id, result: { url, excerpt, meta, sub_results: parts.map(({ url, title }) => ({ url, title })) } })
  }
  if (!result?.results || !wish) return send(message)
  const { results } = result
  const few = results.slice(0, wish.most)
  send({ id, result: { all: results.length, results: few.map(({ data }) => ({ data })) } })
  release(
    results.slice(wish.most).map(({ data }) => data),
    wish.instanceId,
  )
}

/** Pagefind holds each result until it is told that nobody wants it. That is done in small parts, between which other messages get their turn. */
function release(data: string[], instanceId: string) {
  if (data.length === 0) return
  setTimeout(() => {
    for (const one of data.splice(0, 100))
      self.dispatchEvent(
        new MessageEvent('message', { data: { id: NOBODY, instanceId, method: 'releaseData', args: [one] } }),
      )
    release(data, instanceId)
  }, 20)
}
