import { catalogueType } from '../../catalogue.ts'
import type { Reply } from '../protocol/xml.ts'
import { tagsOf, type InstanceRecord, type SpotRequest, type State } from '../state.ts'
import { tagSet } from '../tagging.ts'

export type SpotRequestState = 'active' | 'closed' | 'cancelled'

const instanceOf = (request: SpotRequest, state: State): InstanceRecord | undefined =>
  state.instances.find((instance) => instance.id === request.instanceId)

const lives = (instance: InstanceRecord | undefined) =>
  instance !== undefined && instance.state !== 'terminated' && instance.state !== 'shutting-down'

/** One-time requests are fulfilled at once here, close with their instance, and stay cancelled once cancelled. */
export function spotRequestState(request: SpotRequest, state: State): SpotRequestState {
  if (request.cancelledAt !== null) return 'cancelled'
  return lives(instanceOf(request, state)) ? 'active' : 'closed'
}

/** EC2's status codes of the situations that can come up here, with its sentences. */
export function spotStatus(request: SpotRequest, state: State): { code: string; message: string; updateTime: string } {
  const instance = instanceOf(request, state)
  if (lives(instance)) {
    return request.cancelledAt === null
      ? { code: 'fulfilled', message: 'Your Spot request is fulfilled.', updateTime: request.createdAt }
      : {
          code: 'request-canceled-and-instance-running',
          message: 'You canceled your Spot request, but your instance is still running.',
          updateTime: request.cancelledAt
        }
  }
  const updateTime = instance === undefined ? request.createdAt : whole(instance.stateSince)
  if (instance?.reason?.code === 'Server.SpotInstanceTermination') {
    return {
      code: 'instance-terminated-no-capacity',
      message: 'Your Spot instance was terminated because there is no Spot capacity available.',
      updateTime
    }
  }
  return { code: 'instance-terminated-by-user', message: 'You terminated your Spot instance.', updateTime }
}

const whole = (time: number) => `${new Date(time).toISOString().slice(0, 19)}.000Z`

/** A Spot request as DescribeSpotInstanceRequests shows it. */
export function describeSpotRequest(request: SpotRequest, state: State): Reply {
  const instance = instanceOf(request, state)
  const type = catalogueType(request.type)
  return {
    spotInstanceRequestId: request.id,
    spotPrice: request.maxPrice,
    type: 'one-time',
    state: spotRequestState(request, state),
    status: spotStatus(request, state),
    launchSpecification: {
      imageId: request.imageId,
      keyName: request.keyName,
      groupSet: (instance?.securityGroupIds ?? []).map((groupId) => ({
        groupId,
        groupName: state.securityGroups.find((group) => group.id === groupId)?.name
      })),
      instanceType: request.type,
      placement: { availabilityZone: request.zone },
      monitoring: { enabled: false },
      ebsOptimized: type?.hypervisor === 'nitro'
    },
    instanceId: request.instanceId,
    createTime: request.createdAt,
    productDescription: 'Linux/UNIX',
    launchedAvailabilityZone: request.zone,
    instanceInterruptionBehavior: 'terminate',
    tagSet: tagSet(tagsOf(state, request.id))
  }
}
