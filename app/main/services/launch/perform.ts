import type { Effect, Stage } from '../../core/lifecycle.ts'
import type { Resource } from '../../core/resources.ts'
import { masterOf } from '../reach/connections.ts'
import { checkMpi } from './check-mpi.ts'
import { configureAll } from './configure.ts'
import { dropNodes, writeChoice } from './carry-out-choice.ts'
import { connectAll } from './connect.ts'
import { findResources } from './find.ts'
import { writeIntent } from './journal.ts'
import { openSsh } from './open-ssh.ts'
import { mountNetworkVolume } from './mount-volume.ts'
import { patiently } from './patiently.ts'
import { pinHostKeys } from './pin-host-keys.ts'
import { rebootAll } from './reboot.ts'
import { remove } from './remove.ts'
import { startAll, stopAll } from './stop-start.ts'
import { rent } from './rent.ts'
import { bringUpEvaluator, bringUpIde } from './start-services.ts'
import { waitRunning } from './wait-running.ts'
import type { Work } from './work.ts'
import { changeRecord, networkOf } from './work.ts'

const stageWork: Readonly<Record<Stage, (work: Work) => Promise<void>>> = {
  reboot: rebootAll,
  start: startAll,
  'open-ssh': openSsh,
  'wait-running': waitRunning,
  'pin-host-keys': pinHostKeys,
  connect: connectAll,
  configure: configureAll,
  'mount-volume': mountNetworkVolume,
  'check-mpi': checkMpi,
  'start-evaluator': bringUpEvaluator,
  'start-ide': bringUpIde
}

/**
 * Does one effect of the lifecycle: what it rented or found, else nothing. `failure` is what a failed one is told
 * with.
 */
export async function perform(
  work: Work, effect: Effect, failure: { readonly message: string; readonly certain: boolean } | null
): Promise<readonly Resource[]> {
  switch (effect.do) {
    case 'write-intent': await writeIntent(work, effect.of); return []
    case 'rent': return rent(work, effect.kind)
    case 'find':
      return patiently(work, async () => {
        await work.watch.look()
        return findResources(work.watch.region.cloud, work.networkId)
      })
    case 'stage': await stageWork[effect.stage](work); return []
    case 'remove': await patiently(work, () => remove(work, effect.kind, effect.resources)); return []
    case 'ask': return []
    case 'write-choice': await writeChoice(work, effect.decision); return []
    case 'drop': await dropNodes(work, effect.resources); return []
    case 'stop': await stopAll(work); return []
    case 'mark-running': await markRunning(work); return []
    case 'mark-failed': await markFailed(work, effect.rented, failure); return []
    case 'forget': await forget(work); return []
  }
}

/** Running from now on. Only the master stays connected: forwards go through it. */
async function markRunning(work: Work): Promise<void> {
  await changeRecord(work, { configured: true, failure: null })
  work.fleet.registry.change(work.networkId, { servicesUp: true, failure: null })
  await work.connections.close(work.networkId, masterOf(networkOf(work)).id)
}

/** A network that rented nothing, and can not have, is not kept: its task tells what went wrong. */
async function markFailed(
  work: Work, rented: readonly Resource[], failure: { readonly message: string; readonly certain: boolean } | null
): Promise<void> {
  await work.connections.close(work.networkId)
  const network = networkOf(work)
  if (rented.length === 0 && failure?.certain) return forget(work)
  // Nodes that could not be added leave the network as it was.
  if (work.adding !== undefined && network.record?.configured && nodeCount(rented) <= network.record.spec.instances) {
    return work.fleet.registry.change(work.networkId, { servicesUp: null })
  }
  const message = failure?.message ?? 'Its repair was cancelled: repair or terminate it.'
  if (network.record) await changeRecord(work, { failure: message })
  else work.fleet.registry.change(work.networkId, { failure: message })
}

const nodeCount = (rented: readonly Resource[]): number => rented.filter(one => one.kind === 'instances').length

/** The record first: a crash in between leaves a journal entry, which the next start follows and finds nothing. */
async function forget(work: Work): Promise<void> {
  await work.forwards.close(work.networkId)
  await work.connections.close(work.networkId)
  await work.ports.records.remove(work.networkId)
  await work.ports.journal.forget(work.networkId)
  work.fleet.registry.remove(work.networkId)
}
