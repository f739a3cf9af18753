import type { Output } from '../../../contract/index.ts'
import { RmadaError } from '../../core/error.ts'
import type { Workshop } from '../launch/work.ts'
import type { KnownNetwork } from '../networks/registry.ts'
import { masterOf } from './connections.ts'

/** Runs a shell command on one node. A connection that was made for it alone is closed again. */
export async function execOnNode(
  workshop: Workshop, network: KnownNetwork, input: { instance?: string | undefined; command: string },
  signal: AbortSignal
): Promise<Output<'networks.exec'>> {
  const master = masterOf(network)
  const instance = input.instance === undefined ? master : network.instances.find(one => one.id === input.instance)
  const name = network.record?.spec.name ?? network.id
  if (!instance) {
    throw new RmadaError('INSTANCE_UNKNOWN', `The network ${name} has no such instance: ${input.instance}`, {
      suggestion: `Its instances are: ${network.instances.map(one => one.id).join(', ')}.`
    })
  }
  if (instance.state !== 'running') {
    throw new RmadaError('NETWORK_NOT_RUNNING', `The instance ${instance.id} of ${name} is ${instance.state}.`, {
      suggestion: 'Wait until it runs, or look at the status of the network.'
    })
  }
  const connection = await workshop.connections.to(network, instance)
  try {
    return await connection.exec(input.command, { signal })
  } finally {
    if (instance.id !== master.id) await workshop.connections.drop(network.id, instance.id)
  }
}
