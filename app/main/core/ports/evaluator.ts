import type { Cancellation } from '../cancellation.ts'

/** What an evaluation of source text gave. */
export interface EvaluatedText {
  readonly output: string
  readonly value: string
  readonly visible: boolean
}

/** A client of the remote evaluator's wire (docs/evaluator-protocol.md) on a local port. */
export interface EvaluatorClient {
  /** Resolves when the server answers a ping after authentication. EVALUATOR_UNREACHABLE otherwise. */
  ping(address: EvaluatorAddress, timeoutMs: number): Promise<void>
  /** Raises EVALUATION_FAILED with R's own message, EVALUATOR_UNREACHABLE, TIMEOUT. */
  evaluate(address: EvaluatorAddress, expression: string, options: { timeoutMs?: number; signal?: Cancellation }): Promise<EvaluatedText>
}

export interface EvaluatorAddress { readonly host: string; readonly port: number; readonly secret: string }
