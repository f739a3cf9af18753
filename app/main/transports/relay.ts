import { procedures } from '../../contract/index.ts'
import type { Client, Method, MethodOf } from '../../contract/index.ts'
import { RmadaError } from '../core/error.ts'
import type { CallContext, Handlers } from '../core/handlers.ts'
import { createEventQueue } from './event-queue.ts'

type Call = (method: MethodOf<'query' | 'command'>, input: never) => Promise<unknown>

/** Handlers that pass every procedure on to the manager: a shell serves its windows with them. */
export function relayHandlers(client: Client): Handlers {
  const streamFrom = (method: MethodOf<'stream'>) => (input: unknown, context: CallContext) => {
    const queue = createEventQueue<unknown>(() => {
      subscription.close()
    })
    const subscription = client.subscribe(
      method,
      input as never,
      (event) => {
        queue.push(event)
      },
      (error) => {
        queue.end(error ? RmadaError.fromShape(error) : undefined)
      }
    )
    context.signal.addEventListener(
      'abort',
      () => {
        queue.end()
      },
      { once: true }
    )
    return queue
  }
  const methods = Object.keys(procedures) as Method[]
  const entries = methods.map((method) => [
    method,
    procedures[method].kind === 'stream'
      ? streamFrom(method as MethodOf<'stream'>)
      : (input: never) => (client.call as Call)(method as MethodOf<'query' | 'command'>, input)
  ])
  // The table is built from the contract itself, so it has exactly the handlers that the type asks for.
  return Object.fromEntries(entries) as Handlers
}
