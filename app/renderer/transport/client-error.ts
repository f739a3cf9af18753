import { ErrorShape } from '../../contract/index.ts'

/** An error of the contract inside the window: every rejected call and every ended stream carries one. */
export class ClientError extends Error {
  readonly shape: ErrorShape

  constructor(shape: ErrorShape) {
    super(shape.message)
    this.name = 'ClientError'
    this.shape = shape
  }
}

/**
 * Whatever was thrown, as a contract error. Transports differ in how much of an error they carry across: the shape
 * itself, an Error that holds it in `shape` or `data`, or a bare Error, which then is a defect of Rmada.
 */
export function toClientError(thrown: unknown): ClientError {
  if (thrown instanceof ClientError) return thrown
  const holder = typeof thrown === 'object' && thrown !== null ? (thrown as { shape?: unknown; data?: unknown }) : {}
  for (const candidate of [thrown, holder.shape, holder.data]) {
    const parsed = ErrorShape.safeParse(candidate)
    if (parsed.success) return new ClientError(parsed.data)
  }
  return new ClientError({
    code: 'INTERNAL',
    message: `Rmada made a mistake: ${thrown instanceof Error ? thrown.message : String(thrown)}`,
    suggestion: 'Try again; if it happens again, copy the report and send it to the developers.'
  })
}
