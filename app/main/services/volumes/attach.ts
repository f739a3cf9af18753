import { RmadaError } from '../../core/error.ts'
import type { Clock, Cloud, InstanceRecord, VolumeRecord } from '../../core/ports/index.ts'
import { freeDevice } from '../../core/volume-tags.ts'
import { limits } from '../limits.ts'

export interface VolumeWork {
  readonly cloud: Cloud
  readonly clock: Clock
  readonly pace: (interval: { readonly cloud: number; readonly local: number }) => number
  readonly signal?: AbortSignal | undefined
}

export async function volumeById(cloud: Cloud, id: string): Promise<VolumeRecord> {
  const volume = await cloud.volume(id)
  if (volume) return volume
  throw new RmadaError('VOLUME_UNKNOWN', `There is no volume of this id in ${cloud.region}: ${id}`, {
    suggestion: 'List the volumes of the region; ids begin with "vol-".'
  })
}

/** Looks at a volume until it is as wanted. A volume that failed, or is gone, never will be. */
async function waitFor(
  work: VolumeWork, id: string, what: string, done: (volume: VolumeRecord) => boolean
): Promise<VolumeRecord> {
  const deadline = work.clock.now().getTime() + limits.volumeMs
  for (;;) {
    const volume = await volumeById(work.cloud, id)
    if (done(volume)) return volume
    if (volume.state === 'error') {
      throw new RmadaError('CLOUD_ERROR', `The cloud failed with the volume ${id}: it is in the state "error".`, {
        suggestion: 'Look at it in the AWS console.'
      })
    }
    if (work.clock.now().getTime() > deadline) {
      const busy = volume.attachment?.state === 'busy'
      throw new RmadaError('TIMEOUT', `The volume ${id} is not ${what} after ${limits.volumeMs / 60_000} minutes` +
        `${busy ? ', because it is still mounted' : ''}.`, { suggestion: 'Try again; look at it in the AWS console if that does not help.' })
    }
    await work.clock.sleep(work.pace(limits.volumePollMs), work.signal)
  }
}

/**
 * Attaches a volume to an instance and waits until it is. One that is already attached there is left; one that is just
 * becoming free, because its instance ends, is waited for.
 */
export async function attach(work: VolumeWork, id: string, instance: InstanceRecord): Promise<VolumeRecord> {
  const { cloud } = work
  const going = (volume: VolumeRecord) => volume.state === 'creating' || volume.attachment?.state === 'detaching'
  let volume = await waitFor(work, id, 'free', one => !going(one))
  const holder = volume.attachment?.instanceId
  if (holder !== undefined && holder !== instance.id) {
    // A master that was given up a moment ago frees it by itself.
    const ending = (await cloud.instances({})).find(one => one.id === holder)
    if (ending && ending.state !== 'shutting-down' && ending.state !== 'terminated') throw inUse(volume)
    volume = await waitFor(work, id, 'free', one => one.attachment === null)
  }
  if (volume.zone !== instance.zone) {
    throw new RmadaError('VOLUME_ZONE',
      `The volume ${id} is in ${volume.zone} and the instance ${instance.id} in ${instance.zone}.`,
      { suggestion: 'A volume serves instances of its own zone only: copy it by a snapshot into the other zone.' })
  }
  if (volume.attachment === null) {
    const taken = (await cloud.volumes({})).flatMap(one =>
      one.attachment?.instanceId === instance.id ? [one.attachment.device] : [])
    await cloud.attachVolume(id, instance.id, freeDevice(taken))
  }
  return waitFor(work, id, 'attached', one =>
    one.attachment?.instanceId === instance.id && one.attachment.state === 'attached')
}

function inUse(volume: VolumeRecord): RmadaError {
  return new RmadaError('VOLUME_IN_USE', `The volume ${volume.id} is attached to ${volume.attachment?.instanceId ?? 'an instance'}.`, {
    suggestion: 'Detach it there first.'
  })
}

/** Takes a volume off the instance that it was seen at, and waits until it is free. */
export async function detach(work: VolumeWork, id: string, instanceId: string): Promise<VolumeRecord> {
  await work.cloud.detachVolume(id, instanceId)
  return waitFor(work, id, 'free', one => one.attachment?.instanceId !== instanceId)
}

/** Waits until no instance has it any more, as when its instance ends. */
export const untilFree = (work: VolumeWork, id: string): Promise<VolumeRecord> =>
  waitFor(work, id, 'free', one => one.attachment === null && one.state !== 'creating')
