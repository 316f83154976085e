import { createServer, type Server } from 'node:http'
import { collectDefaultMetrics, Gauge, Histogram, register } from 'prom-client'
import { sections } from '../site/sections.mjs'
import { isDraining } from './drain'
import { once } from './process-wide'

/** Servers in this process that are not the site: the one that answers Prometheus. */
export const internalServers = () => once('internal servers', () => new WeakSet<Server>())

let seconds: Histogram<'method' | 'kind' | 'status'> | undefined

/**
 * Answers `GET /metrics` on a port of its own, in the text format 0.0.4 of Prometheus. Times are in seconds, sizes in bytes. If it
 * cannot listen on the port, it says so and ends the process.
 */
export function serveMetrics({ host, port }: { host: string; port: number }) {
  collectDefaultMetrics()
  seconds = new Histogram({
    name: 'http_request_duration_seconds',
    help: 'From the request to the end of its answer.',
    labelNames: ['method', 'kind', 'status'],
    buckets: [0.001, 0.005, 0.025, 0.1, 0.5, 2.5, 10],
  })
  new Gauge({
    name: 'galley_draining',
    help: '1 once the server has been asked to end.',
    collect() {
      this.set(isDraining() ? 1 : 0)
    },
  })
  const server = createServer(async (request, response) => {
    if (request.url !== '/metrics') {
      response.writeHead(404).end()
      return
    }
    response.writeHead(200, { 'Content-Type': register.contentType }).end(await register.metrics())
  })
  internalServers().add(server)
  server.on('error', (error) => {
    console.error(`METRICS_PORT ${port} cannot be listened on (${error.message}). Set another one.`)
    process.exit(1)
  })
  // Unreferenced, it does not keep an ending process alive.
  server.listen(port, host).unref()
}

/** Counts an answered request, if METRICS_PORT is set. Labels have few values, so strangers cannot fill the memory with new ones. */
export function countRequest({ method, url, status, ms }: { method: string; url: string; status: number; ms: number }) {
  seconds?.observe(
    { method: ['GET', 'HEAD', 'POST'].includes(method) ? method : 'other', kind: kindOf(url), status },
    ms / 1000,
  )
}

function kindOf(url: string): string {
  const [, first = ''] = /^\/([\w-]*)/.exec(url) ?? []
  if (['_next', 'assets', 'media', 'og', 'video'].includes(first)) return 'file'
  if (['drafts', 'sign-in', 'api'].includes(first) && !url.startsWith(sections.nearest)) return 'editor'
  return ['healthz', 'readyz'].includes(first) ? 'health' : 'page'
}
