import type { Rented } from '../../../contract/index.ts'
import type { Cloud } from '../../core/ports/index.ts'
import type { Price } from '../../core/prices.ts'
import { networkIdTag } from '../../core/resource-names.ts'
import type { Resource } from '../../core/resources.ts'
import { networkVolumeQuery } from '../../core/volume-tags.ts'

/** Everything in the cloud that carries the network's tag, ended instances apart. */
export async function findResources(cloud: Cloud, networkId: string): Promise<readonly Resource[]> {
  const own = { [networkIdTag]: networkId }
  const [instances, volumes, placementGroups, securityGroups, keyPairs] = await Promise.all([
    cloud.instances(own), cloud.volumes(networkVolumeQuery(networkId)), cloud.placementGroups(own), cloud.securityGroups(own), cloud.keyPairs(own)
  ])
  return [
    ...instances.filter(one => one.state !== 'terminated')
      .map(one => ({ kind: 'instances' as const, id: one.id, name: one.type, tags: one.tags })),
    ...volumes.filter(one => one.state !== 'deleting' && one.state !== 'deleted')
      .map(one => ({ kind: 'volume' as const, id: one.id, name: one.tags['Name'] ?? '', tags: one.tags })),
    ...placementGroups.map(one => ({ kind: 'placement-group' as const, id: one.id, name: one.name, tags: one.tags })),
    ...securityGroups.map(one => ({ kind: 'security-group' as const, id: one.id, name: one.name, tags: one.tags })),
    ...keyPairs.map(one => ({ kind: 'key-pair' as const, id: one.id, name: one.name, tags: one.tags }))
  ]
}

/**
 * The same as a failure tells it, with what it costs: only instances are billed by the hour, and those that were seen to
 * end no more.
 */
export function asRented(
  resources: readonly Resource[],
  network: { readonly price: Price; readonly instances: readonly { readonly id: string; readonly state: string }[] }
): Rented[] {
  const ended = new Set(network.instances.filter(one => one.state === 'terminated' || one.state === 'shutting-down').map(one => one.id))
  return resources.filter(resource => !ended.has(resource.id)).map(resource => resource.kind === 'instances'
    ? { kind: 'instance', id: resource.id, pricePerHour: network.price.perHour }
    : { kind: resource.kind, id: resource.id, pricePerHour: resource.kind === 'volume' ? null : 0 })
}
