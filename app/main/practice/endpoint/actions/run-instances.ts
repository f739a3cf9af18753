import type { Action, Actions, Context } from '../action.ts'
import { rememberAddress } from '../instances/address.ts'
import { describeReservation } from '../instances/describe-instance.ts'
import { planLaunch, type LaunchPlan } from '../instances/launch-plan.ts'
import { readLaunchRequest, type LaunchRequest } from '../instances/launch-request.ts'
import { Ec2Error } from '../protocol/error.ts'
import { freshId } from '../protocol/ids.ts'
import { nextSequence, type InstanceRecord, type SpotRequest, type State } from '../state.ts'
import { putTags } from '../tagging.ts'

/** Answers in state pending at once; the machines boot behind it, all at the same time. */
const runInstances: Action = {
  accepts: [
    'BlockDeviceMapping',
    'ImageId',
    'InstanceType',
    'KeyName',
    'MaxCount',
    'MinCount',
    'Placement',
    'SecurityGroupId',
    'SecurityGroup',
    'SubnetId',
    'UserData',
    'ClientToken',
    'NetworkInterface',
    'TagSpecification',
    'InstanceMarketOptions',
    'CpuOptions',
    'MetadataOptions',
    // Without effect on a practice machine, and harmless.
    'Monitoring',
    'AdditionalInfo',
    'EbsOptimized',
    'InstanceInitiatedShutdownBehavior',
    'CreditSpecification',
    'MaintenanceOptions',
    'PrivateDnsNameOptions'
  ],
  refuses: [
    'Ipv6AddressCount',
    'Ipv6Address',
    'KernelId',
    'RamdiskId',
    'DisableApiTermination',
    'DisableApiStop',
    'IamInstanceProfile',
    'PrivateIpAddress',
    'ElasticGpuSpecification',
    'ElasticInferenceAccelerator',
    'LaunchTemplate',
    'CapacityReservationSpecification',
    'HibernationOptions',
    'LicenseSpecification',
    'EnclaveOptions',
    'EnablePrimaryIpv6',
    'NetworkPerformanceOptions'
  ],
  // In turn, so that of two requests with one token the second always finds what the first did.
  run: (parameters, context) =>
    context.inTurn(async () => {
      const request = readLaunchRequest(parameters)
      const fingerprint = parameters.fingerprint()
      const earlier = context.state.reservations.find(
        (reservation) => request.clientToken !== null && reservation.clientToken === request.clientToken
      )
      if (earlier && earlier.fingerprint !== fingerprint) {
        throw new Ec2Error(
          'IdempotentParameterMismatch',
          'Arguments on this idempotent request are inconsistent with arguments used in previous request(s).'
        )
      }
      const id = earlier?.id ?? (await launch(request, fingerprint, context))
      const instances = context.state.instances.filter((instance) => instance.reservationId === id)
      return describeReservation(id, instances, context.state, context.region)
    })
}

async function launch(request: LaunchRequest, fingerprint: string, context: Context): Promise<string> {
  const asked = planLaunch(request, context.state)
  const { type, zone, count } = asked
  const room = context.faults.room({ type: type.name, zone, least: request.minCount, most: count }, context.state)
  const plan = { ...asked, count: room }
  const reservationId = freshId('r')
  try {
    // On disk before anything is reserved: what a crash leaves is found and removed at the next start.
    const ids = await context.change((draft) => {
      draft.reservations.push({
        id: reservationId,
        sequence: nextSequence(draft),
        clientToken: request.clientToken,
        fingerprint
      })
      return Array.from({ length: plan.count }, (_, index) => addInstance(draft, reservationId, index, request, plan))
    })
    for (const id of ids) context.faults.strike(id, Date.now())
    const addresses = await Promise.all(ids.map(async (id) => ({ id, address: await context.machines.reserve(id) })))
    await context.change((draft) => {
      for (const { id, address } of addresses) rememberAddress(draft, id, address)
    })
    for (const id of ids) context.fleet.attend(id)
    return reservationId
  } catch (error) {
    if (error instanceof Ec2Error) throw error
    await undo(reservationId, context)
    const why = error instanceof Error ? error.message : String(error)
    throw new Ec2Error('InsufficientInstanceCapacity', `We currently do not have sufficient capacity: ${why}`, 500)
  }
}

/** Forgets a launch of which nothing has booted yet, also when the disk takes no change any more. */
async function undo(reservationId: string, context: Context): Promise<void> {
  const ofLaunch = (instance: InstanceRecord) => instance.reservationId === reservationId
  const ids = context.state.instances.filter(ofLaunch).map((instance) => instance.id)
  await Promise.allSettled(ids.map((id) => context.machines.destroy(id)))
  const forgotten = context.change((draft) => {
    draft.instances = draft.instances.filter((instance) => !ofLaunch(instance))
    draft.reservations = draft.reservations.filter((reservation) => reservation.id !== reservationId)
    for (const id of ids) delete draft.tags[id]
    draft.spotRequests = draft.spotRequests.filter((request) => !ids.includes(request.instanceId))
  })
  await forgotten.catch(() => undefined)
}

function addInstance(
  draft: State,
  reservationId: string,
  launchIndex: number,
  request: LaunchRequest,
  plan: LaunchPlan
): string {
  const now = new Date()
  const instance: InstanceRecord = {
    id: freshId('i'),
    sequence: nextSequence(draft),
    reservationId,
    launchIndex,
    imageId: plan.image.id,
    type: plan.type.name,
    zone: plan.zone,
    subnetId: plan.subnetId,
    keyName: request.keyName,
    publicKeys: [...plan.publicKeys],
    userData: request.userData,
    securityGroupIds: [...plan.groupIds],
    placementGroup: plan.placementGroup,
    tenancy: request.tenancy,
    cores: plan.cores,
    threadsPerCore: plan.threadsPerCore,
    metadata: request.metadata,
    volumes: plan.volumes.map((volume) => ({
      id: freshId('vol'),
      device: volume.device,
      sizeGib: volume.sizeGib,
      type: volume.type ?? 'gp3',
      deleteOnTermination: volume.deleteOnTermination ?? true,
      encrypted: volume.encrypted ?? false
    })),
    networkInterfaceId: freshId('eni'),
    attachmentId: freshId('eni-attach'),
    spotRequestId: request.spot ? freshId('sir') : null,
    clientToken: request.clientToken,
    state: 'pending',
    stateSince: now.getTime(),
    reason: null,
    launchedAt: `${now.toISOString().slice(0, 19)}.000Z`,
    booted: false,
    address: null
  }
  draft.instances.push(instance)
  if (instance.spotRequestId !== null) {
    draft.spotRequests.push(spotRequestOf(draft, instance, instance.spotRequestId, request))
  }
  putTags(draft, instance.id, request.tags.get('instance'))
  putTags(draft, instance.networkInterfaceId, request.tags.get('network-interface'))
  for (const volume of instance.volumes) putTags(draft, volume.id, request.tags.get('volume'))
  if (instance.spotRequestId) putTags(draft, instance.spotRequestId, request.tags.get('spot-instances-request'))
  return instance.id
}

function spotRequestOf(draft: State, instance: InstanceRecord, id: string, request: LaunchRequest): SpotRequest {
  return {
    id,
    sequence: nextSequence(draft),
    instanceId: instance.id,
    type: instance.type,
    zone: instance.zone,
    imageId: instance.imageId,
    keyName: instance.keyName,
    maxPrice: request.spot?.maxPrice ?? null,
    createdAt: instance.launchedAt,
    cancelledAt: null
  }
}

export const runInstancesActions: Actions = { RunInstances: runInstances }
