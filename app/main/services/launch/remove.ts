import { RmadaError } from '../../core/error.ts'
import { networkIdTag } from '../../core/resource-names.ts'
import type { RentedKind, Resource } from '../../core/resources.ts'
import { limits } from '../limits.ts'
import { removeNetworkVolumes } from './mount-volume.ts'
import type { Work } from './work.ts'
import { networkOf } from './work.ts'

/** Removes things of one kind that carry the network's tag. What is already gone is no error. */
export async function remove(work: Work, kind: RentedKind, resources: readonly Resource[]): Promise<void> {
  const { cloud } = work.watch.region
  switch (kind) {
    case 'instances': return terminateInstances(work, resources.map(resource => resource.id))
    case 'placement-group':
      for (const group of resources) await onceReleased(work, () => cloud.deletePlacementGroup(group.name))
      return
    case 'security-group':
      for (const group of resources) await cloud.deleteSecurityGroup(group.id)
      return
    case 'volume': return removeNetworkVolumes(work, resources)
    case 'key-pair':
      for (const pair of resources) await cloud.deleteKeyPair(pair.id)
  }
}

/** Before the instances go, so that no request is left that could bring one back. On demand nothing is asked. */
async function cancelSpotRequests(work: Work): Promise<void> {
  const network = networkOf(work)
  const spot = network.record?.spec.spot !== undefined || network.instances.some(one => one.spotRequestId)
  if (!spot) return
  const { cloud } = work.watch.region
  const requests = await cloud.spotRequests({ [networkIdTag]: work.networkId })
  await cloud.cancelSpotRequests(
    requests.filter(one => one.state === 'open' || one.state === 'active').map(one => one.id)
  )
}

/** Terminates and waits: groups can go only after the instances. A cancelled task goes on, so it has no signal here. */
async function terminateInstances(work: Work, ids: readonly string[]): Promise<void> {
  work.progress.update(0.1, `Terminating ${ids.length} instances.`)
  await work.forwards.close(work.networkId)
  await work.connections.close(work.networkId)
  await cancelSpotRequests(work)
  await work.watch.region.cloud.terminateInstances(ids)
  await work.watch.wait(work.networkId, {
    timeoutMs: limits.terminateMs,
    signal: null,
    until: seen => {
      const left = seen.filter(one => ids.includes(one.id) && one.state !== 'terminated').length
      work.progress.update(0.1 + 0.7 * (1 - left / ids.length),
        `${ids.length - left} of ${ids.length} instances are terminated.`)
      return left === 0 ? true : null
    },
    timedOut: () => new RmadaError('TIMEOUT',
      `Not all instances of the network are terminated after ${limits.terminateMs / 60_000} minutes.`,
      { suggestion: 'Terminate it again; if that does not help, look at the instances in the AWS console.' })
  })
}

/** EC2 refuses to delete a placement group for some seconds after its last instance ended. */
async function onceReleased(work: Work, remove: () => Promise<void>): Promise<void> {
  const { clock } = work.ports
  const deadline = clock.now().getTime() + limits.groupReleaseMs
  for (;;) {
    try {
      return await remove()
    } catch (error) {
      const mayPass = error instanceof RmadaError && error.code === 'CLOUD_ERROR'
      if (!mayPass || clock.now().getTime() > deadline) throw error
    }
    await clock.sleep(work.watch.pace(limits.groupReleasePollMs))
  }
}
