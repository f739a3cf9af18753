import { HelloReply, Notification, PROTOCOL_VERSION, procedures, Response } from '../../../contract/index.ts'
import type { Audience, Client, ErrorShape, Input, Method, MethodOf, Output } from '../../../contract/index.ts'
import { z } from 'zod'
import { RmadaError, toErrorShape } from '../../core/error.ts'

/** The caller's side of one JSON-RPC connection. */
export interface JsonRpcClient extends Client {
  /** The first call of a connection. */
  hello(client: Audience, version: string): Promise<z.infer<typeof HelloReply>>
  /** Takes one message of the far end. */
  receive(message: string): void
  /** The connection is gone: everything that is open ends with this error. */
  end(error: RmadaError): void
}

const Opened = z.object({ subscription: z.string() })

interface Waiting {
  resolve(result: unknown): void
  reject(error: Error): void
}
interface Stream {
  method: Method
  onEvent(event: unknown): void
  onEnd(error: ErrorShape | null): void
}

const foreign = (detail: string): RmadaError =>
  new RmadaError('MALFORMED_MESSAGE', `The manager sent something that is not its protocol: ${detail}`, {
    suggestion: 'Update the older of client and manager, then restart the manager.'
  })

/** Speaks JSON-RPC 2.0 as contract/wire.ts describes it over any carrier of messages. */
export function createJsonRpcClient(send: (message: string) => void): JsonRpcClient {
  const waiting = new Map<number, Waiting>()
  const streams = new Map<string, Stream>()
  let lastId = 0
  let gone: RmadaError | null = null

  // Callbacks, not a promise: a stream must be known before the next message, its first event, is looked at.
  function ask(method: string, params: unknown, call: Waiting): void {
    if (gone) return call.reject(gone)
    const id = ++lastId
    waiting.set(id, call)
    send(JSON.stringify({ jsonrpc: '2.0', id, method, params }))
  }
  const request = (method: string, params: unknown): Promise<unknown> =>
    new Promise((resolve, reject) => {
      ask(method, params, { resolve, reject })
    })

  function end(error: RmadaError): void {
    gone ??= error
    for (const call of waiting.values()) call.reject(gone)
    for (const stream of streams.values()) stream.onEnd(gone.toShape())
    waiting.clear()
    streams.clear()
  }

  function settle(message: z.infer<typeof Response>): void {
    const error = message.error ? RmadaError.fromShape(message.error.data) : null
    // An error without an id is about the connection as a whole.
    if (message.id === null) return end(error ?? foreign('an answer without id'))
    const call = waiting.get(Number(message.id))
    waiting.delete(Number(message.id))
    if (error) call?.reject(error)
    else call?.resolve(message.result)
  }

  function notify({ method, params }: Notification): void {
    const stream = streams.get(params.subscription)
    if (!stream) return
    if (method === 'stream.end') {
      streams.delete(params.subscription)
      stream.onEnd(params.error)
      return
    }
    const event = procedures[stream.method].output.safeParse(params.event)
    if (event.success) return stream.onEvent(event.data)
    streams.delete(params.subscription)
    void request('stream.close', { subscription: params.subscription }).catch(() => undefined)
    stream.onEnd(foreign(`an event of ${stream.method}`).toShape())
  }

  function receive(message: string): void {
    let json: unknown
    try {
      json = JSON.parse(message)
    } catch {
      return end(foreign('not JSON'))
    }
    const notification = Notification.safeParse(json)
    if (notification.success) return notify(notification.data)
    const response = Response.safeParse(json)
    if (response.success) return settle(response.data)
    end(foreign('neither answer nor event'))
  }

  async function call<M extends MethodOf<'query' | 'command'>>(method: M, input: Input<M>): Promise<Output<M>> {
    const result = await request(method, input)
    const output = procedures[method].output.safeParse(result)
    if (!output.success) throw foreign(`the answer of ${method}`)
    // Parsed by this very method's schema; the union over all methods is too wide for the compiler to follow.
    return output.data as Output<M>
  }

  return {
    call,
    subscribe(method, input, onEvent, onEnd) {
      let closed = false
      let name: string | null = null
      const close = (subscription: string): void => {
        streams.delete(subscription)
        void request('stream.close', { subscription }).catch(() => undefined)
      }
      ask(method, input, {
        resolve(result) {
          const parsed = Opened.safeParse(result)
          if (!parsed.success) return onEnd(foreign(`the answer of ${method}`).toShape())
          name = parsed.data.subscription
          if (closed) close(name)
          else
            streams.set(name, {
              method,
              onEvent: (event) => {
                onEvent(event as Output<typeof method>)
              },
              onEnd
            })
        },
        reject(error) {
          if (!closed) onEnd(toErrorShape(error))
        }
      })
      return {
        close() {
          if (closed) return
          closed = true
          if (name !== null && streams.has(name)) close(name)
        }
      }
    },
    async hello(client, version) {
      return HelloReply.parse(await request('hello', { protocol: PROTOCOL_VERSION, client, version }))
    },
    receive,
    end
  }
}
