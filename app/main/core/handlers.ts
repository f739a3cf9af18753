import type { Audience, Method, MethodOf, Procedures } from '../../contract/index.ts'
import type { Cancellation } from './cancellation.ts'
import type { z } from 'zod'

/** Who calls, and whether they have gone away meanwhile. */
export interface CallContext {
  readonly audience: Audience
  readonly signal: Cancellation
}

type Parsed<M extends Method> = z.output<Procedures[M]['input']>
type Reply<M extends Method> = z.input<Procedures[M]['output']>

/**
 * The manager's side of the contract: one function per procedure. Input is parsed before, output after.
 * A stream's iterator is ended (`return`) when the caller goes away or closes it.
 */
export type Handlers = {
  [M in MethodOf<'query' | 'command'>]: (input: Parsed<M>, context: CallContext) => Promise<Reply<M>>
} & {
  [M in MethodOf<'stream'>]: (input: Parsed<M>, context: CallContext) => AsyncIterable<Reply<M>>
}
