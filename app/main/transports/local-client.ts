import { connect } from 'node:net'
import type { Socket } from 'node:net'
import { MAX_MESSAGE_BYTES } from '../../contract/index.ts'
import type { Audience, Client, HelloReply } from '../../contract/index.ts'
import type { z } from 'zod'
import { RmadaError, toErrorShape } from '../core/error.ts'
import { createJsonRpcClient } from './json-rpc/client.ts'
import type { JsonRpcClient } from './json-rpc/client.ts'
import { createLineSplitter } from './json-rpc/line-splitter.ts'

export type ConnectionState = 'connected' | 'reconnecting' | 'closed'

export interface LocalClientOptions {
  readonly address: string
  readonly audience: Audience
  readonly version: string
  /**
   * Asked for the manager's address again and again after a connection broke, until it gives one that answers. Without
   * it a broken connection stays closed.
   */
  readonly reconnect?: () => Promise<string>
  readonly onState?: (state: ConnectionState) => void
}

/** The contract over the local socket, for the command line and for the shells. */
export interface LocalClient extends Client {
  readonly manager: z.infer<typeof HelloReply>
  close(): void
}

interface Connection {
  readonly rpc: JsonRpcClient
  readonly socket: Socket
  readonly manager: z.infer<typeof HelloReply>
}

const helloMs = 10_000
const retryMs = 500

/** The error of a call that finds no manager at the other end. */
function unreachable(reason: string): RmadaError {
  return new RmadaError('MANAGER_UNREACHABLE', `The manager does not answer: ${reason}`, {
    suggestion: 'Start it with "rmada manager start", or look at its log.'
  })
}

async function open({ address, audience, version }: LocalClientOptions): Promise<Connection> {
  const socket = connect(address)
  const rpc = createJsonRpcClient((message) => {
    if (socket.writable) socket.write(`${message}\n`)
  })
  const splitter = createLineSplitter(MAX_MESSAGE_BYTES, rpc.receive, () => {
    rpc.end(
      new RmadaError('MESSAGE_TOO_LARGE', 'The answer of the manager is longer than 8 MiB.', {
        suggestion: 'Ask for less in one call.'
      })
    )
    socket.destroy()
  })
  socket.on('data', (chunk) => {
    splitter.push(chunk)
  })
  socket.on('error', (error) => {
    rpc.end(unreachable(error.message))
  })
  socket.on('close', () => {
    rpc.end(unreachable('the connection ended.'))
  })
  socket.setTimeout(helloMs, () => {
    socket.destroy(new Error('no answer in time.'))
  })
  try {
    const manager = await rpc.hello(audience, version)
    socket.setTimeout(0)
    return { rpc, socket, manager }
  } catch (error) {
    socket.destroy()
    throw error
  }
}

/**
 * Connects to a manager and says hello. When the connection breaks, calls and open streams end with
 * MANAGER_UNREACHABLE; with `reconnect` later calls work again as soon as a manager answers.
 */
export async function connectLocal(options: LocalClientOptions): Promise<LocalClient> {
  const say = options.onState ?? (() => undefined)
  let current = await open(options)
  let closed = false

  async function reconnect(find: () => Promise<string>): Promise<void> {
    say('reconnecting')
    while (!closed) {
      try {
        const next = await open({ ...options, address: await find() })
        if (closed) return void next.socket.destroy()
        current = next
        watch(next)
        return say('connected')
      } catch (error) {
        // Protocol versions that differ will not agree by trying again.
        if (toErrorShape(error).code === 'PROTOCOL_MISMATCH') return say('closed')
        await new Promise((resolve) => {
          setTimeout(resolve, retryMs)
        })
      }
    }
  }
  function watch({ socket }: Connection): void {
    const lost = (): void => {
      if (closed) return
      if (options.reconnect) void reconnect(options.reconnect)
      else say('closed')
    }
    if (socket.destroyed) return lost()
    socket.once('close', lost)
  }

  watch(current)
  say('connected')
  return {
    get manager() {
      return current.manager
    },
    call: (method, input) => current.rpc.call(method, input),
    subscribe: (method, input, onEvent, onEnd) => current.rpc.subscribe(method, input, onEvent, onEnd),
    close() {
      closed = true
      current.socket.end()
      say('closed')
    }
  }
}
