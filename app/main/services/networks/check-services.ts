import { RmadaError } from '../../core/error.ts'
import { hostfile } from '../../core/host-names.ts'
import { limits } from '../limits.ts'
import { pingEvaluator, startEvaluator, startIde, uploadServices } from '../launch/services.ts'
import { nodesOfNetwork } from '../launch/work.ts'
import type { Workshop } from '../launch/work.ts'
import { aliveInstances, recordOf } from '../reach/connections.ts'
import type { KnownNetwork } from './registry.ts'

/**
 * Looks whether a network that an earlier run configured still serves, and starts its services where its machines were
 * rebooted meanwhile. `moved`: the machines have other addresses now, so all nodes need to be configured again.
 */
export async function checkServices(
  workshop: Workshop, id: string, signal: AbortSignal
): Promise<'up' | 'down' | 'moved'> {
  const { fleet, ports } = workshop
  const network = await whenRunning(workshop, id, signal)
  try {
    const connection = await workshop.connections.toMaster(network, { timeoutMs: limits.serviceCheckMs, signal })
    const written = await connection.readFile('~/ompi-hostfile')
    if (written !== hostfile(nodesOfNetwork(network), recordOf(network).spec.slotsPerHost)) return 'moved'
    await uploadServices(ports, connection, id)
    const forward = await connection.forward(0, await startEvaluator(connection, { signal }))
    try {
      await pingEvaluator(ports, id, forward)
    } finally {
      await forward.close()
    }
    await startIde(connection, { signal }).catch((error: unknown) => {
      ports.log('warn', `The web IDE did not start: ${String(error)}`)
    })
    return 'up'
  } catch (error) {
    if (!(error instanceof RmadaError)) throw error
    if (error.code !== 'CANCELLED') {
      const { name } = recordOf(network).spec
      ports.log('warn', `The services of ${name} do not answer: ${error.message}`, { code: error.code })
      fleet.registry.change(id, { failure: error.message })
    }
    return 'down'
  }
}

/** Machines of the practice cloud boot again when it starts; those of AWS run already. */
async function whenRunning(workshop: Workshop, id: string, signal: AbortSignal): Promise<KnownNetwork> {
  const { registry } = workshop.fleet
  const network = registry.find(id)
  if (!network) throw new Error(`Nothing is known of the network: ${id}`)
  const watch = await workshop.fleet.attend(network.region)
  await watch.wait(id, {
    timeoutMs: limits.serviceCheckMs, signal,
    until: () => aliveInstances(registry.find(id) ?? network).every(one => one.state !== 'pending') ? true : null,
    timedOut: () => new RmadaError('TIMEOUT', 'The instances of the network do not come up.', {
      suggestion: 'Repair the network.'
    })
  })
  return registry.find(id) ?? network
}
