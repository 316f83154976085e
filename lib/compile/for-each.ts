import { availableParallelism } from 'node:os'

/** Works on as many items at a time as there are processors. All work that was begun has ended when this throws. */
export async function forEach<Item>(items: Item[], work: (item: Item) => Promise<void>) {
  const queue = items.values()
  const worker = async () => {
    for (const item of queue) await work(item)
  }
  const ended = await Promise.allSettled(Array.from({ length: availableParallelism() }, worker))
  for (const one of ended) if (one.status === 'rejected') throw one.reason
}
