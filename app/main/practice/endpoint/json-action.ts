import type { Context } from './action.ts'
import { Ec2Error } from './protocol/error.ts'

/** One action of a service that speaks JSON (pricing and others): takes the parsed body, which it has to check. */
export type JsonAction = (input: Readonly<Record<string, unknown>>, context: Context) => object | Promise<object>

/** A service that speaks JSON: its name in X-Amz-Target, and its actions by their names. */
export interface JsonService {
  readonly target: string
  readonly actions: Readonly<Record<string, JsonAction>>
}

/** Finds the action that X-Amz-Target names ("Service.Action") and runs it on the body. */
export async function answerJson(
  service: JsonService,
  target: string,
  body: string,
  context: Context
): Promise<object> {
  const [prefix, name = ''] = target.split('.')
  const action = prefix === service.target && Object.hasOwn(service.actions, name) ? service.actions[name] : undefined
  if (!action) throw new Ec2Error('UnknownOperationException', `Unknown operation: ${target}`)
  return action(readBody(body), context)
}

function readBody(body: string): Readonly<Record<string, unknown>> {
  let parsed: unknown = null
  try {
    parsed = JSON.parse(body === '' ? '{}' : body)
  } catch {
    throw new Ec2Error('SerializationException', 'The body is not JSON.')
  }
  if (typeof parsed !== 'object' || parsed === null || Array.isArray(parsed))
    throw new Ec2Error('SerializationException', 'The body must be a JSON object.')
  // Checked above: an object that is neither null nor an array.
  return parsed as Readonly<Record<string, unknown>>
}
