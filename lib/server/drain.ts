import { subscribe } from 'node:diagnostics_channel'
import type { ServerResponse } from 'node:http'
import type { Socket } from 'node:net'
import { once } from './process-wide'

const state = () => once('drain', () => ({ draining: false }))

/** Whether this server has been asked to end, and takes no new work: /readyz says so, and connections are not kept. */
export const isDraining = (): boolean => state().draining

/** What is left of a server that closes has this long, in ms, before it is cut off. */
const LONGEST = 25_000

/**
 * Lets SIGTERM end the server without losing a request. For `seconds` it goes on answering while /readyz says 503, so that whoever
 * shares out the requests looks elsewhere; then Next.js stops listening and waits for what is under way. SIGINT (Ctrl-C), or a second
 * signal, skips the seconds.
 *
 * Next.js alone (16.4.6, 2026-11) would wait for browsers, too, that have opened a connection and ask for nothing.
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
    // Whoever has just connected has a second to ask.
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
