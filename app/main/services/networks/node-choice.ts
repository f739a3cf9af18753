import { RmadaError } from '../../core/error.ts'
import type { Decision } from '../../core/lifecycle.ts'
import type { InstanceRecord } from '../../core/ports/index.ts'
import { aliveInstances, masterOf, recordOf } from '../reach/connections.ts'
import type { KnownNetwork } from './registry.ts'

/** The most nodes a network can have. */
const mostNodes = 1000

const unchanged = { zone: null, onDemand: false } as const

/** What adding so many nodes to a running network comes to. They stand in the zone of the master. */
export function nodesToAdd(network: KnownNetwork, count: number): Decision {
  mustHaveRun(network, 'given more nodes')
  const { spec } = recordOf(network)
  if (!Number.isInteger(count) || count < 1 || spec.instances + count > mostNodes) {
    throw new RmadaError('COUNT_INVALID', `So many nodes cannot be added to ${spec.name}: ${count}`, {
      suggestion: `Give a whole number from 1 to ${mostNodes - spec.instances}.`
    })
  }
  return {
    nodes: spec.instances, later: count, givenUp: [], rental: { count, atLeast: count }, ...unchanged,
    zone: masterOf(network).zone
  }
}

/** What removing these nodes comes to: never the master, never what is not the network's. */
export function nodesToRemove(network: KnownNetwork, ids: readonly string[]): Decision {
  const { spec, configured } = recordOf(network)
  if (!configured) {
    throw new RmadaError('NETWORK_NOT_RUNNING', `The network is not configured yet: ${spec.name}`, {
      suggestion: 'Repair it first, or terminate it.'
    })
  }
  const leaving = namedNodes(network, ids)
  const master = masterOf(network)
  if (leaving.some(one => one.id === master.id)) {
    throw new RmadaError('MASTER_NEEDED', `${master.id} is the master of ${spec.name} and cannot be removed from it.`, {
      suggestion: 'Remove other nodes, or terminate the whole network.'
    })
  }
  const gone = new Set(leaving.map(one => one.id))
  return {
    nodes: aliveInstances(network).filter(one => !gone.has(one.id)).length, givenUp: [...gone], rental: null, ...unchanged
  }
}

/** The nodes of these ids; each must be one of the network's. */
export function namedNodes(network: KnownNetwork, ids: readonly string[]): readonly InstanceRecord[] {
  const { name } = recordOf(network).spec
  const alive = aliveInstances(network)
  const unknown = ids.filter(id => !alive.some(one => one.id === id))
  if (ids.length > 0 && unknown.length === 0) return alive.filter(one => ids.includes(one.id))
  throw new RmadaError('INSTANCE_UNKNOWN', ids.length === 0
    ? `No instance of ${name} is named.` : `The network ${name} has no such instance: ${unknown.join(', ')}`, {
    suggestion: `Its instances are: ${alive.map(one => one.id).join(', ')}.`
  })
}

export function mustHaveRun(network: KnownNetwork, what: string): void {
  const { spec, configured } = recordOf(network)
  if (configured && network.instances.some(one => one.state === 'running')) return
  throw new RmadaError('NETWORK_NOT_RUNNING', `The network does not run, so it cannot be ${what}: ${spec.name}`, {
    suggestion: 'Repair it, or terminate it and launch it again.'
  })
}

/** Spot instances of a one-time request cannot be stopped; EC2 would refuse when half of it is done. */
export function mustStop(network: KnownNetwork): void {
  const { spec } = recordOf(network)
  if (aliveInstances(network).some(one => (one.spotRequestId ?? null) !== null)) {
    throw new RmadaError('NETWORK_NOT_STOPPABLE', `${spec.name} has Spot instances, which cannot be stopped.`, {
      suggestion: 'Terminate it when it is not needed, and launch it again later.'
    })
  }
  mustHaveRun(network, 'stopped')
}

export function mustBeStopped(network: KnownNetwork): void {
  const { spec } = recordOf(network)
  if (aliveInstances(network).some(one => one.state === 'stopped' || one.state === 'stopping')) return
  throw new RmadaError('NETWORK_NOT_RUNNING', `The network is not stopped, so it cannot be started: ${spec.name}`, {
    suggestion: 'Repair it if its services do not answer.'
  })
}
