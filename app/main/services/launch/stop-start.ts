import { RmadaError } from '../../core/error.ts'
import type { InstanceRecord } from '../../core/ports/index.ts'
import { limits } from '../limits.ts'
import { aliveInstances } from '../reach/connections.ts'
import type { Work } from './work.ts'
import { networkOf } from './work.ts'

/** Stops all machines of a network and waits until EC2 bills them no more. */
export async function stopAll(work: Work): Promise<void> {
  await work.forwards.close(work.networkId)
  await work.connections.close(work.networkId)
  const up = aliveInstances(networkOf(work)).filter(one => one.state === 'running' || one.state === 'pending')
  work.progress.begin('stop', `Stopping ${up.length} instances.`)
  if (up.length > 0) await work.watch.region.cloud.stopInstances(up.map(one => one.id))
  await untilAll(work, ['stopped'], limits.stopMs, 'stop')
  work.fleet.registry.change(work.networkId, { servicesUp: null })
}

/**
 * Starts the machines that are stopped. They keep disks, host keys and private addresses, and get other public ones; the
 * stages that follow see to all that hangs on these.
 */
export async function startAll(work: Work): Promise<void> {
  work.progress.begin('start', 'Starting the instances.')
  const settled = await untilAll(work, ['stopped', 'running', 'pending'], limits.stopMs, 'stop')
  const down = settled.filter(one => one.state === 'stopped').map(one => one.id)
  if (down.length > 0) await work.watch.region.cloud.startInstances(down)
  await untilAll(work, ['running', 'pending'], limits.startMs, 'start')
}

async function untilAll(
  work: Work, states: readonly InstanceRecord['state'][], timeoutMs: number, verb: 'stop' | 'start'
): Promise<readonly InstanceRecord[]> {
  let late: readonly string[] = []
  return work.watch.wait(work.networkId, {
    timeoutMs,
    signal: null,
    until: () => {
      const alive = aliveInstances(networkOf(work))
      late = alive.filter(one => !states.includes(one.state)).map(one => one.id)
      work.progress.update(1 - late.length / Math.max(1, alive.length), late.length === 0
        ? `All ${alive.length} instances did ${verb}.` : `${alive.length - late.length} of ${alive.length} instances did ${verb}.`)
      return late.length === 0 ? alive : null
    },
    timedOut: () => new RmadaError('TIMEOUT',
      `${late.join(', ')} did not ${verb} within ${timeoutMs / 60_000} minutes.`, {
      suggestion: `Try to ${verb} the network again, or terminate it.`, details: { instances: late.join(' ') }
    })
  })
}
