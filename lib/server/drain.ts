import { subscribe } from 'node:diagnostics_channel'
import type { ServerResponse } from 'node:http'
import type { Socket } from 'node:net'
import { once } from './process-wide'

const state = () => once('drain', () => ({ draining: false }))

/** Whether this server has been asked to end. Then /readyz answers 503 and connections are closed after each answer. */
export const isDraining = (): boolean => state().draining

/** In ms. Connections still open this long after the server has begun to close are cut off. */
const LONGEST = 25_000

/**
 * Lets SIGTERM end the server without losing a request. For `seconds` the server goes on answering while /readyz answers 503, so that a
 * load balancer chooses other instances; then Next.js stops listening and waits for the open requests. SIGINT (Ctrl-C) and a second
 * signal skip the seconds.
 *
 * Next.js alone (16.4.6, 2026-11) also waits for connections on which a browser has sent no request.
 */
export function drainOnSignal(seconds: number) {
  const connections = new Map<Socket, number>()
  subscribe('net.server.socket', (message) => {
    const { socket } = message as { socket: Socket }
    connections.set(socket, 0)
    socket.once('close', () => connections.delete(socket))
  })
  subscribe('http.server.request.start', (message) => {
    const { response, socket } = message as { response: ServerResponse; socket: Socket }
    const add = (number: number) => {
      const requests = connections.get(socket)
      if (requests !== undefined) connections.set(socket, requests + number)
    }
    add(1)
    response.once('close', () => add(-1))
  })
  let timer: NodeJS.Timeout | undefined
  let isClosing = false
  const cutOff = () => {
    // A new connection has a second for its request.
    setTimeout(() => {
      setInterval(() => {
        for (const [socket, requests] of connections) if (requests === 0) socket.destroy()
      }, 50)
    }, 1000)
    setTimeout(() => {
      console.error(`${connections.size} connections did not end within ${LONGEST / 1000} s, and are cut off.`)
      for (const socket of connections.keys()) socket.destroy()
    }, LONGEST)
  }
  for (const signal of ['SIGTERM', 'SIGINT'] as const) {
    const theirs = process.listeners(signal)
    process.removeAllListeners(signal)
    process.on(signal, () => {
      const wait = signal === 'SIGTERM' && !state().draining ? seconds : 0
      state().draining = true
      if (wait > 0) console.log(`Asked to end: others take over for ${wait} s.`)
      clearTimeout(timer)
      timer = setTimeout(() => {
        if (isClosing) return
        isClosing = true
        for (const listener of theirs) listener(signal)
        cutOff()
      }, wait * 1000)
    })
  }
}
