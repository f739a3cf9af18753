import type { HelloReply } from '../../../contract/index.ts'
import type { WebSocket } from 'ws'
import type { z } from 'zod'
import type { Dispatch } from '../dispatch.ts'
import { createSession } from '../json-rpc/session.ts'

/**
 * Serves the contract on one WebSocket, to windows only. Messages over the limit end the connection with close code
 * 1009, before they are read.
 */
export function serveWebSocket(socket: WebSocket, dispatch: Dispatch, identity: z.infer<typeof HelloReply>): void {
  const session = createSession({
    dispatch,
    identity,
    audiences: ['gui'],
    channel: {
      send: (message) => new Promise((resolve) => { socket.send(message, () => { resolve() }) }),
      close: () => { socket.close(1008) }
    }
  })
  let last = Promise.resolve()
  socket.on('message', (data) => {
    // ws gives one Buffer per message with its default binaryType.
    const message = (data as Buffer).toString('utf8')
    socket.pause()
    last = last.then(() => session.receive(message)).catch(() => undefined)
      // Also while it closes: a paused socket would never see the far end's farewell.
      .finally(() => { socket.resume() })
  })
  socket.on('error', () => { socket.terminate() })
  socket.on('close', () => { session.end() })
}
