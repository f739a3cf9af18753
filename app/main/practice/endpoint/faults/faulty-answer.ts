import { Ec2Error, invalidValue, notFound } from '../protocol/error.ts'
import type { Context } from '../action.ts'
import type { Parameters } from '../protocol/parameters.ts'
import type { Reply } from '../protocol/xml.ts'
import type { State } from '../state.ts'
import type { Faults } from './faults.ts'
import { FaultRules } from './rules.ts'

/** Raised in place of an answer that gets lost: the connection ends without one. */
export class LostAnswer extends Error {}

/** Actions that no EC2 has: they steer the faults, for whoever has the practice cloud's own credentials. */
const controls: Readonly<Record<string, (parameters: Parameters, faults: Faults) => Reply>> = {
  RmadaSetFaults(parameters, faults) {
    const text = parameters.required('Faults')
    let given: unknown
    try {
      given = JSON.parse(text)
    } catch {
      throw invalidValue(text.slice(0, 80), 'Faults', 'It is not JSON.')
    }
    const parsed = FaultRules.safeParse(given)
    if (!parsed.success) {
      const [issue] = parsed.error.issues
      throw invalidValue(issue?.path.join('.') ?? '', 'Faults', issue?.message ?? '')
    }
    faults.set(parsed.data)
    return { return: true, faults: JSON.stringify(faults.rules) }
  },
  RmadaDescribeFaults: (_parameters, faults) => ({ return: true, faults: JSON.stringify(faults.rules) })
}

/** Answers a request through the faults: as the cloud does on a bad day. */
export async function answerWithFaults(
  faults: Faults,
  parameters: Parameters,
  context: Context,
  answer: (context: Context) => Promise<Reply>
): Promise<Reply> {
  const action = parameters.text('Action') ?? ''
  const control = Object.hasOwn(controls, action) ? controls[action] : undefined
  if (control) return control(parameters, faults)
  if (faults.throttles(action)) throw new Ec2Error('RequestLimitExceeded', 'Request limit exceeded.', 503)
  const reply = await answer(withFaults(faults, parameters, context))
  if (faults.losesAnswer(action)) throw new LostAnswer(action)
  return reply
}

function withFaults(faults: Faults, parameters: Parameters, context: Context): Context {
  const hidden = hiddenIn(faults, context.state)
  const groupInUse = parameters.text('Action') === 'DeleteSecurityGroup' && faults.rules.groupInUseMs > 0
  if (groupInUse) refuseGroupInUse(faults, parameters, context.state)
  // RunInstances answers with what it made, at once.
  if (hidden.size === 0 || parameters.text('Action') === 'RunInstances') return context
  const named = [...parameters.list('InstanceId'), ...parameters.list('ResourceId'), parameters.text('InstanceId') ?? '']
  const unknown = named.filter((id) => hidden.has(id))
  if (unknown.length > 0) throw notFound('InvalidInstanceID.NotFound', 'instance ID', unknown)
  return {
    ...context,
    get state() {
      const { state } = context
      const stillHidden = hiddenIn(faults, state)
      return { ...state, instances: state.instances.filter((one) => !stillHidden.has(one.id)) }
    }
  }
}

function hiddenIn(faults: Faults, state: State): ReadonlySet<string> {
  if (faults.rules.lateMs === 0) return new Set()
  const now = Date.now()
  return new Set(state.instances.filter((one) => faults.hides(one.id, now)).map((one) => one.id))
}

function refuseGroupInUse(faults: Faults, parameters: Parameters, state: State): void {
  const id = parameters.text('GroupId') ?? ''
  const lately = Date.now() - faults.rules.groupInUseMs
  const inUse = state.instances.some((one) => one.securityGroupIds.includes(id) && one.stateSince > lately)
  if (inUse) throw new Ec2Error('DependencyViolation', `resource ${id} has a dependent object`)
}
