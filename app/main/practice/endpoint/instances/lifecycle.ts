import type { InstanceState } from '../../../../contract/index.ts'
import { Ec2Error } from '../protocol/error.ts'

export type PowerRequest = 'start' | 'stop' | 'reboot' | 'terminate'

/** EC2's numbers of the states. */
export const stateCodes: Readonly<Record<InstanceState, number>> = {
  pending: 0,
  running: 16,
  'shutting-down': 32,
  terminated: 48,
  stopping: 64,
  stopped: 80
}

/**
 * What each request makes of each state. `same`: accepted without effect. What is not in the table is refused with
 * IncorrectInstanceState.
 */
const transitions: Readonly<Record<PowerRequest, Partial<Record<InstanceState, InstanceState | 'same'>>>> = {
  start: { stopped: 'pending', pending: 'same', running: 'same' },
  stop: { running: 'stopping', stopping: 'same', stopped: 'same' },
  reboot: { running: 'same' },
  terminate: {
    pending: 'shutting-down',
    running: 'shutting-down',
    stopping: 'shutting-down',
    stopped: 'shutting-down',
    'shutting-down': 'same',
    terminated: 'same'
  }
}

const participles = { start: 'started', stop: 'stopped', reboot: 'rebooted', terminate: 'terminated' } as const

/** The state that the request leads to. */
export function stateAfter(request: PowerRequest, id: string, state: InstanceState): InstanceState {
  const next = transitions[request][state]
  if (next === undefined) {
    throw new Ec2Error(
      'IncorrectInstanceState',
      `The instance '${id}' is not in a state from which it can be ${participles[request]}.`
    )
  }
  return next === 'same' ? state : next
}

/** StateReason as EC2 words it for what a user asked for. */
export const userReasons = {
  stop: { code: 'Client.UserInitiatedShutdown', message: 'Client.UserInitiatedShutdown: User initiated shutdown' },
  terminate: { code: 'Client.UserInitiatedShutdown', message: 'Client.UserInitiatedShutdown: User initiated shutdown' }
} as const

export const internalError = (why: string) => ({
  code: 'Server.InternalError',
  message: `Server.InternalError: ${why}`
})
