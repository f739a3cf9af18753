import { procedures } from '../../contract/index.ts'
import type { Method, Output } from '../../contract/index.ts'
import { ClientError } from './client-error.ts'

/** Reads what the manager sent for one procedure; anything else than the contract says is an error, never shown. */
export function parseOutput<M extends Method>(method: M, value: unknown): Output<M> {
  const parsed = procedures[method].output.safeParse(value)
  // The schema was picked by `method`; TypeScript cannot follow that through the index, so it is said here once.
  if (parsed.success) return parsed.data as Output<M>
  throw new ClientError({
    code: 'INTERNAL',
    message: `The manager answered ${method} with something that this window cannot read.`,
    suggestion: 'Restart Rmada, so that window and manager are of the same version.',
    details: { method, problem: parsed.error.message.slice(0, 500) }
  })
}
