import { limits } from '../limits.ts'
import { aliveInstances } from '../reach/connections.ts'
import type { Work } from './work.ts'
import { networkOf, onEachNode } from './work.ts'

/** Connects to all nodes at once; the connections serve the steps that follow. */
export async function connectAll(work: Work): Promise<void> {
  const network = networkOf(work)
  const instances = aliveInstances(network)
  work.progress.begin('connect', `Connecting to ${instances.length} nodes.`)
  let connected = 0
  await onEachNode(instances, limits.parallelConnections, async instance => {
    const options = { timeoutMs: limits.sshMs, signal: work.signal }
    await work.connections.to(network, instance, options)
    connected += 1
    work.progress.update(connected / instances.length, `${connected} of ${instances.length} nodes answer.`)
  })
}
