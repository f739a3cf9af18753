import { setTimeout as sleep } from 'node:timers/promises'
import type { Log } from '../../../core/ports/index.ts'
import type { Machines } from '../../machines/machines.ts'
import type { EbsVolume, Snapshot, State } from '../state.ts'
import type { Store } from '../store.ts'

/** How often a volume that should be detached is looked at while something in the machine still has it mounted. */
const busyPollMs = 250

/** The disks behind the volumes and snapshots, moved towards what their states ask for, as the fleet does it for machines. */
export interface VolumeAttendant {
  /** Brings a volume or snapshot to what its state says, in the background; safe to call at any time. */
  attend(id: string): void
  /** What becomes of the volumes of an instance whose machine is gone: deleted with it, or free for others. */
  releaseFrom(instanceId: string): Promise<void>
  resume(): void
  /** Resolves when no disk is being worked on; those that are busy wait for the next start. */
  close(): Promise<void>
}

export function createVolumeAttendant(parts: { store: Store; machines: Machines; log: Log }): VolumeAttendant {
  const { store, machines: { volumes: disks }, log } = parts
  const atWork = new Map<string, Promise<void>>()
  const closing = new AbortController()

  const volumeOf = (state: State, id: string) => state.volumes.find((volume) => volume.id === id)
  const changeVolume = (id: string, change: (volume: EbsVolume) => void) => store.change((draft) => {
    const volume = volumeOf(draft, id)
    if (volume) change(volume)
  })
  const forget = (id: string) => store.change((draft) => {
    draft.volumes = draft.volumes.filter((volume) => volume.id !== id)
    delete draft.tags[id]
  })

  const detach = async (id: string, attachment: NonNullable<EbsVolume['attachment']>): Promise<boolean> => {
    if (!await disks.detach(id, attachment.instanceId, attachment.force)) {
      if (attachment.state !== 'busy') {
        await changeVolume(id, (volume) => { if (volume.attachment) volume.attachment.state = 'busy' })
      }
      await sleep(busyPollMs, undefined, { signal: closing.signal }).catch(() => undefined)
      return !closing.signal.aborted
    }
    await changeVolume(id, (volume) => {
      volume.attachment = null
      volume.state = 'available'
    })
    return true
  }

  /** One step of a volume; false when nothing is left to do. */
  const stepVolume = async (volume: EbsVolume): Promise<boolean> => {
    const { id, sizeGib, snapshotId, attachment } = volume
    if (volume.state === 'creating') {
      await disks.create({ volumeId: id, sizeGib, snapshotId })
      await changeVolume(id, (one) => { one.state = 'available' })
      return true
    }
    if (volume.state === 'deleting') {
      await disks.remove(id)
      await forget(id)
      return true
    }
    if (attachment?.state === 'attaching') {
      await disks.attach(id, attachment.instanceId, attachment.device)
      await changeVolume(id, (one) => {
        if (one.attachment?.state === 'attaching') one.attachment.state = 'attached'
      })
      return true
    }
    if (attachment?.state === 'detaching' || attachment?.state === 'busy') return detach(id, attachment)
    return false
  }

  const stepSnapshot = async ({ id, volumeId, state }: Snapshot): Promise<boolean> => {
    if (state !== 'pending' || !store.state.volumes.some((volume) => volume.id === volumeId)) return false
    await disks.snapshot(volumeId, id)
    await store.change((draft) => {
      const snapshot = draft.snapshots.find((one) => one.id === id)
      if (snapshot) Object.assign(snapshot, { state: 'completed', progress: 100 })
    })
    return true
  }

  const step = async (id: string): Promise<boolean> => {
    const volume = volumeOf(store.state, id)
    if (volume) return stepVolume(volume)
    const snapshot = store.state.snapshots.find((one) => one.id === id)
    return snapshot ? stepSnapshot(snapshot) : false
  }

  const fail = (id: string) => store.change((draft) => {
    const volume = volumeOf(draft, id)
    if (volume) Object.assign(volume, { state: 'error', attachment: null })
    const snapshot = draft.snapshots.find((one) => one.id === id)
    if (snapshot) snapshot.state = 'error'
  })

  const attend = (id: string): void => {
    if (atWork.has(id)) return
    const work = (async () => {
      try {
        // A request that comes while the last step looks around finds the volume attended, and relies on this.
        while (!closing.signal.aborted && await step(id));
      } catch (error) {
        const why = error instanceof Error ? error.message : String(error)
        log('error', 'A practice volume could not be brought to its state', { volume: id, why })
        await fail(id)
      } finally {
        atWork.delete(id)
      }
    })()
    atWork.set(id, work)
  }

  return {
    attend,
    async releaseFrom(instanceId) {
      const attached = store.state.volumes.filter((volume) => volume.attachment?.instanceId === instanceId)
      for (const { id, attachment } of attached) {
        await disks.detach(id, instanceId, true)
        await changeVolume(id, (volume) => {
          volume.state = attachment?.deleteOnTermination ? 'deleting' : 'available'
          volume.attachment = null
        })
        attend(id)
      }
    },
    resume() {
      for (const { id } of [...store.state.volumes, ...store.state.snapshots]) attend(id)
    },
    async close() {
      closing.abort()
      while (atWork.size > 0) await Promise.all(atWork.values())
    }
  }
}
