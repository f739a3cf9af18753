import { procedures } from '../../contract/index.ts'
import type { Audience, ErrorShape, Method, Procedure } from '../../contract/index.ts'
import { RmadaError, toErrorShape } from '../core/error.ts'
import type { CallContext, Handlers } from '../core/handlers.ts'
import type { Log } from '../core/ports/index.ts'
import { describeIssue } from './describe-issue.ts'

/** What a call came to: a value, an open stream of events, or an error that is fit to show. */
export type Outcome =
  | { readonly kind: 'value'; readonly value: unknown }
  | { readonly kind: 'stream'; readonly events: AsyncIterable<unknown> }
  | { readonly kind: 'error'; readonly error: ErrorShape }

/** Runs one procedure of the contract. Never rejects; the events of a stream may, with an RmadaError. */
export type Dispatch = (method: string, input: unknown, context: CallContext) => Promise<Outcome>

type AnyHandler = (input: unknown, context: CallContext) => Promise<unknown> | AsyncIterable<unknown>

function procedureFor(method: string, audience: Audience): Procedure {
  const found: Procedure | undefined = Object.hasOwn(procedures, method) ? procedures[method as Method] : undefined
  if (!found?.audience.includes(audience)) {
    throw new RmadaError(
      'UNKNOWN_PROCEDURE',
      `There is no procedure for this kind of client (${audience}) named: ${method.slice(0, 80)}`,
      {
        suggestion: 'Look up the procedures in the contract, or update the older of client and manager.'
      }
    )
  }
  return found
}

function parseInput(method: string, schema: Procedure['input'], input: unknown): unknown {
  const parsed = schema.safeParse(input)
  if (parsed.success) return parsed.data
  throw new RmadaError('INVALID_INPUT', describeIssue(method, input, parsed.error.issues), {
    suggestion: 'Correct the field and call again; nothing was changed.'
  })
}

/** Not a generator: its `return` would wait for the next event of a silent source before it passed the word on. */
function parseEvents(
  schema: Procedure['output'],
  events: AsyncIterable<unknown>,
  onError: (error: unknown) => void
): AsyncIterable<unknown> {
  return {
    [Symbol.asyncIterator]() {
      const source = events[Symbol.asyncIterator]()
      return {
        async next() {
          try {
            const next = await source.next()
            return next.done ? next : { done: false, value: schema.parse(next.value) }
          } catch (error) {
            onError(error)
            throw error
          }
        },
        return: async () => source.return?.() ?? { done: true, value: undefined }
      }
    }
  }
}

/**
 * The one way into the manager: every transport ends here. Looks the procedure up in the contract's table, checks the
 * audience, parses what comes in, runs the handler, parses what goes out.
 */
export function createDispatch(handlers: Handlers, log: Log): Dispatch {
  return async (method, input, context) => {
    const shapeOf = (error: unknown): ErrorShape => {
      const shape = toErrorShape(error)
      if (shape.code === 'INTERNAL') {
        log('error', `Defect in ${method.slice(0, 80)}`, {
          stack: error instanceof Error ? String(error.stack) : String(error)
        })
      }
      return shape
    }
    try {
      const { kind, input: schema, output } = procedureFor(method, context.audience)
      const parsed = parseInput(method, schema, input ?? {})
      // The table ties each handler to its schemas; the union over all methods is too wide for the compiler to follow.
      const result = (handlers[method as Method] as AnyHandler)(parsed, context)
      if (kind === 'stream')
        return { kind: 'stream', events: parseEvents(output, result as AsyncIterable<unknown>, shapeOf) }
      return { kind: 'value', value: output.parse(await result) }
    } catch (error) {
      return { kind: 'error', error: shapeOf(error) }
    }
  }
}
