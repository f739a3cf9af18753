import { Notification, Response } from '../../contract/index.ts'
import type { ErrorShape } from '../../contract/index.ts'
import { ClientError } from './client-error.ts'

/** A call that waits for its answer. */
export interface Job {
  readonly method: string
  readonly params: unknown
  readonly resolve: (result: unknown) => void
  readonly reject: (error: ClientError) => void
}

export interface SessionEvents {
  readonly onOpen: () => void
  readonly onStreamEvent: (subscription: string, event: unknown) => void
  readonly onStreamEnd: (subscription: string, error: ErrorShape | null) => void
  /** The connection is over; these calls were sent and never answered. */
  readonly onClose: (unanswered: readonly Job[]) => void
}

/** One WebSocket from its opening to its end, speaking the contract's JSON-RPC. It never reconnects. */
export interface RpcSession {
  send(job: Job): void
  request(method: string, params: unknown): Promise<unknown>
  close(): void
}

export function openSession(url: string, events: SessionEvents): RpcSession {
  const socket = new WebSocket(url)
  const pending = new Map<number, Job>()
  let nextId = 1

  const receive = (text: string): void => {
    const message: unknown = JSON.parse(text)
    const notification = Notification.safeParse(message)
    if (notification.success) {
      const { method, params } = notification.data
      if (method === 'stream.event') events.onStreamEvent(params.subscription, params.event)
      else events.onStreamEnd(params.subscription, params.error)
      return
    }
    const response = Response.parse(message)
    if (typeof response.id !== 'number') return
    const job = pending.get(response.id)
    pending.delete(response.id)
    if (response.error === undefined) job?.resolve(response.result)
    else job?.reject(new ClientError(response.error.data))
  }

  socket.addEventListener('open', events.onOpen)
  socket.addEventListener('message', (event) => {
    try {
      receive(String(event.data))
    } catch {
      socket.close() // Not the protocol: begin anew instead of guessing what was meant.
    }
  })
  socket.addEventListener('error', () => {
    socket.close()
  })
  socket.addEventListener('close', () => {
    const unanswered = [...pending.values()]
    pending.clear()
    events.onClose(unanswered)
  })

  const send = (job: Job): void => {
    const id = nextId++
    pending.set(id, job)
    socket.send(JSON.stringify({ jsonrpc: '2.0', id, method: job.method, params: job.params }))
  }
  return {
    send,
    request: (method, params) =>
      new Promise((resolve, reject) => {
        send({ method, params, resolve, reject })
      }),
    close: () => {
      socket.close()
    }
  }
}
