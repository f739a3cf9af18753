import { RmadaError } from '../../core/error.ts'
import type { InstanceRecord } from '../../core/ports/index.ts'
import { masterTags, roleTag } from '../../core/resource-names.ts'
import { limits } from '../limits.ts'
import type { Work } from './work.ts'
import { recordIn } from './work.ts'

/** Waits until all instances run and have addresses, then makes one of them the master. */
export async function waitRunning(work: Work): Promise<void> {
  const { spec } = recordIn(work)
  work.progress.begin('wait-running', `Waiting until ${spec.instances} instances run.`)
  const instances = await work.watch.wait(work.networkId, {
    timeoutMs: limits.startMs,
    signal: work.signal,
    until: seen => {
      const dead = seen.find(one => one.state !== 'pending' && one.state !== 'running')
      if (dead) throw died(dead)
      const ready = seen.filter(one => one.state === 'running' && one.privateIp !== null)
      work.progress.update(ready.length / spec.instances, `${ready.length} of ${spec.instances} instances run.`)
      return ready.length >= spec.instances ? ready : null
    },
    timedOut: () => new RmadaError('TIMEOUT',
      `Not all of the ${spec.instances} instances run after ${limits.startMs / 60_000} minutes.`,
      { suggestion: 'Repair the network to wait again, or terminate it.' })
  })
  await appointMaster(work, instances)
}

/** The master is told by its tag, not by memory; the lowest id of all is as good as any and the same after a crash. */
async function appointMaster(work: Work, instances: readonly InstanceRecord[]): Promise<void> {
  if (instances.some(one => one.tags[roleTag] === 'master')) return
  const [first] = instances.toSorted((a, b) => a.id.localeCompare(b.id))
  if (!first) return
  const { spec } = recordIn(work)
  await work.watch.region.cloud.tag([first.id], masterTags(spec))
  await work.watch.wait(work.networkId, {
    timeoutMs: limits.sshMs,
    signal: work.signal,
    until: seen => seen.some(one => one.tags[roleTag] === 'master') ? true : null,
    timedOut: () => new RmadaError('TIMEOUT', 'The cloud does not show the tag of the master.', {
      suggestion: 'Repair the network.'
    })
  })
}

function died(instance: InstanceRecord): RmadaError {
  const why = instance.reason ? `: ${instance.reason}` : ''
  return new RmadaError('INSTANCE_DIED', `The instance ${instance.id} is ${instance.state}${why}`, {
    suggestion: 'Terminate the network and launch it again, perhaps with another type or zone.',
    details: { instance: instance.id, reason: instance.reason }
  })
}
