import type { ErrorShape } from './error.ts'
import type { Input, MethodOf, Output } from './procedures.ts'

/** A stream that a client has open. */
export interface Subscription {
  close(): void
}

/**
 * The contract as a caller sees it, whatever carries it: the preload bridge, a WebSocket, the local socket.
 * `call` rejects with an `ErrorShape` (wrapped in an Error on transports that can).
 */
export interface Client {
  call<M extends MethodOf<'query' | 'command'>>(method: M, input: Input<M>): Promise<Output<M>>
  subscribe<M extends MethodOf<'stream'>>(
    method: M, input: Input<M>, onEvent: (event: Output<M>) => void, onEnd: (error: ErrorShape | null) => void
  ): Subscription
}
