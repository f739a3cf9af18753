import type { ErrorCode, ErrorShape, Rented } from '../../contract/index.ts'

interface ErrorParts {
  /** What to do next, one plain sentence. */
  readonly suggestion: string
  /** For logs and reports only; never a secret. */
  readonly details?: Readonly<Record<string, string>>
  readonly cause?: unknown
  /** What is still rented after the failure (money rule 5). */
  readonly stillRented?: readonly Rented[]
}

/** An error a user can meet: a stable code, what failed and why in one sentence, what to do next in another. */
export class RmadaError extends Error {
  readonly code: ErrorCode
  readonly suggestion: string
  readonly details: Readonly<Record<string, string>>
  readonly stillRented: readonly Rented[]

  constructor(code: ErrorCode, message: string, parts: ErrorParts) {
    super(message, parts.cause === undefined ? undefined : { cause: parts.cause })
    this.name = 'RmadaError'
    this.code = code
    this.suggestion = parts.suggestion
    this.details = parts.details ?? {}
    this.stillRented = parts.stillRented ?? []
  }

  /** The error as it crosses a boundary. */
  toShape(): ErrorShape {
    return {
      code: this.code,
      message: this.message,
      suggestion: this.suggestion,
      ...(Object.keys(this.details).length > 0 ? { details: { ...this.details } } : {}),
      ...(this.stillRented.length > 0 ? { stillRented: [...this.stillRented] } : {})
    }
  }

  /** The error that crossed a boundary, raised again on this side. */
  static fromShape(shape: ErrorShape): RmadaError {
    return new RmadaError(shape.code, shape.message, {
      suggestion: shape.suggestion,
      ...(shape.details ? { details: shape.details } : {}),
      ...(shape.stillRented ? { stillRented: shape.stillRented } : {})
    })
  }
}

/** Any thrown value as the shape that crosses a boundary: what is not ours is a defect and says so. */
export function toErrorShape(error: unknown): ErrorShape {
  if (error instanceof RmadaError) return error.toShape()
  const text = error instanceof Error ? error.message : String(error)
  return {
    code: 'INTERNAL',
    message: `Rmada met a defect of its own: ${text}`,
    suggestion: 'Please report it with the log; your networks are not touched by it.'
  }
}

/** For the branch of a switch that no value can reach; the compiler proves it. */
export function assertNever(value: never, message: string): never {
  throw new Error(`${message}: ${JSON.stringify(value)}`)
}
