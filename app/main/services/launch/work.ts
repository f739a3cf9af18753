import type { OnFailure } from '../../../contract/index.ts'
import { RmadaError } from '../../core/error.ts'
import { hostNameOf } from '../../core/host-names.ts'
import type { Node } from '../../core/host-names.ts'
import type { InstanceRecord, NetworkRecord } from '../../core/ports/index.ts'
import { roleTag } from '../../core/resource-names.ts'
import type { ManagerPorts } from '../manager.ts'
import { inParallel } from '../parallel.ts'
import type { Fleet } from '../networks/fleet.ts'
import type { RegionWatch } from '../networks/region-watch.ts'
import type { KnownNetwork } from '../networks/registry.ts'
import { aliveInstances, recordOf } from '../reach/connections.ts'
import type { Connections } from '../reach/connections.ts'
import type { Forwards } from '../reach/forwards.ts'
import type { TaskProgress } from '../tasks/tasks.ts'

/** What outlives a task: the ports, and the manager's shared parts. */
export interface Workshop {
  readonly ports: ManagerPorts
  readonly fleet: Fleet
  readonly connections: Connections
  readonly forwards: Forwards
}

/** One task at work on one network: what every step of it works with. */
export interface Work extends Workshop {
  readonly networkId: string
  readonly watch: RegionWatch
  readonly progress: TaskProgress
  readonly signal: AbortSignal
  /** What is done in trouble; `stop` where it is left out. */
  readonly onFailure?: OnFailure | undefined
  /** The nodes that are worked on where it is not about all of them. */
  readonly only?: readonly string[] | undefined
  /** How many nodes are to be added and not rented yet. */
  readonly adding?: { count: number } | undefined
  /** Zones in which a type can be rented. */
  readonly offeredZones?: ((type: string) => Promise<readonly string[]>) | undefined
}

/** The network as it is known now. */
export function networkOf(work: Work): KnownNetwork {
  const network = work.fleet.registry.find(work.networkId)
  if (network) return network
  throw new Error(`Nothing is known of the network: ${work.networkId}`)
}

/** Its record; only networks that this computer launched have one. */
export function recordIn(work: Work): NetworkRecord {
  return recordOf(networkOf(work))
}

/** Changes the record on disk and in what is shown. */
export async function changeRecord(work: Work, change: Partial<NetworkRecord>): Promise<void> {
  await work.fleet.save({ ...recordIn(work), ...change })
}

/** The nodes as the files on all nodes name them; needs running instances with pinned host keys. */
export function nodesOf(work: Work): readonly Node[] {
  return nodesOfNetwork(networkOf(work))
}

/** The same for a network at rest. */
export function nodesOfNetwork(network: KnownNetwork): readonly Node[] {
  const { hostKeys } = recordOf(network)
  return aliveInstances(network).map(instance => ({
    instanceId: instance.id,
    role: instance.tags[roleTag] === 'master' ? 'master' : 'slave',
    privateIp: instance.privateIp ?? '',
    hostName: hostNameOf(instance.privateDns, instance.privateIp),
    hostKeys: hostKeys[instance.id] ?? []
  }))
}

/** How messages name a node. */
export function nodeName(instance: InstanceRecord): string {
  const name = hostNameOf(instance.privateDns, instance.privateIp)
  return name ? `${name} (${instance.id})` : instance.id
}

/**
 * Runs the work on all nodes, at most `limit` at once and each to its own end, so that all nodes in trouble are known
 * before anybody decides what to do. The first failure is raised and names the others too.
 */
export async function onEachNode<T>(
  instances: readonly InstanceRecord[], limit: number, work: (instance: InstanceRecord) => Promise<T>
): Promise<T[]> {
  const failures: { readonly id: string; readonly error: RmadaError }[] = []
  const results: T[] = []
  await inParallel(instances, limit, async instance => {
    try {
      results.push(await onNode(instance, () => work(instance)))
    } catch (error) {
      if (!(error instanceof RmadaError) || error.code === 'CANCELLED') throw error
      failures.push({ id: instance.id, error })
    }
  })
  const [first] = failures
  if (first === undefined) return results
  const others = failures.length - 1
  const message = others === 0 ? first.error.message : `${first.error.message} Also in trouble: ${failures.slice(1).map(one => one.id).join(', ')}.`
  throw new RmadaError(first.error.code, message, {
    suggestion: first.error.suggestion, cause: first.error,
    details: { ...first.error.details, instances: failures.map(one => one.id).join(' ') }
  })
}

/** Names the node in an error that came from it; the code and the advice stay. */
export async function onNode<T>(instance: InstanceRecord, work: () => Promise<T>): Promise<T> {
  try {
    return await work()
  } catch (error) {
    if (!(error instanceof RmadaError) || error.code === 'CANCELLED' || error.message.includes(instance.id)) throw error
    throw new RmadaError(error.code, `${nodeName(instance)}: ${error.message}`, {
      suggestion: error.suggestion, details: { ...error.details, instance: instance.id }, cause: error
    })
  }
}
