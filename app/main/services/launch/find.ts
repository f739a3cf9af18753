import type { Rented } from '../../../contract/index.ts'
import type { Cloud } from '../../core/ports/index.ts'
import type { Price } from '../../core/prices.ts'
import { networkIdTag } from '../../core/resource-names.ts'
import type { Resource } from '../../core/resources.ts'

/** Everything in the cloud that carries the network's tag, ended instances apart. */
export async function findResources(cloud: Cloud, networkId: string): Promise<readonly Resource[]> {
  const own = { [networkIdTag]: networkId }
  const [instances, placementGroups, securityGroups, keyPairs] = await Promise.all([
    cloud.instances(own), cloud.placementGroups(own), cloud.securityGroups(own), cloud.keyPairs(own)
  ])
  return [
    ...instances.filter(one => one.state !== 'terminated')
      .map(one => ({ kind: 'instances' as const, id: one.id, name: one.type, tags: one.tags })),
    ...placementGroups.map(one => ({ kind: 'placement-group' as const, id: one.id, name: one.name, tags: one.tags })),
    ...securityGroups.map(one => ({ kind: 'security-group' as const, id: one.id, name: one.name, tags: one.tags })),
    ...keyPairs.map(one => ({ kind: 'key-pair' as const, id: one.id, name: one.name, tags: one.tags }))
  ]
}

/** The same as a failure tells it, with what it costs: only instances are billed by the hour. */
export function asRented(resources: readonly Resource[], price: Price): Rented[] {
  return resources.map(resource => resource.kind === 'instances'
    ? { kind: 'instance', id: resource.id, pricePerHour: price.perHour }
    : { kind: resource.kind, id: resource.id, pricePerHour: 0 })
}
