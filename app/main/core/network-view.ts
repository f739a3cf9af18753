import type { Instance, Network, NetworkStatus } from '../../contract/index.ts'
import { hostNameOf } from './host-names.ts'
import type { InstanceRecord } from './ports/cloud.ts'
import type { NetworkRecord } from './ports/storage.ts'
import type { Price } from './prices.ts'
import { sumPrices } from './prices.ts'
import { networkTag, resourceName, roleTag, slotsTag, sshPortTag } from './resource-names.ts'

/** What a network is shown from: the record of this computer, if any, and what the cloud says. */
export interface NetworkFacts {
  readonly id: string
  readonly region: string
  readonly record: NetworkRecord | null
  readonly instances: readonly InstanceRecord[]
  readonly sshPortByTag: boolean
  readonly price: Price
  readonly status: NetworkStatus
  readonly message: string
  readonly keyHere: boolean
  readonly taskId: string | null
}

/** States in which an instance is billed. */
const billed = new Set(['pending', 'running', 'stopping'])

/** A network as the contract shows it. */
export function networkView(facts: NetworkFacts): Network {
  const { record, instances } = facts
  const [first] = instances
  const name = record?.spec.name ?? first?.tags[networkTag] ?? facts.id
  const ownName = resourceName(name, facts.id)
  const rented = instances.filter(instance => billed.has(instance.state))
  return {
    id: facts.id,
    name,
    region: facts.region,
    status: facts.status,
    message: facts.message,
    instanceType: record?.spec.instanceType ?? first?.type ?? '',
    image: record?.spec.image ?? first?.image ?? '',
    zone: first?.zone ?? record?.spec.zone ?? null,
    slotsPerHost: record?.spec.slotsPerHost ?? slotsOf(first),
    createdAt: record?.createdAt ?? first?.launchedAt ?? new Date(0).toISOString(),
    keyName: first?.keyName ?? record?.spec.keyPair ?? (record ? ownName : null),
    securityGroup: first?.securityGroupIds[0] ?? record?.spec.securityGroup ?? (record ? ownName : null),
    placementGroup: record?.spec.placementGroup ? ownName : null,
    pricePerHour: sumPrices(rented.map(() => facts.price.perHour)),
    priceSource: facts.price.source,
    keyHere: facts.keyHere,
    taskId: facts.taskId,
    instances: instances.map(instance => instanceView(instance, facts.sshPortByTag)).toSorted(masterFirst)
  }
}

/** One instance as the contract shows it. */
function instanceView(instance: InstanceRecord, sshPortByTag: boolean): Instance {
  return {
    id: instance.id,
    role: instance.tags[roleTag] === 'master' ? 'master' : 'slave',
    state: instance.state,
    reason: instance.reason,
    hostName: hostNameOf(instance.privateDns, instance.privateIp),
    publicDns: instance.publicDns,
    publicIp: instance.publicIp,
    privateDns: instance.privateDns,
    privateIp: instance.privateIp,
    sshPort: sshPortOf(instance, sshPortByTag),
    type: instance.type,
    image: instance.image,
    zone: instance.zone,
    launchedAt: instance.launchedAt
  }
}

/** Port of an instance's ssh server: 22, save on endpoints that say otherwise in a tag. */
export function sshPortOf(instance: Pick<InstanceRecord, 'tags'>, sshPortByTag: boolean): number {
  const tagged = sshPortByTag ? Number(instance.tags[sshPortTag]) : Number.NaN
  return Number.isInteger(tagged) && tagged > 0 && tagged < 65536 ? tagged : 22
}

/** Slots of a network known by its tags alone; networks of before the tag had one slot a host at least. */
function slotsOf(instance: InstanceRecord | undefined): number {
  const slots = Number(instance?.tags[slotsTag])
  return Number.isInteger(slots) && slots > 0 ? slots : 1
}

function masterFirst(a: Instance, b: Instance): number {
  if (a.role !== b.role) return a.role === 'master' ? -1 : 1
  return a.id.localeCompare(b.id)
}
