import type { InstanceState } from '../../../../contract/index.ts'
import type { Action, Actions, Context } from '../action.ts'
import { stateOf } from '../instances/describe-instance.ts'
import { stateAfter, userReasons, type PowerRequest } from '../instances/lifecycle.ts'
import { unsupported } from '../protocol/error.ts'
import type { Parameters } from '../protocol/parameters.ts'
import { instancesById } from './describe-instances.ts'

interface Change {
  readonly id: string
  readonly before: InstanceState
  readonly after: InstanceState
}

/** Moves all instances of the request at once; when one of them cannot, none does. */
async function request(kind: PowerRequest, parameters: Parameters, context: Context): Promise<Change[]> {
  const ids = parameters.requiredList('InstanceId')
  const changes = await context.change((draft) =>
    instancesById(ids, draft).map((instance) => {
      const before = instance.state
      const after = stateAfter(kind, instance.id, before)
      if (kind === 'stop' && after !== before && instance.spotRequestId !== null) {
        throw unsupported(
          "You can't stop the Spot Instance '" +
            instance.id +
            "' because it is associated with a one-time Spot Instance request."
        )
      }
      if (after !== before) {
        instance.state = after
        instance.stateSince = Date.now()
        instance.reason = kind === 'stop' || kind === 'terminate' ? userReasons[kind] : null
        if (kind === 'start') instance.launchedAt = `${new Date().toISOString().slice(0, 19)}.000Z`
      }
      return { id: instance.id, before, after }
    })
  )
  for (const { id } of changes) {
    if (kind === 'reboot') context.fleet.reboot(id)
    else context.fleet.attend(id)
  }
  return changes
}

const stateChanges = (changes: readonly Change[]) => ({
  instancesSet: changes.map(({ id, before, after }) => ({
    instanceId: id,
    currentState: stateOf({ state: after }),
    previousState: stateOf({ state: before })
  }))
})

const power = (kind: PowerRequest, accepts: readonly string[] = [], refuses: readonly string[] = []): Action => ({
  accepts: ['InstanceId', ...accepts],
  refuses,
  run: async (parameters, context) => stateChanges(await request(kind, parameters, context))
})

export const instancePowerActions: Actions = {
  StartInstances: power('start', ['AdditionalInfo']),
  StopInstances: power('stop', ['Force', 'SkipOsShutdown'], ['Hibernate']),
  TerminateInstances: power('terminate', ['Force', 'SkipOsShutdown']),
  RebootInstances: {
    accepts: ['InstanceId'],
    run: async (parameters, context) => {
      await request('reboot', parameters, context)
      return { return: true }
    }
  }
}
