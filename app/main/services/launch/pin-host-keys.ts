import { RmadaError } from '../../core/error.ts'
import { hostKeysFromConsole } from '../../core/host-keys.ts'
import type { InstanceRecord } from '../../core/ports/index.ts'
import { limits } from '../limits.ts'
import { aliveInstances } from '../reach/connections.ts'
import type { Work } from './work.ts'
import { changeRecord, networkOf, nodeName, onEachNode, recordIn } from './work.ts'

/**
 * Reads the host keys from the console output, which comes over the cloud's authenticated API, and pins them before the
 * first ssh byte. Keys that are pinned stay: a machine that shows others is refused, not believed.
 */
export async function pinHostKeys(work: Work): Promise<void> {
  const instances = aliveInstances(networkOf(work))
  const unknown = instances.filter(one => recordIn(work).hostKeys[one.id] === undefined)
  work.progress.begin('pin-host-keys', unknown.length === 0
    ? 'The host keys of all nodes are pinned already.'
    : `Reading the host keys of ${unknown.length} nodes from their consoles.`)
  let read = 0
  const keys = await onEachNode(unknown, limits.parallelConsoleReads, async instance => {
    const found = await readHostKeys(work, instance)
    read += 1
    work.progress.update(read / unknown.length, `The host keys of ${read} of ${unknown.length} nodes are known.`)
    return [instance.id, found] as const
  })
  if (keys.length === 0) return
  await changeRecord(work, { hostKeys: { ...recordIn(work).hostKeys, ...Object.fromEntries(keys) } })
}

async function readHostKeys(work: Work, instance: InstanceRecord): Promise<readonly string[]> {
  const { clock } = work.ports
  const deadline = clock.now().getTime() + limits.hostKeysMs
  for (;;) {
    const keys = hostKeysFromConsole(await work.watch.region.cloud.consoleOutput(instance.id))
    if (keys.length > 0) return keys
    if (clock.now().getTime() > deadline) {
      throw new RmadaError('SSH_HOST_KEY_UNAVAILABLE',
        `The console output of ${nodeName(instance)} shows no host keys.`, {
        suggestion: 'Use an image with cloud-init, which prints them; then repair the network or launch it again.'
      })
    }
    await clock.sleep(work.watch.pace(limits.hostKeysPollMs), work.signal)
  }
}
