import { RmadaError } from '../../core/error.ts'
import type { InstanceRecord, NetworkRecord, RunInstancesRequest } from '../../core/ports/index.ts'
import type { Resource, RentedKind } from '../../core/resources.ts'
import { instanceTags, masterTags, networkIdTag, resourceName, resourceTags } from '../../core/resource-names.ts'
import { writeDone } from './journal.ts'
import { createNetworkVolume } from './mount-volume.ts'
import { patiently } from './patiently.ts'
import type { Work } from './work.ts'
import { changeRecord, recordIn } from './work.ts'

/** Rents or creates one kind of thing, tagged in the same call. Its intent is on disk already. */
export async function rent(work: Work, kind: RentedKind): Promise<readonly Resource[]> {
  const resources = await rentKind(work, kind)
  await writeDone(work, kind, resources.map(resource => resource.id))
  return resources
}

async function rentKind(work: Work, kind: RentedKind): Promise<readonly Resource[]> {
  switch (kind) {
    case 'key-pair': return [await importKeyPair(work)]
    case 'security-group': return [await createSecurityGroup(work)]
    case 'placement-group': return [await createPlacementGroup(work)]
    case 'instances': return runInstances(work)
    case 'volume': return [await createNetworkVolume(work)]
  }
}

/** The private key is on disk before the cloud knows the public one: no instance can come up that nobody can enter. */
async function importKeyPair(work: Work): Promise<Resource> {
  const { spec, id } = recordIn(work)
  work.progress.begin('key-pair', 'Making the key pair of the network and importing its public half.')
  const name = resourceName(spec.name, id)
  const pair = work.ports.makeKeyPair(name)
  await work.ports.records.savePrivateKey(id, pair.privateKey)
  work.fleet.registry.change(id, { keyHere: true })
  const tags = resourceTags(spec, id)
  const made = await patiently(work,
    () => work.watch.region.cloud.importKeyPair({ name, publicKey: pair.publicKey, tags }))
  return { kind: 'key-pair', id: made.id, name, tags }
}

async function createSecurityGroup(work: Work): Promise<Resource> {
  const { spec, id } = recordIn(work)
  work.progress.begin('security-group', 'Creating the security group of the network.')
  const { cloud } = work.watch.region
  const vpcId = await cloud.defaultVpc()
  if (vpcId === null) {
    throw new RmadaError('VPC_MISSING', `The region has no default VPC for the network to stand in: ${cloud.region}`, {
      suggestion: 'Create one with `aws ec2 create-default-vpc`, or choose another region.'
    })
  }
  const name = resourceName(spec.name, id)
  const tags = resourceTags(spec, id)
  const description = `Nodes of the Rmada network ${spec.name}`
  const group = await patiently(work, () => cloud.createSecurityGroup({ name, description, vpcId, tags }))
  return { kind: 'security-group', id: group, name, tags }
}

async function createPlacementGroup(work: Work): Promise<Resource> {
  const { spec, id } = recordIn(work)
  work.progress.begin('placement-group', 'Creating the placement group, so that the nodes stand close together.')
  const name = resourceName(spec.name, id)
  const tags = resourceTags(spec, id)
  const group = await patiently(work, () => work.watch.region.cloud.createPlacementGroup({ name, tags }))
  return { kind: 'placement-group', id: group.id, name, tags }
}

async function runInstances(work: Work): Promise<readonly Resource[]> {
  const { spec, id, clientToken, rental } = recordIn(work)
  const { count, atLeast } = rental ?? { count: spec.instances, atLeast: spec.instances }
  const { cloud } = work.watch.region
  work.progress.begin('instances', `Renting ${count} ${spec.instanceType}${atLeast < count ? ', or as many as there are' : ''}.`)
  const own = { [networkIdTag]: id }
  const [image, [group], keyPairs] = await Promise.all([
    cloud.image(spec.image), cloud.securityGroups(own), cloud.keyPairs(own)
  ])
  const groupId = spec.securityGroup ?? group?.id
  const keyName = spec.keyPair ?? keyPairs[0]?.name
  if (groupId === undefined || keyName === undefined) {
    throw new RmadaError('CLOUD_ERROR', 'The security group or the key pair of the network is not there any more.', {
      suggestion: 'Terminate the network and launch it again.'
    })
  }
  // The token makes a second try safe: it is answered with the instances of the first.
  const instances = await patiently(work, () => runOnMarkets(work, {
    clientToken, count, atLeast, type: spec.instanceType, image: spec.image, zone: spec.zone,
    keyName, securityGroupIds: [groupId],
    placementGroup: spec.placementGroup ? resourceName(spec.name, id) : null,
    threadsPerCore: spec.hyperthreading ? null : 1,
    rootVolumeGib: spec.rootVolumeGib ?? null, rootVolumeType: spec.rootVolumeType,
    subnet: spec.subnet ?? undefined,
    rootDevice: image?.rootDevice ?? null, userData: null, tags: instanceTags(spec, id)
  }))
  if (work.adding !== undefined && work.adding.count > 0) {
    work.adding.count = 0
    await changeRecord(work, { spec: { ...spec, instances: spec.instances + instances.length } })
  } else
  // Fewer than wanted were accepted: they are the network from now on.
  if (atLeast < count) await changeRecord(work, { spec: { ...spec, instances: instances.length } })
  return instances.map(instance => ({
    kind: 'instances' as const, id: instance.id, name: spec.instanceType, tags: instanceTags(spec, id)
  }))
}

/**
 * Rents on demand, as Spot, or the slaves as Spot and the master on demand. The Spot call goes first, as the one more
 * likely to be refused: then nothing is rented. Both tokens follow from the record's, so that a repeated try rents
 * nothing twice.
 */
async function runOnMarkets(work: Work, request: RunInstancesRequest): Promise<readonly InstanceRecord[]> {
  const { cloud } = work.watch.region
  const record = recordIn(work)
  const { spec } = record
  const spot = { maxPrice: spec.maxPrice ?? null }
  if (spec.spot === 'all') return cloud.runInstances({ ...request, spot })
  if (spec.spot !== 'slaves') return cloud.runInstances(request)
  // Nodes that replace others are slaves: a whole network is rented only together with its master.
  if (!rentsMaster(record, request.count)) return cloud.runInstances({ ...request, spot })
  const onDemand = {
    ...request, clientToken: `${request.clientToken}-master`, count: 1, atLeast: 1,
    tags: { ...request.tags, ...masterTags(spec) }
  }
  if (request.count === 1) return cloud.runInstances(onDemand)
  const atLeast = Math.max(1, (request.atLeast ?? request.count) - 1)
  const slaves = await cloud.runInstances({ ...request, count: request.count - 1, atLeast, spot })
  try {
    return [...await cloud.runInstances(onDemand), ...slaves]
  } catch (error) {
    if (!(error instanceof RmadaError)) throw error
    // Not a plain refusal any more: the slaves are there, and must be counted and paid for.
    throw new RmadaError('CLOUD_ERROR',
      `The ${slaves.length} Spot slaves are rented, but not the on-demand master: ${error.message}`,
      { suggestion: error.suggestion, details: error.details, cause: error })
  }
}

const rentsMaster = ({ spec, rental }: NetworkRecord, count: number): boolean =>
  rental === undefined || rental === null || count >= spec.instances
