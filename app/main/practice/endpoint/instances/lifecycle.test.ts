import { expect, it } from 'vitest'
import { InstanceState } from '../../../../contract/index.ts'
import { stateAfter, type PowerRequest } from './lifecycle.ts'

const outcome = (request: PowerRequest, state: InstanceState) => {
  try {
    return stateAfter(request, 'i-1', state)
  } catch (error) {
    return (error as { code: string }).code
  }
}

const refused = 'IncorrectInstanceState'

it.each<[PowerRequest, Record<InstanceState, string>]>([
  [
    'start',
    {
      pending: 'pending',
      running: 'running',
      stopped: 'pending',
      stopping: refused,
      'shutting-down': refused,
      terminated: refused
    }
  ],
  [
    'stop',
    {
      pending: refused,
      running: 'stopping',
      stopped: 'stopped',
      stopping: 'stopping',
      'shutting-down': refused,
      terminated: refused
    }
  ],
  [
    'reboot',
    {
      pending: refused,
      running: 'running',
      stopped: refused,
      stopping: refused,
      'shutting-down': refused,
      terminated: refused
    }
  ],
  [
    'terminate',
    {
      pending: 'shutting-down',
      running: 'shutting-down',
      stopped: 'shutting-down',
      stopping: 'shutting-down',
      'shutting-down': 'shutting-down',
      terminated: 'terminated'
    }
  ]
])('%s makes of every state what EC2 makes of it', (request, expected) => {
  expect(Object.fromEntries(InstanceState.options.map((state) => [state, outcome(request, state)]))).toEqual(expected)
})

it('words the refusal as EC2 does', () => {
  expect(() => stateAfter('start', 'i-1', 'stopping')).toThrow(
    "The instance 'i-1' is not in a state from which it can be started."
  )
})
