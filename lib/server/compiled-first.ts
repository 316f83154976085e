import { type IncomingMessage, Server, type ServerResponse } from 'node:http'
import { refuse } from './refuse'

/** Addresses of Next.js itself, which show no content. */
const isItsOwn = /^\/(_next|__nextjs)/

/**
 * How many ms a request waits. A compiler that has just started renders every post, which takes minutes for thousands.
 */
const patience = 30_000

/**
 * Makes each request to the development server wait until all files saved before it are compiled, so that the first
 * answer is right. When the content cannot be compiled, the answer is 503 with the reason as its text, and its Refresh
 * header makes the browser load the page again.
 *
 * @param compiler the address at which scripts/dev.mjs answers with the reason, or with an empty text when everything
 * is compiled. If it is undefined, no request waits.
 * @param prepare is called with each request before Next.js gets it.
 */
export function compiledFirst(compiler: string | undefined, prepare: (request: IncomingMessage) => void) {
  const emit = Server.prototype.emit
  Server.prototype.emit = function (this: Server, event: string | symbol, ...rest: unknown[]) {
    if (event !== 'request') return emit.call(this, event, ...rest)
    const [request, response] = rest as [IncomingMessage, ServerResponse]
    const pass = () => {
      prepare(request)
      return emit.call(this, event, ...rest)
    }
    if (!compiler || isItsOwn.test(request.url ?? '')) return pass()
    reasonAgainst(compiler).then((reason) => {
      if (!reason) pass()
      else refuse(response, 503, `${reason}\n`, { 'Cache-Control': 'no-store', Refresh: '1' })
    })
    return true
  } as typeof emit
}

async function reasonAgainst(compiler: string): Promise<string> {
  try {
    return await (await fetch(compiler, { signal: AbortSignal.timeout(patience) })).text()
  } catch (error) {
    if ((error as Error).name !== 'TimeoutError')
      return `The content compiler does not answer: ${(error as Error).message}.`
    return `The content has been compiled for ${patience / 1000} seconds, and is not ready yet. This page loads itself again.`
  }
}
