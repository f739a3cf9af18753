import { RmadaError } from '../../core/error.ts'
import type { InstanceRecord, SshConnection } from '../../core/ports/index.ts'
import { limits } from '../limits.ts'
import { inParallel } from '../parallel.ts'
import { aliveInstances } from '../reach/connections.ts'
import type { Work } from './work.ts'
import { networkOf, nodeName, onNode } from './work.ts'

/**
 * Tells one boot from the next: the kernel's boot id, and when process 1 began, which differs between two starts of a
 * container under the same kernel. A computer that all nodes share does not reboot; there the ended connection tells.
 */
const bootCommand = 'cat /proc/sys/kernel/random/boot_id 2>/dev/null; ' +
  'sed "s/.*) //" /proc/1/stat 2>/dev/null | cut -d" " -f20; echo "shared=${RMADA_SHARED_HOST:-}"'

interface OldBoot { readonly boot: string; ended: boolean }

/** Errors that mean "not yet" while a machine goes down and comes up. */
const notYet = new Set(['SSH_UNREACHABLE', 'SSH_LOST', 'TIMEOUT'])

/** Reboots all instances, or those that are meant, and waits until each answers from a new boot. */
export async function rebootAll(work: Work): Promise<void> {
  const { only } = work
  const instances = aliveInstances(networkOf(work)).filter(one => only === undefined || only.includes(one.id))
  work.progress.begin('reboot', `Rebooting ${instances.length} instances.`)
  await work.forwards.close(work.networkId)
  const before = new Map<string, OldBoot>()
  await inParallel(instances, limits.parallelConnections, async instance => {
    const boot = await bootBefore(work, instance)
    if (boot) before.set(instance.id, boot)
  })
  await work.watch.region.cloud.rebootInstances(instances.map(one => one.id))
  let back = 0
  await inParallel(instances, limits.parallelConnections, async instance => {
    await onNode(instance, () => awaitNewBoot(work, instance, before.get(instance.id)))
    back += 1
    work.progress.update(back / instances.length, `${back} of ${instances.length} instances are up again.`)
  })
}

async function noteEnd(connection: SshConnection, old: OldBoot): Promise<void> {
  await connection.closed
  old.ended = true
}

/** The boot before; a node that does not answer has none, and any answer after the reboot is a new one. */
async function bootBefore(work: Work, instance: InstanceRecord): Promise<OldBoot | null> {
  try {
    const connection = await work.connections.to(networkOf(work), instance, {
      timeoutMs: limits.serviceCheckMs, signal: work.signal
    })
    const old: OldBoot = { boot: await bootOf(connection), ended: false }
    void noteEnd(connection, old)
    return old
  } catch (error) {
    if (error instanceof RmadaError && notYet.has(error.code)) return null
    throw error
  }
}

async function awaitNewBoot(work: Work, instance: InstanceRecord, old: OldBoot | undefined): Promise<void> {
  const { clock } = work.ports
  const deadline = clock.now().getTime() + limits.rebootMs
  for (;;) {
    if (await answersAnew(work, instance, old, Math.max(1000, deadline - clock.now().getTime()))) return
    if (clock.now().getTime() > deadline) {
      throw new RmadaError('TIMEOUT',
        `${nodeName(instance)} did not come up again within ${limits.rebootMs / 60_000} minutes.`, {
        suggestion: 'Repair the network to wait again, or terminate it.'
      })
    }
    await clock.sleep(work.watch.pace(limits.rebootPollMs), work.signal)
  }
}

async function answersAnew(
  work: Work, instance: InstanceRecord, old: OldBoot | undefined, timeoutMs: number
): Promise<boolean> {
  try {
    const connection = await work.connections.to(networkOf(work), instance, { timeoutMs, signal: work.signal })
    const boot = await bootOf(connection)
    if (old === undefined || boot !== old.boot) return true
    return old.ended && boot.endsWith('shared=1')
  } catch (error) {
    if (!(error instanceof RmadaError && notYet.has(error.code))) throw error
    // A machine that went down without a word leaves a connection that never answers again.
    await work.connections.drop(work.networkId, instance.id)
    return false
  }
}

async function bootOf(connection: SshConnection): Promise<string> {
  const { stdout } = await connection.exec(bootCommand, { timeoutMs: limits.pingMs })
  return stdout.trim()
}
