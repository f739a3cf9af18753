import { RmadaError } from '../../core/error.ts'
import type { InstanceRecord } from '../../core/ports/index.ts'
import { instancesTag, masterTags, roleTag } from '../../core/resource-names.ts'
import { limits } from '../limits.ts'
import type { Work } from './work.ts'
import { changeRecord, recordIn } from './work.ts'

/** Waits until all instances run and have addresses, then makes one of them the master. */
export async function waitRunning(work: Work): Promise<void> {
  const { spec, givenUp = [] } = recordIn(work)
  const belongs = (one: InstanceRecord): boolean => !givenUp.includes(one.id)
  work.progress.begin('wait-running', `Waiting until ${spec.instances} instances run.`)
  let late: readonly string[] = []
  const instances = await work.watch.wait(work.networkId, {
    timeoutMs: limits.startMs,
    signal: work.signal,
    until: all => {
      const seen = all.filter(belongs)
      const dead = seen.filter(one => one.state !== 'pending' && one.state !== 'running')
      if (dead[0]) throw died(dead[0], dead)
      const ready = seen.filter(one => one.state === 'running' && one.privateIp !== null)
      late = seen.filter(one => !ready.includes(one)).map(one => one.id)
      work.progress.update(ready.length / spec.instances, `${ready.length} of ${spec.instances} instances run.`)
      return ready.length >= spec.instances ? ready : null
    },
    timedOut: () => new RmadaError('TIMEOUT',
      `Not all of the ${spec.instances} instances run after ${limits.startMs / 60_000} minutes.`,
      { suggestion: 'Repair the network to wait again, or terminate it.', details: { instances: late.join(' ') } })
  })
  // Rented in the moment of a crash: they are there, and the record follows.
  if (instances.length > spec.instances) {
    await changeRecord(work, { spec: { ...spec, instances: instances.length } })
  }
  await appointMaster(work, instances)
  await tagCount(work, instances)
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
    until: seen => seen.some(one => one.id === first.id && one.tags[roleTag] === 'master') ? true : null,
    timedOut: () => new RmadaError('TIMEOUT', 'The cloud does not show the tag of the master.', {
      suggestion: 'Repair the network.'
    })
  })
}

/** The nodes say how many they are, which a choice may have changed since they were rented. */
async function tagCount(work: Work, instances: readonly InstanceRecord[]): Promise<void> {
  const count = String(recordIn(work).spec.instances)
  const outdated = instances.filter(one => one.tags[instancesTag] !== count).map(one => one.id)
  if (outdated.length > 0) await work.watch.region.cloud.tag(outdated, { [instancesTag]: count })
}

function died(instance: InstanceRecord, all: readonly InstanceRecord[]): RmadaError {
  const why = instance.reason ? `: ${instance.reason}` : ''
  return new RmadaError('INSTANCE_DIED', `The instance ${instance.id} is ${instance.state}${why}`, {
    suggestion: 'Terminate the network and launch it again, perhaps with another type or zone.',
    details: { instance: instance.id, instances: all.map(one => one.id).join(' '), reason: instance.reason }
  })
}
