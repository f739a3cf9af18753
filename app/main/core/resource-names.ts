import type { ResolvedSpec } from '../../contract/index.ts'
import type { Tags } from './ports/cloud.ts'

/** The tag that says whose network a thing belongs to; only what carries it is ever changed or removed. */
export const networkIdTag = 'rmada:network-id'

/** How many nodes the launch asked for, so that a network found by tag can be told from half of one. */
export const instancesTag = 'rmada:instances'
export const slotsTag = 'rmada:slots'
export const roleTag = 'rmada:role'
export const networkTag = 'rmada:network'
export const sshPortTag = 'rmada:ssh-port'

/**
 * Name of the key pair, security group and placement group of a network: unique per network, also where names repeat.
 */
export function resourceName(networkName: string, networkId: string): string {
  return `rmada-${networkName.toLowerCase()}-${networkId.slice(0, 8)}`
}

/** Tags of everything a network creates. */
export function resourceTags(spec: ResolvedSpec, networkId: string): Tags {
  return {
    [networkTag]: spec.name,
    [networkIdTag]: networkId,
    Name: resourceName(spec.name, networkId)
  }
}

/**
 * Tags of the instances as RunInstances sets them: all alike, because one call makes them all. The master gets its role
 * and name in a second call, which finds nothing to do when a crash made it run twice.
 */
export function instanceTags(spec: ResolvedSpec, networkId: string): Tags {
  return {
    ...resourceTags(spec, networkId),
    [roleTag]: 'slave',
    [instancesTag]: String(spec.instances),
    [slotsTag]: String(spec.slotsPerHost),
    Name: `${spec.name}-slave`
  }
}

/** Tags that make an instance the master. */
export function masterTags(spec: ResolvedSpec): Tags {
  return { [roleTag]: 'master', Name: `${spec.name}-master` }
}
