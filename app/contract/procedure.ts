import type { z } from 'zod'

/** Who may call a procedure: the window, an R console, the command line. */
export type Audience = 'gui' | 'r' | 'cli'

export type ProcedureKind = 'query' | 'command' | 'stream'

/**
 * One procedure as data. A query changes nothing; a command may, and a long one returns a task at once; a stream
 * sends the present state first, then changes (`output` is one event).
 */
export interface Procedure {
  readonly kind: ProcedureKind
  readonly audience: readonly Audience[]
  readonly summary: string
  readonly input: z.ZodType
  readonly output: z.ZodType
}

/** Declares a procedure and keeps the exact types of its schemas. */
export function procedure<K extends ProcedureKind, I extends z.ZodType, O extends z.ZodType>(
  kind: K, audience: readonly Audience[], summary: string, input: I, output: O
): { readonly kind: K; readonly audience: readonly Audience[]; readonly summary: string; readonly input: I; readonly output: O } {
  return { kind, audience, summary, input, output }
}
